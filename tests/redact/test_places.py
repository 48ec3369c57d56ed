"""Secrets inside URLs, sentences and values. All of them are made up."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.redact.places.pairs import pair_places
from isvclog.redact.places.place import without_places
from isvclog.redact.places.texts import secret_places, sentence_places, value_places


def masked(text: str) -> str:
    return without_places(text, secret_places(text))


def masked_url(text: str) -> str:
    return without_places(text, value_places(text, is_url=True))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://sink/", "http://sink/"),
        ("http://u:pw@sink/", "http://u:***@sink/"),
        ("http://:pw@sink/", "http://:***@sink/"),
        ("http://ghp@sink/", "http://***@sink/"),
        ("http://@sink/", "http://@sink/"),
        ("u:pw@sink/x", "u:***@sink/x"),
        ("pw@sink/x", "***@sink/x"),
        ("http://sink/a@b?c=d@e", "http://sink/a@b?c=d@e"),
        ("http://sink/?token=pw&a=b", "http://sink/?token=***&a=b"),
        ("http://sink/?a=b&token=pw?x;y#z", "http://sink/?a=b&token=***#z"),
        ("http://sink/?tok%65n=pw", "http://sink/?tok%65n=***"),
        ("http://sink/?to=http://x?token=pw", "http://sink/?to=http://x?token=***"),
        ("http://sink/?a=1;token=pw", "http://sink/?a=1;token=***"),
        ("http://sink/#access_token=pw", "http://sink/#access_token=***"),
        ("http://sink/?sig=pw", "http://sink/?sig=***"),
        ("http://sink/?x=AKIAIOSFODNN7EXAMPLE", "http://sink/?x=***"),
        ("http://sink/?AKIAIOSFODNN7EXAMPLE", "http://sink/***"),
        ("http://sink/?token=", "http://sink/?token="),
        ("http://sink/x;token=pw", "http://sink/x;token=***"),
        ("abfs://logs@account/", "abfs://logs@account/"),
        ("abfs://logs:pw@account/", "abfs://logs:***@account/"),
        ("http://user:a b@si nk/", "http://user:***@si nk/"),
        ("http://sink/?run=a1b2c3d4e5f6a7b8", "http://sink/?run=***"),
        ("http://sink/?run=01ARZ3NDEKTSV4RRFFQ69G5FAV", "http://sink/?run=01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        (f"https://git.test/x/{'78b4a5da' * 5}.zip", f"https://git.test/x/{'78b4a5da' * 5}.zip"),
        ("a http://user:a b@sink/", "a http://user:***@sink/"),
        ("a http://user: ab@sink/", "a http://user:***@sink/"),
        ("a http://us er@sink/", "a http://***@sink/"),
        ("see http://a and b@c", "see http://a and b@c"),
    ],
)
def test_url(url: str, shown: str) -> None:
    assert masked_url(url) == shown
    assert masked_url(shown) == shown


REGISTRY = '{"auths": {"r.test": {"auth": "Ym9iOnFkeHRkYzVmOTJ0cm40"}}}'


@pytest.mark.parametrize(
    "text",
    [REGISTRY, REGISTRY.replace('"', '\\"'), f"[x-team, {REGISTRY!r}]", "auth: Ym9iOnFkeHRkYzVmOTJ0cm40"],
    ids=["JSON", "quoted", "item", "setting"],
)
def test_the_login_of_a_registry(text: str) -> None:
    assert masked(text) == text.replace("Ym9iOnFkeHRkYzVmOTJ0cm40", "***")


@pytest.mark.parametrize("text", ["auth: basic", 'auth: {"x": 1}', "auth: bm9jb2xvbmluaXQ="])
def test_what_is_no_login_of_a_registry(text: str) -> None:
    assert masked(text) == text


def test_urls_in_a_sentence() -> None:
    text = 'Post "ftp://u:pw@sink/?token=pw": unsupported protocol scheme "ftp"; see http://pw@x for more?'
    shown = 'Post "ftp://u:***@sink/?token=***": unsupported protocol scheme "ftp"; see http://***@x for more?'
    assert masked(text) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("a,b=c", "a,b=c"),
        ("x,password=pw", "x,password=***"),
        ("password=pw,a=b", "password=***,a=b"),
        ("a=password=pw", "a=password=***"),
        ("x\napi-key = pw", "x\napi-key = ***"),
        ("x,example.com/api-key=pw", "x,example.com/api-key=***"),
        ("x,max-tokens=12", "x,max-tokens=12"),
        ("x,password=", "x,password="),
        ("user: bob password: pw", "user: bob password: ***"),
        ('{"user":"bob","password":"pw"}', '{"user":"bob","password":"***"}'),
        ('{\\"password\\":\\"p,w\\",\\"a\\":1}', '{\\"password\\":\\"***\\",\\"a\\":1}'),
        ('"password": "a\\"b,c", x', '"password": "***", x'),
        ('metadata.annotations.db-password: Invalid value: "p,w"', "metadata.annotations.db-password: ***"),
        ('["x-api-key: abc", "x-request-id"]', '["x-api-key: ***", "x-request-id"]'),
        ("['x-api-key: abc', 'x-request-id']", "['x-api-key: ***', 'x-request-id']"),
        ("export API_TOKEN='p w'", "export API_TOKEN='***'"),
        ('{\\"password\\":\\"p\\\\\\"w\\",\\"a\\":1}', '{\\"password\\":\\"***\\",\\"a\\":1}'),
        (r'"password": "p\\"w\\", x', '"password": "***", x'),
        (r'"password": "p\\", x', '"password": "***", x'),
        (r'password: x "{\\"password\\": \\"p,w\\"}", x', "password: ***, x"),
        ("--password hunter2", "--password ***"),
        ("`--password hunter2`", "`--password ***`"),
        ('--db-password "hunter 2" --a b', '--db-password "***" --a b'),
        ('["--token", "hunter2", "--a"]', '["--token", "***", "--a"]'),
        (r"[\"--token\", \"hunter2\"]", r"[\"--token\", \"***\"]"),
        ("- -token\n  - hunter2\n", "- -token\n  - ***\n"),
        ("--token --a", "--token --a"),
        ("--max-tokens 12", "--max-tokens 12"),
        ('{"secret-a": 1}', '{"secret-a": 1}'),
        ("password: |\n  hunter2\n\n  more\nx: y", "password: |\n  ***\nx: y"),
        ("a:\n  password:\n    hunter2\n  b: c", "a:\n  password:\n    ***\n  b: c"),
        ("password:\n- a\n- b\nc: d", "password:\n***\nc: d"),
        ("password:\nx: y", "password:\nx: y"),
        ("password: |\n", "password: |\n"),
        ("secret:\n  secretName: x\n", "secret:\n  secretName: x\n"),
        ("Authorization: Bearer\nabcdef x", "***\n*** x"),
        ("passwords: [a, b]", "passwords: [***]"),
        ("export API_TOKEN='a'b'c' d", "export API_TOKEN='*** d"),
        ("password: ${PASSWORD}", "password: ${PASSWORD}"),
        ("sshKey: ${infrastructure}[ssh_key]", "sshKey: ${infrastructure}[ssh_key]"),
        ("API_KEY=REPLACE_WITH_VAULT_VALUE", "API_KEY=REPLACE_WITH_VAULT_VALUE"),
        ("# ==== CREDENTIALS ====", "# ==== CREDENTIALS ===="),
        ("the password policy", "the password policy"),
        ("machine a login b password hunter2", "machine a login b password ***"),
    ],
)
def test_pairs(value: str, shown: str) -> None:
    assert without_places(value, value_places(value)) == shown
    assert masked(value) == shown


def test_a_sentence_names_secrets_and_has_none() -> None:
    text = "`db-password` looks secret: the name says `password`, and `x, password: pw` is a value."
    assert without_places(text, sentence_places(text)) == text.replace("pw`", "***`")


def test_a_header_has_more_names() -> None:
    assert not list(pair_places("From: somebody"))
    assert list(pair_places("From: somebody", header=True)) == [(6, 14)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x-api-key: a\nb, c", "x-api-key: ***"),
        ("x-api-key = a;b ", "x-api-key = *** "),
        ("x-api-key: ${KEY}", "x-api-key: ${KEY}"),
        ("x-team: a\nb", "x-team: a\nb"),
        ("Ghp_0123456789abcdefghijabcdefghij012345", "***"),
    ],
)
def test_headers(text: str, shown: str) -> None:
    assert without_places(text, value_places(text, header=True)) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("token gh\x7fp_0123456789abcdefghij\u200bABCDEFGHIJ012345 here", "token *** here"),
        ("token ghp_0123456789abcdefghijABCDEFGHIJ012345 here", "token *** here"),
        ("ghp_0123456789abcdefghijABCDEFGHIJ012345: a", "***: a"),
        ("a jane.doe@example.com b", "a *** b"),
        ("see https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/cccc now", "see https://hooks.slack.com/*** now"),
        ("x Authorization Bearer abcdefgh12345678 y", "x Authorization *** y"),
        ("a -----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----\nb", "a ***\nb"),
    ],
)
def test_shapes(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "a=",
        "?a=",
        "?a;b=",
        "?",
        "a ",
        ",a=",
        '"',
        "://",
        "@",
        "a: ",
        "password: ",
        "x:y@",
        '--token "',
        "--token ",
        '\\"',
    ],
)
@pytest.mark.parametrize("mask", [masked, masked_url])
def test_long_text_takes_linear_time(part: str, mask: Callable[[str], str]) -> None:
    mask(part * 50_000)
    mask(f'password: "{part * 50_000}')


@given(st.text(alphabet='ab=,;\n"?&#@:/ token%65'))
def test_masking_what_is_masked_changes_nothing(text: str) -> None:
    assert masked(masked(text)) == masked(text)
    assert masked_url(masked_url(text)) == masked_url(text)
