"""Credentials in the URL of a sink."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.redact import url_secret

USER = "a user name, which may be a token"
PARAMETER = "a parameter that is named like a secret"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://u:pw@sink.example/", "a password"),
        ("http://u:@sink.example/", "a password"),
        ("http://:pw@sink.example/", "a password"),
        ("//u:pw@sink.example", "a password"),
        ("http://s3cr3t@sink.example/", USER),
        ("http://sink.example/?sig=abc", PARAMETER),
        ("http://sink.example/?a=1&access_token=abc", PARAMETER),
        ("http://sink.example/#a=1;api%2Dkey=abc", PARAMETER),
        ("https://hooks.slack" + ".com/services/T01234567/B0/x", "a Slack webhook"),
        ("http://sink.example/hf" + "_" + "aB" * 17, "a Hugging Face token"),
        ("http://sink.example/", None),
        ("http://sink.example:8080/a@b", None),
        ("http://sink.example/?sig=", None),
        ("http://sink.example/?path=a&author=b", None),
        ("http://@sink.example/", None),
        ("http://sink.example/jane.doe" + "@example.com", None),
        ("", None),
    ],
)
def test_what_a_url_holds(url: str, found: str | None) -> None:
    assert url_secret(url) == found


def test_a_container_is_no_token() -> None:
    url = "abfs://container@account.dfs.example/models"
    assert (url_secret(url), url_secret(url, user_is_plain=True)) == (USER, None)


@given(st.text(max_size=500))
def test_any_text_will_do(url: str) -> None:
    url_secret(url)


@pytest.mark.parametrize("text", ["a:", "@", "?a=b", "&", "%41", "a", "//"])
def test_a_long_url_takes_no_longer_than_its_length(text: str) -> None:
    # Were this quadratic, it would not end.
    url_secret(text * (128 * 1024 // len(text)))
