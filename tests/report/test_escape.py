from hypothesis import given
from hypothesis import strategies as st

from isvclog.report.escape import printable

HOSTILE = {
    "\x1b[31m": r"\x1b[31m",
    "a\nb\r\tc": r"a\nb\r\tc",
    "\x07\x7f\x9b": r"\x07\x7f\x9b",
    "\u202egnp.exe": r"\u202egnp.exe",
    "\u2066\u2069\u200b\ufeff": r"\u2066\u2069\u200b\ufeff",
    "\u2028\u2029\x85": r"\u2028\u2029\x85",
    "\udcff": r"\udcff",
    "\U000e0041": r"\U000e0041",
    "\xa0": r"\xa0",
}


def test_what_could_be_obeyed_is_shown_escaped() -> None:
    assert {text: printable(text) for text in HOSTILE} == HOSTILE


COMMANDS = {
    "::error::x": r"\x3a:error::x",
    "x ::add-mask::y": r"x \x3a:add-mask::y",
    "x\n::error::": r"x\n::error::",
    "x##[group]y": r"x\x23#[group]y",
    "###[x]##vso[y]##teamcity[z]": r"#\x23#[x]\x23#vso[y]\x23#teamcity[z]",
    "http://[::1]:80, listen on ::1, C++ a::b, # and ##": "http://[::1]:80, listen on ::1, C++ a::b, # and ##",
}


def test_what_a_ci_system_could_obey_is_shown_escaped() -> None:
    assert {text: printable(text) for text in COMMANDS} == COMMANDS


def test_letters_and_symbols_of_any_script_stay() -> None:
    text = "prod-1 Größe 日本語 عربى नमस्ते ✓ 🚀 [bold]not markup[/bold] \\x1b"
    assert printable(text) == text


@given(st.text(alphabet=st.characters()))
def test_the_result_is_one_harmless_line(text: str) -> None:
    shown = printable(text)
    assert shown.isprintable()
    assert len((shown + "x").splitlines()) == 1
    assert printable(shown) == shown
    shown.encode()
