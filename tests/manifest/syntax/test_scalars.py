"""The resolver against a second formulation of each type: numbers are written in Go's ways and must be read back."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.manifest.syntax.scalars import json_value, key_text, resolve

TRUE = "y Y yes Yes YES true True TRUE on On ON".split()
FALSE = "n N no No NO false False FALSE off Off OFF".split()
INT64 = st.integers(-(2**63), 2**63 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def signed(number: int, digits: str) -> str:
    return ("-" if number < 0 else "") + digits


@given(INT64)
def test_integers_in_every_base(number: int) -> None:
    size = abs(number)
    for digits in (f"{size}", f"0x{size:x}", f"0X{size:X}", f"0o{size:o}", f"0{size:o}", f"0b{size:b}", f"{size:_}"):
        assert resolve(signed(number, digits)) == number
    assert key_text(number) == str(number)
    assert json_value(number) == number


@given(st.integers(2**63, 2**64 - 1))
def test_only_an_unsigned_integer_reaches_beyond_int64(number: int) -> None:
    assert resolve(str(number)) == number
    assert isinstance(json_value(number), float)
    assert resolve(f"-{number}" if number > 2**63 else "-9223372036854775809") == -float(max(number, 2**63 + 1))
    with pytest.raises(ValueError, match="key"):
        key_text(number)


@given(FLOATS)
def test_floats_are_read_back(number: float) -> None:
    for text in (repr(number), f"{number:.17e}", f"{number:.17E}"):
        value = resolve(text)
        assert isinstance(value, float) == ("." in text or "e" in text.lower())
        assert float(value) == number  # type: ignore[arg-type]
    number = json_value(number)  # type: ignore[assignment]
    assert isinstance(number, int) == (float(number).is_integer() and -(2**63) <= number < 2**63)


@given(st.text(min_size=1).filter(lambda text: text[0] not in "0123456789+-." and text not in (*TRUE, *FALSE)))
def test_other_words_are_strings(text: str) -> None:
    expected = None if text in ("~", "null", "Null", "NULL") else text
    assert resolve(text) == expected


@given(st.from_regex(re.compile(r"[-+.0-9][-+.0-9a-zA-Z_:]{0,30}"), fullmatch=True))
def test_other_text_is_the_same_string(text: str) -> None:
    value = resolve(text)
    assert isinstance(value, int | float) or value == text


@pytest.mark.parametrize(("words", "value"), [(TRUE, True), (FALSE, False), (["", "~", "null", "Null", "NULL"], None)])
def test_words(words: list[str], value: bool | None) -> None:
    assert [resolve(word) for word in words] == [value] * len(words)


def test_values_that_json_cannot_represent() -> None:
    for text in (".inf", "-.Inf", "+.INF", ".NaN"):
        value = resolve(text)
        assert isinstance(value, float)
        assert not math.isfinite(value)
        with pytest.raises(ValueError, match="JSON"):
            json_value(value)


@given(FLOATS)
def test_a_float_key_is_a_32_bit_number(number: float) -> None:
    """The library formats keys with 32 bits, so that 0.1 stays 0.1, and larger numbers lose digits."""
    text = key_text(number)
    if "inf" in text:
        assert abs(number) > 3.4e38
    else:
        assert math.isclose(float(text), number, rel_tol=1.2e-7, abs_tol=2e-45)
        assert len(re.sub(r"e.*|[-.]", "", text).strip("0")) <= 9


@pytest.mark.parametrize("digits", ["9" * 5000, "0x" + "f" * 5000, "1." + "0" * 100_000])
def test_long_numbers_are_no_trouble(digits: str) -> None:
    assert resolve(digits) in (digits, 1.0)
