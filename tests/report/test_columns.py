"""The width of text on a terminal, as rich measures it, and text cut to a width."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from isvclog.report.columns import first_columns, last_columns, text_width

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("plain", 5),
        ("\u00e9", 1),
        ("e\u0301", 1),
        ("\u65e5\u672c", 4),
        ("\U0001f600", 2),
        ("\u0928\u092e\u0938\u094d\u0924\u0947", cell_len("\u0928\u092e\u0938\u094d\u0924\u0947")),  # Devanagari
        (FAMILY, cell_len(FAMILY)),  # newer releases of rich know that this is one emoji
    ],
    ids=ascii,
)
def test_width(text: str, width: int) -> None:
    assert text_width(text) == width


def test_a_devanagari_vowel_sign_below_a_letter_takes_no_column() -> None:
    assert text_width("\u0915\u0941") == text_width("\u0915") == 1


CHARACTERS = st.characters(codec="utf-8") | st.sampled_from("ab \u0301\ufe0f\u200d\u2764\U0001f468\u65e5\u094d")


@given(st.text(CHARACTERS, max_size=60), st.integers(0, 40))
def test_a_cut_text_fits_and_is_a_part(text: str, width: int) -> None:
    first, last = first_columns(text, width), last_columns(text, width)
    assert text.startswith(first)
    assert text.endswith(last)
    assert max(text_width(first), text_width(last)) <= width
    if text.isascii():
        assert len(first) == len(last) == min(len(text), width)


@pytest.mark.parametrize(("text", "imported"), [("plain", False), ("\u00e9", True)])
def test_rich_is_for_text_that_is_not_ascii(text: str, imported: bool) -> None:
    code = f"import sys; from isvclog.report.columns import *; text_width({text!a}); first_columns({text!a}, 1)"
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}; print('rich' in sys.modules)"], capture_output=True, text=True, check=True
    )
    assert ended.stdout == f"{imported}\n"
