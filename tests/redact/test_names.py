"""Keys, headers and URL parameters, judged by their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specimens import names

from isvclog.redact.gate import SecretRedaction
from isvclog.redact.headers import header_secret, is_sensitive_header
from isvclog.redact.keys import has_sensitive_name, is_sensitive_parameter, personal_name, secret_name
from isvclog.redact.known import known_annotation
from isvclog.redact.values import is_sensitive
from isvclog.redact.words import Vocabulary


def test_the_lists_are_long_enough_to_measure_by() -> None:
    for kind in ("keys", "headers"):
        sensitive, plain = names(kind, True), names(kind, False)
        assert min(len({*sensitive}), len({*plain})) >= 60
        assert not {*sensitive} & {*plain}
        assert len({*sensitive}) == len(sensitive)
        assert len({*plain}) == len(plain)


@pytest.mark.parametrize("key", names("keys", True))
def test_sensitive_key(key: str) -> None:
    assert known_annotation(key) or secret_name(key) or personal_name(key)
    assert has_sensitive_name(key)


@pytest.mark.parametrize("value", ["true", "False", "null"])
def test_a_switch_is_no_secret(value: str) -> None:
    assert SecretRedaction().value("serving.kserve.io/enable-sticky-session", value) == value
    assert SecretRedaction().value("session", f"{value}s3cret") == "***"


@pytest.mark.parametrize("key", names("keys", False))
def test_plain_key(key: str) -> None:
    assert (known_annotation(key), secret_name(key), personal_name(key)) == (None, None, None)
    assert not has_sensitive_name(key)


@pytest.mark.parametrize("name", names("headers", True))
def test_sensitive_header(name: str) -> None:
    assert header_secret(name)
    assert is_sensitive_header(name)


@pytest.mark.parametrize(
    "name",
    ["ghp_0123456789abcdefghijABCDEFGHIJ012345", "Ghp_0123456789abcdefghijabcdefghij012345", "Akiaiosfodnn7example"],
)
def test_a_header_that_is_a_token_itself(name: str) -> None:
    assert header_secret(name)


@pytest.mark.parametrize("name", names("headers", False))
def test_plain_header(name: str) -> None:
    assert header_secret(name) is None


@pytest.mark.parametrize(
    ("key", "secret", "personal"),
    [
        ("example.com/openaiApiKey", "api key", None),
        ("DB_PASSWORD", "password", None),
        ("aws-secret-access-key", "secret", None),
        ("owner-email", None, "email"),
        ("first-name", None, "first name"),
        ("date_of_birth", None, "date of birth"),
        ("phone-number", None, "phone"),
        ("", None, None),
        ("example.com/", None, None),
    ],
)
def test_the_words_that_tell(key: str, secret: str | None, personal: str | None) -> None:
    assert (secret_name(key), personal_name(key)) == (secret, personal)


@pytest.mark.parametrize(
    ("name", "carries"),
    [
        ("Cookie", "a session cookie"),
        ("X-Forwarded-Client-Cert", "a client certificate"),
        ("X-Api-Key", "api key"),
        ("X-Forwarded-Email", "email"),
        ("X-Hub-Signature-256", "signature"),
    ],
)
def test_what_a_header_carries(name: str, carries: str) -> None:
    assert header_secret(name) == carries


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("tokens", "4096", None),
        ("tokens", "hunter2hunter2", "tokens"),
        ("session", "enabled", None),
        ("session", "TRUE", None),
        ("session", "", None),
        ("session", "a81bc81b", "session"),
        ("session-timeout", "30 min", None),
        ("session-timeout", "hunter2", "session"),
        ("password", "123456", "password"),
        ("password-max-age", "90%", None),
        ("password-count", "1234567890123456", "password"),
    ],
)
def test_the_value_decides_what_the_name_leaves_open(key: str, value: str, found: str | None) -> None:
    assert secret_name(key, value) == found


@pytest.mark.parametrize(
    ("key", "value", "sensitive"),
    [
        ("tokens", "4096", False),
        ("example.com/tokens", "hunter2hunter2", True),
        ("password-max-age", "90d", False),
        ("password-max-age", "hunter2", True),
        ("session-timeout", "30", False),
        ("password", "123456", True),
        ("token", "123456", True),
        ("phone-number", "5550100", True),
        ("max-tokens", "sk-" + "a1" * 20, True),
        ("password-count", "1234567890123456", True),
    ],
)
def test_a_quantity_needs_no_mask(key: str, value: str, sensitive: bool) -> None:
    assert is_sensitive(key, value) is sensitive


@pytest.mark.parametrize(
    ("name", "sensitive"),
    [
        *((name, True) for name in ("sig", "X-Amz-Signature", "key", "code", "access_token", "Signature", "auth")),
        *((name, False) for name in ("path", "keyboard", "author", "tenant", "design", "se", "codec")),
    ],
)
def test_parameter(name: str, sensitive: bool) -> None:
    assert is_sensitive_parameter(name) is sensitive


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("example.com/contract-number", "contract number"),
        ("contractNumber", "contract number"),
        ("contract-line-number", None),
        ("subcontract-number", None),
        ("pii.example.com/anything", "pii.example.com/*"),
        ("tenant", None),
        ("example.com/tenant", "example.com/tenant"),
        ("api-key", "api key"),
        ("public-token", None),
        ("demo-api-key", None),
        ("Demo-Api-Key", None),
        ("demo-contract-number", None),
    ],
)
def test_words_of_the_user(key: str, found: str | None) -> None:
    mine = Vocabulary(
        keys=("contract number", "pii.example.com/*", "example.com/tenant"), allow=("public-token", "demo-*")
    )
    assert secret_name(key, vocabulary=mine) == found
    assert header_secret(key, mine) == found


def test_what_the_user_allows_is_not_personal() -> None:
    assert personal_name("owner-email", Vocabulary(allow=("owner-email",))) is None


@pytest.mark.parametrize("word", ["", "-", "/"])
def test_a_word_without_letters_matches_nothing(word: str) -> None:
    assert secret_name("team", vocabulary=Vocabulary(keys=(word,))) is None


@given(st.text(max_size=500))
def test_judging_a_name_never_fails(text: str) -> None:
    has_sensitive_name(text)
    header_secret(text)
    secret_name(text, text, Vocabulary((text,), (text,)))


@given(st.sampled_from(names("keys", True)), st.sampled_from(["example.com/", "a.b/", ""]))
def test_the_words_are_in_the_key(key: str, prefix: str) -> None:
    found = secret_name(prefix + key) or personal_name(prefix + key) or ""
    squeezed = "".join(filter(str.isalpha, key.lower()))
    assert found.replace(" ", "") in squeezed
