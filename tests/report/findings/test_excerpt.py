from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.findings import Finding, Severity, Span
from isvclog.redact.gate import NoRedaction, SecretRedaction
from isvclog.report.columns import text_width
from isvclog.report.findings.excerpt import excerpt

GATE = SecretRedaction()
SECRET = "sk-live-0123456789"
LOGGER = ("spec", "predictor", "logger")
ANNOTATION = ("metadata", "annotations", "example.com/api-key")


def shown(line: str, marked: str, path: tuple[str | int, ...], width: int | None = None) -> str:
    """The excerpt as it looks: the line, and the caret below."""
    start = line.index(marked) + 1
    finding = Finding("a.yaml", Span(1, start, 1, start + len(marked)), Severity.ERROR, "rule", "Message.", path=path)
    got = excerpt(finding, line, width, GATE)
    assert width is None or text_width(got.line) <= width
    return f"{got.line}\n{' ' * got.indent}{'^' * got.length}"


def test_the_caret_stands_under_what_is_meant() -> None:
    assert shown('apiVersion: "v1"', '"v1"', ("apiVersion",)) == 'apiVersion: "v1"\n            ^^^^'
    assert shown("    mode: everything  # ?", "everything", LOGGER) == (
        "    mode: everything  # ?\n"
        "          ^^^^^^^^^^"
    )  # fmt: skip


def test_wide_and_combining_characters_keep_the_caret_in_place() -> None:
    assert shown("日本: e\u0301x", "x", LOGGER) == "日本: e\u0301x\n       ^"


def test_tabs_and_control_characters_keep_the_caret_in_place() -> None:
    assert shown("\ta\x1b: b", "b", LOGGER) == "    a\\x1b: b\n           ^"


def test_the_mark_does_not_hide_what_a_ci_system_would_obey() -> None:
    assert shown("mode: a##[group]", "#[group]", LOGGER).startswith("mode: a\\x23#[group]\n")


@pytest.mark.parametrize("width", [20, 30, 40])
def test_a_long_line_is_cut_around_what_is_meant(width: int) -> None:
    line = "a" * 500 + " wrong " + "b" * 500
    text, caret = shown(line, "wrong", LOGGER, width).split("\n")
    assert "wrong" in text
    assert text.startswith("...")
    assert text.endswith("...")
    assert text[caret.index("^") :].startswith("wrong")
    assert len(caret.strip()) == len("wrong")


def test_a_megabyte_of_one_line_is_cut_without_a_terminal() -> None:
    assert len(shown("x" * 1_000_000 + "y", "y", LOGGER)) < 400


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"    example.com/api-key: {SECRET}", "    example.com/api-key: ***"),
        (f"    'example.com/api-key': \"{SECRET}\"", "    'example.com/api-key': ***"),
        (f'      "example.com/api-key": "{SECRET}",', '      "example.com/api-key": ***'),
        (f"    {SECRET}", "    ***"),
        (f"    {{example.com/api-key: {SECRET}}}", "    ***"),
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        ANNOTATION,
        ("spec", "predictor", "annotations", "logger"),
        ("spec", "predictor", "containers", 0, "env", 0, "value"),
        (*LOGGER, "annotations"),
        (),
    ],
)
def test_a_value_that_may_be_secret_is_never_shown(line: str, expected: str, path: tuple[str, ...]) -> None:
    text, caret = shown(line, SECRET, path).split("\n")
    assert text == expected
    assert caret == " " * expected.index("***") + "^^^"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("    minReplica: 1", "    minReplica: 1"),
        ('    "minReplica": 0.5,', '    "minReplica": 0.5,'),
        ("    - timeOut: -1", "    - timeOut: -1"),
        ("    stopped: true", "    stopped: true"),
        ("    uri: gs://models/iris/v1.2", "    uri: gs://models/iris/v1.2"),
        ("    minReplica: 1  # hunter2", "    minReplica: 1 ***"),
        ("    note: two words", "    note: ***"),
        ("    note: a=b", "    note: ***"),
        ("    note: u:p@host", "    note: ***"),
        ("    note: [a]", "    note: ***"),
        ("    note: &a |", "    note: ***"),
        ("    password: hunter2", "    password: ***"),
        ("    - env: hunter2", "    - env: ***"),
        (f"    note: {'ghp_' + 'a1B2c3' * 6}", "    note: ***"),
        ("    uri: https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx", "    uri: ***"),
        ("    note: kX9vQ2mT7zLp4RwY8sBnkX9vQ2mT7zLp4RwY8sBn", "    note: ***"),
    ],
)
def test_a_plain_value_of_the_spec_is_shown(line: str, expected: str) -> None:
    path = ("spec", "predictor", "note")
    assert shown_in_object(line, path).replace("https://hooks.slack.com/", "") == expected
    for hidden in ((), ANNOTATION, ("spec", "predictor", "containers", 0, "env", 0, "value")):
        assert shown_in_object(line, hidden).endswith("***"), hidden


