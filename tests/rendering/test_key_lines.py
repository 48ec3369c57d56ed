"""The keys at the starts of lines, with those around them."""

from time import perf_counter

import pytest

from isvclog.rendering.key_lines import KeyLine, key_of_line, matching, plain_value, read_items, read_key_lines

TEMPLATE = """\
{{/* comment: is
 none: either */}}
# a: comment
spec:
  predictor:
    {{- with .Values.logger }}
    logger:
      mode: {{ .mode }}  # why
      url: "http://x.y"
    {{- end }}
    containers:
    - name: x
      env: [a]
  "quoted": 1
---
spec: {}
{{- define "helper" }}
mode: all
{{- end }}
"""


def chains(text: str) -> dict[int, tuple[str, ...]]:
    return {line.line: line.chain for line in read_key_lines(text)}


def test_keys_are_read_with_the_keys_around_them() -> None:
    assert chains(TEMPLATE) == {
        4: ("spec",),
        5: ("spec", "predictor"),
        7: ("spec", "predictor", "logger"),
        8: ("spec", "predictor", "logger", "mode"),
        9: ("spec", "predictor", "logger", "url"),
        11: ("spec", "predictor", "containers"),
        12: ("spec", "predictor", "containers", "name"),
        13: ("spec", "predictor", "containers", "env"),
        14: ("spec", "quoted"),
        16: ("spec",),
        18: ("mode",),
    }


def test_line_breaks_count_as_in_the_rendered_text() -> None:
    assert chains(TEMPLATE.replace("\n", "\r\n")) == chains(TEMPLATE) == chains(TEMPLATE.replace("\n", "\r"))


def test_a_patch_in_a_kustomization_is_a_text_of_its_own() -> None:
    text = "patches:\n- patch: |\n    spec:\n      mode: all\n  target: {}\nnamePrefix: a-\n"
    assert chains(text) == {
        1: ("patches",),
        2: ("patches", "patch"),
        3: ("spec",),
        4: ("spec", "mode"),
        5: ("patches", "target"),
        6: ("namePrefix",),
    }


def test_the_place_is_that_of_the_key() -> None:
    (line,) = read_key_lines('  - "a.b/c": x\n')
    assert line == KeyLine(1, 6, ("a.b/c",), "x")
    assert line.span == (1, 6, 1, 11)


@pytest.mark.parametrize(
    ("written", "value"),
    [("x # why", "x"), ("'x # y'  # why", "x # y"), ('"x"', "x"), ("# why", ""), ("a#b", "a#b"), ('"x" y', '"x" y')],
)
def test_a_value_is_read_without_comment_and_quotes(written: str, value: str) -> None:
    assert plain_value(f" {written} ") == value
    assert key_of_line(f"  mode: {written}") == ("mode", value)


@pytest.mark.parametrize("line", ["", "{{ .Values.x }}: y", "- x", "# a: b", "a:b", '  {{- if eq .x "a: b" }}'])
def test_other_lines_have_no_key(line: str) -> None:
    assert key_of_line(line) is None


def test_items_of_lists_are_read() -> None:
    assert list(read_items("a:\n  - x-id # why\n  - 'b'\n")) == [(2, 5, "x-id"), (3, 5, "b")]


def test_the_line_that_shows_most_parents_wins() -> None:
    helper, full = KeyLine(1, 1, ("mode",), ""), KeyLine(9, 7, ("spec", "logger", "mode"), "")
    other = KeyLine(5, 3, ("storage", "mode"), "")
    assert matching([helper, other, full], ("spec", "logger", "mode")) == [full]
    assert matching([helper, other], ("spec", "logger", "mode")) == [helper]
    assert matching([other], ("spec", "logger", "mode")) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{/*" * 250_000,
        "- " * 500_000,
        "a: " * 300_000,
        " " * 1_000_000,
        "a" * 1_000_000,
        "".join(f"{' ' * (level % 2000)}k:\n" for level in range(1_000)),
    ],
    ids=["open comments", "dashes", "keys", "blanks", "letters", "depth"],
)
def test_hostile_text_takes_little_time(text: str) -> None:
    started = perf_counter()
    for _ in read_key_lines(text):
        pass
    list(read_items(text))
    assert perf_counter() - started < 3
