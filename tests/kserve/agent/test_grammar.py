"""The regular expressions say of a value what the parsers say of it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from isvclog.kserve.agent import grammar
from isvclog.kserve.agent.pairs import read_pairs
from isvclog.kserve.apis.object_meta import KEY_PATTERNS, key_problem
from isvclog.kserve.golang.time import DURATION, DurationError, parse_duration
from isvclog.kserve.golang.url import PARSABLE, UrlError, parse
from isvclog.kserve.webhook.kubelet import UNCHANGED, DollarKind, dollars


def matches(pattern: str, text: str) -> bool:
    """Match as RE2 does, where `$` is only the end of the text."""
    return re.search(pattern.removesuffix("$") + r"\Z" if pattern.endswith("$") else pattern, text) is not None


@given(st.text('ab=,"\n', max_size=12))
def test_values_of_the_list(value: str) -> None:
    reading = read_pairs([("k", value)], {})
    readable = matches(grammar.READABLE, value)
    assert readable == (reading.broken is None)
    if readable:
        assert matches(grammar.BARE_ITEM, value) == any(item.value is None for item in reading.items)
        assert matches(grammar.CUT, value) == reading.cut
        assert matches(grammar.CONTINUED, value) == bool(reading.inside)


@given(st.text("ab$()é", max_size=12))
def test_texts_that_the_kubelet_leaves_alone(text: str) -> None:
    following = [(dollar, text[dollar.end : dollar.end + 1]) for dollar in dollars(text)]
    changed = [
        dollar
        for dollar, char in following
        if not (dollar.kind is DollarKind.ESCAPE and (char == "(" or not char.isascii()))
    ]
    assert matches(UNCHANGED, text) == (not changed)


@given(st.text("aZ09-_./ ", max_size=9) | st.integers(60, 256).map(lambda size: f"{'a' * size}/b"))
def test_keys(key: str) -> None:
    assert all(matches(pattern, key) for pattern in KEY_PATTERNS) == (not key_problem(key))


@given(st.text("1.smhnuµ-+0", max_size=8))
def test_durations(text: str) -> None:
    try:
        parse_duration(text)
    except DurationError:
        assert not matches(DURATION, text)
    else:
        assert matches(DURATION, text)


PIECES = (
    "http",
    "s3",
    "a",
    "b.c",
    "svc",
    "1",
    "é",
    *":/@?#%<&='-_*\\^\" \n\x7f",
    "//",
    "://",
    "%20",
    "%2",
    "%25",
    "[::1]",
)


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_urls(text: str) -> None:
    try:
        parse(text)
    except UrlError:
        assert not matches(PARSABLE, text)
    else:
        assert matches(PARSABLE, text)