def test_no_value_below_the_name_of_a_secret_is_shown() -> None:
    assert shown_in_object("    - first: hunter2", ("spec", "passwords", 0)) == "    - first: ***"


def shown_in_object(line: str, path: tuple[str | int, ...]) -> str:
    start = len(line) - len(line.lstrip()) + 1
    finding = Finding(
        "a.yaml", Span(1, start, 1, start + 1), Severity.ERROR, "rule", "Message.", object="isvc", path=path
    )
    return excerpt(finding, line, None, GATE).line


def test_the_key_of_an_annotation_is_shown_and_marked() -> None:
    assert shown(f"  key: {SECRET}", "key", ANNOTATION) == "  key: ***\n  ^^^"


def test_a_listed_annotation_is_no_value_of_one() -> None:
    path = (*LOGGER, "metadataAnnotations", 0)
    assert shown("  - example.com/team", "example.com/team", path) == "  - example.com/team\n    ^^^^^^^^^^^^^^^^"


def test_what_shares_a_line_with_a_whole_object_stays_hidden() -> None:
    line = f'{{"metadata": {{"annotations": {{"key": "{SECRET}"}}}}, "spec": {{"mode": "x"}}}}'
    assert shown(line, '"x"', LOGGER) == '*** "x" ***\n    ^^^'
    assert shown(line, f'{{"key": "{SECRET}"}}', LOGGER) == "***\n^^^"


def test_the_password_of_a_url_is_never_shown() -> None:
    line = f"  url: https://user:{SECRET}@sink.example.com/path"
    assert shown(line, line.split()[1], LOGGER).split("\n")[0] == "  url: https://user:***@sink.example.com/path"


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        (f"http://user:{SECRET}/x@sink", "http://user:***@sink"),
        (f"'user:{SECRET}@sink'", "'user:***@sink'"),
        (f"https://sink/?site={SECRET}&key=short#at={SECRET}", "https://sink/?site=***&key=***#at=***"),
        ("http://sink:8080/a;b?c", "http://sink:8080/a;b?c"),
    ],
)
def test_what_may_be_secret_in_a_url_is_not_shown(url: str, seen: str) -> None:
    line = f"  url: {url} # see ?"
    assert shown(line, url, LOGGER).split("\n")[0] == f"  url: {seen} # see ?"


def test_reveal_shows_the_whole_line() -> None:
    line = f'{{"metadata": {{"annotations": {{"key": "{SECRET}"}}}}}}'
    finding = Finding("a.yaml", Span(1, 1, 1, 2), Severity.ERROR, "rule", "Message.", path=ANNOTATION)
    assert excerpt(finding, line, None, NoRedaction()).line == line


def test_a_mark_over_several_lines_ends_with_the_first(finding: Callable[..., Finding]) -> None:
    got = excerpt(finding(span=Span(1, 3, 9, 2)), "  logger:", None, GATE)
    assert got == ("  logger:", 2, len("logger:"))


@given(st.text(), st.integers(1, 50), st.integers(1, 50), st.integers(1, 60), st.sampled_from([LOGGER, ANNOTATION, ()]))
def test_any_line_gives_one_harmless_line_within_its_width(
    line: str, column: int, end: int, width: int, path: tuple[str, ...]
) -> None:
    finding = Finding("a.yaml", Span(1, column, 1, end), Severity.ERROR, "rule", "Message.", path=path)
    got = excerpt(finding, line, width, GATE)
    assert got.line.isprintable()
    assert text_width(got.line) <= max(width, 20)
    assert 0 <= got.indent <= max(width, 20)
    assert 1 <= got.length <= max(width, 20)
