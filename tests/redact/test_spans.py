"""Secrets inside URLs, sentences and values. All of them are made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.redact import masking


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
        ("http://sink/?AKIAIOSFODNN7EXAMPLE", "http://sink/?***"),
        ("http://sink/?token=", "http://sink/?token="),
        ("http://sink/x;token=pw", "http://sink/x;token=***"),
    ],
)
def test_address(url: str, shown: str) -> None:
    assert masking.mask_url(url) == shown
    assert masking.mask_url(shown) == shown


def test_a_container_is_no_token() -> None:
    assert masking.mask_url("abfs://logs@account/", keep_user=True) == "abfs://logs@account/"
    assert masking.mask_url("abfs://logs:pw@account/", keep_user=True) == "abfs://logs:***@account/"


def test_message() -> None:
    text = 'Post "ftp://u:pw@sink/?token=pw": unsupported protocol scheme "ftp"; see http://pw@x for more?'
    shown = 'Post "ftp://u:***@sink/?token=***": unsupported protocol scheme "ftp"; see http://***@x for more?'
    assert masking.mask_message(text) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain", "plain"),
        ("a,b=c", "a,b=c"),
        ("x,password=pw", "x,password=*** (2 characters)"),
        ("password=pw,a=b", "password=*** (2 characters),a=b"),
        ("a=password=pw", "a=password=*** (2 characters)"),
        ('x,"password=pw,more",y', 'x,"password=*** (10 characters)'),
        ("x\napi-key = pw", "x\napi-key =*** (3 characters)"),
        ("x,example.com/api-key=pw", "x,example.com/api-key=*** (2 characters)"),
        ("x,max-tokens=12", "x,max-tokens=12"),
        ("x,password=", "x,password="),
    ],
)
def test_pairs(value: str, shown: str) -> None:
    assert masking.mask_pairs(value) == shown


@pytest.mark.parametrize("part", ["a", "a=", "?a=", "?a;b=", "?", "a ", ",a=", '"', "://", "@"])
def test_long_text_takes_linear_time(part: str) -> None:
    text = part * 50_000
    for mask in (masking.mask_url, masking.mask_message, masking.mask_pairs):
        mask(text)


@given(st.text(alphabet='ab=,;\n"?&#@:/ token%65'))
def test_masking_what_is_masked_changes_nothing(text: str) -> None:
    assert masking.mask_url(masking.mask_url(text)) == masking.mask_url(text)
    assert masking.mask_message(masking.mask_message(text)) == masking.mask_message(text)
