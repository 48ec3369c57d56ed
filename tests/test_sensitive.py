"""What is masked and what is not; a value is never printed by the tests either, they are all made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.sensitive import (
    has_sensitive_name,
    has_sensitive_shape,
    is_sensitive,
    is_sensitive_header,
    is_sensitive_parameter,
    masked,
)

SENSITIVE_KEYS = """
api-key apiKey api_key example.com/api-key access_token accessToken password db-password PASSWORD private-key
client-secret clientSecret credentials session-cookie user-session jwt bearer auth-token encryptionKey
aws-secret-access-key email owner-email phone birth-date national-id ssn
kubectl.kubernetes.io/last-applied-configuration vault.hashicorp.com/role vault.hashicorp.com/agent-inject-template-db
internal.serving.kserve.io/storage-spec-param eks.amazonaws.com/role-arn iam.amazonaws.com/role
iam.gke.io/gcp-service-account azure.workload.identity/client-id token tokens id-token hf-token max-password
""".split()
PLAIN_KEYS = """
author authority tokenizer tokenizer-path secretless passage sessions-per-day-limit-name keyboard monkey team
owner cost-center secretName secret-ref example.com/secret-name keystore-type description stage model-version
git-sha email-name serving.kserve.io/storageSecretName prometheus.io/scrape sidecar.istio.io/inject
max-tokens maxTokens max_new_tokens token-limit tokens-per-second token-count eos-token-id input-tokens
eks.amazonaws.com/sts-regional-endpoints iam.gke.io/node example.com/role-arn
""".split()
SENSITIVE_VALUES = [
    "-----BEGIN RSA PRIVATE KEY-----\nMII",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "AKIAIOSFODNN7EXAMPLE",
    "AIza" + "a" * 35,
    "ghp_" + "a" * 36,
    "glpat-" + "a" * 20,
    "xoxb-123456789012-abc",
    "hf_" + "a" * 34,
    "sk-" + "a" * 40,
    "sk_" + "live_abcdefghijk",
    "DefaultEndpointsProtocol=https;AccountKey=abc==",
    "https://user:pw@host/path",
    "postgres://u:p@db/x",
    "Bearer abcdefgh",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "jane.doe@example.com",
]
PLAIN_VALUES = [
    "",
    "acme",
    "2026-11-22T10:00:00Z",
    "4f1c2d9a7b6e5d4c3b2a19080706050403020100",
    "1234567890123456",
    "0000000000000000",
    "https://host/path@v1",
    "registry.example.com/model@sha256:0123456789abcdef",
    "skills and hfs",
    "basic-auth",
    "user@",
    "task-force",
]


@pytest.mark.parametrize("key", SENSITIVE_KEYS)
def test_sensitive_key(key: str) -> None:
    assert has_sensitive_name(key)


@pytest.mark.parametrize("key", PLAIN_KEYS)
def test_plain_key(key: str) -> None:
    assert not has_sensitive_name(key)


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
        ("max-tokens", "sk-" + "a" * 40, True),
        ("password-count", "1234567890123456", True),
    ],
)
def test_a_quantity_is_no_secret(key: str, value: str, sensitive: bool) -> None:
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


@pytest.mark.parametrize("value", SENSITIVE_VALUES)
def test_sensitive_value(value: str) -> None:
    assert has_sensitive_shape(value)


@pytest.mark.parametrize("value", PLAIN_VALUES)
def test_plain_value(value: str) -> None:
    assert not has_sensitive_shape(value)


@pytest.mark.parametrize("name", ["Authorization", "cookie", "X-Api-Key", "X-Amz-Security-Token", "X-Auth-Token"])
def test_sensitive_header(name: str) -> None:
    assert is_sensitive_header(name)


@pytest.mark.parametrize("name", ["X-Request-Id", "Traceparent", "Content-Type", "User-Agent", "X-B3-Traceid"])
def test_plain_header(name: str) -> None:
    assert not is_sensitive_header(name)


@given(st.text(min_size=1))
def test_a_mask_shows_four_characters_at_most(value: str) -> None:
    shown = masked(value).rpartition(" (")[0]
    assert shown == "…" or (len(value) >= 12 and shown == f"{value[:2]}…{value[-2:]}")


@given(st.text(max_size=2000))
def test_judging_never_fails(text: str) -> None:
    has_sensitive_name(text)
    has_sensitive_shape(text)


@pytest.mark.parametrize("text", ["z", "1", "a-", "eyJ", "-eyJaaaaaaaa", "a@", "a.", "://a:", "Basic ", "----"])
def test_the_longest_annotation_takes_no_longer_than_its_length(text: str) -> None:
    # Were this quadratic, it would not end.
    has_sensitive_shape(text * (256 * 1024 // len(text)))
