"""Edits of rendered lines that are found literally in a template, or refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.findings import Edit, Span
from isvclog.rendering.actions import TemplateText
from isvclog.rendering.literal import Hunk, LiteralFinder, NotLiteral, RenderedText, apply_hunks, decode_lines

RENDERED = """\
---
kind: InferenceService
metadata:
  name: fraud
spec:
  predictor:
    logger:
      metadataHeaders:
      - x-a
      - x-b
      url: http://sink
  transformer:
    logger:
      metadataHeaders:
      - x-a
"""


def find(template: str, line: int, new: str, rendered: str = RENDERED, *, is_checked: bool = True) -> str:
    """Replace a rendered line, or insert one above it if `new` ends in a newline, and return the new template."""
    text = RenderedText(rendered.encode())
    column = 1 if new.endswith("\n") else len(text.lines[line - 1]) + 1
    (hunk,) = text.hunks([Edit(Span(line, 1, line, column), new)])
    lines = TemplateText(template)
    finder = LiteralFinder(text.of_documents([(0, len(text.lines))]), lines)
    return "\n".join(apply_hunks(lines.lines, [finder.find(hunk, is_checked)]))


def test_a_line_is_replaced_and_keeps_the_indentation_of_the_template() -> None:
    template = "  metadataHeaders:\n  - x-a\n  - x-b\n  url: {{ .url }}\n"
    assert find(template, 10, "      - X-B") == template.replace("x-b", "X-B")
    assert find(template, 11, "      - X-C\n") == template.replace("- x-b\n", "- x-b\n  - X-C\n")


def test_lines_around_tell_two_places_apart() -> None:
    template = RENDERED.replace("name: fraud", "name: {{ .Release.Name }}")
    assert find(template, 15, "      - X-A") == template[::-1].replace("a-x", "A-X", 1)[::-1]
    assert find(template, 9, "      - X-A") == template.replace("x-a", "X-A", 1)


def test_a_line_that_two_places_may_be_is_refused() -> None:
    for template in ("- x-b\n- x-b\n", "a: {{ .x }}\n", "- x-b {{ .x }}\n", "{{/*\n- x-b\n*/}}\n", "- x-bb\n"):
        with pytest.raises(NotLiteral):
            find(template, 10, "      - X-B")


def test_another_component_with_the_same_line_is_another_place() -> None:
    template = "spec:\n  predictor:\n    {{ .x }}\n  transformer:\n    logger:\n      metadataHeaders:\n      - x-a\n"
    assert "X-A" in find(template, 15, "      - X-A")
    with pytest.raises(NotLiteral):
        find(template, 9, "      - X-A")


def test_new_text_that_would_be_an_action_is_refused() -> None:
    with pytest.raises(NotLiteral):
        find(RENDERED, 10, "      - '{{ x }}'")


KIND = "kind: InferenceService\n"
LIST = "metadataHeaders:\n- x-a\n- x-b\n"


@pytest.mark.parametrize(
    ("template", "is_found"),
    [
        (KIND + LIST, True),
        ("{{- if .x }}\n" + KIND + LIST + "{{- end }}\n", True),
        (KIND + "{{- if .x }}\n" + LIST + "{{- end }}\n", False),
        ("{{- range .x }}\n" + KIND + LIST + "{{- end }}\n", False),
        ("{{- if .x }}\n" + KIND + "{{- else }}\n" + LIST + "{{- end }}\n", False),
        ('{{ define "x" }}\n' + KIND + LIST + "{{- end }}\n", False),
        (KIND + "{{ .x -}}\n- x-b\n", False),
        (LIST, False),
    ],
)
def test_without_a_rendering_only_what_is_rendered_with_its_object_is_found(template: str, is_found: bool) -> None:
    if is_found:
        assert find(template, 10, "      - X-B", is_checked=False) == template.replace("x-b", "X-B")
    else:
        with pytest.raises(NotLiteral):
            find(template, 10, "      - X-B", is_checked=False)


@pytest.mark.parametrize(
    ("template", "is_found"),
    [
        ("logger:\n  mode: all\n  url: {{ .url }}\nother: 1\n", True),
        ("{{ if .x }}\nlogger:\n  mode: all\n  url: {{ .url }}\n{{ end }}\n{{ .y }}\nother: 1\n", True),
        ("logger:\n  mode: all\n  {{/* a comment */}}\n  url:\n    {{ toYaml .x }}\nother: 1\n", True),
        ("logger:\n  mode: all\n  {{ toYaml .x }}\nother: 1\n", False),
        ("logger:\n  {{ toYaml .x }}\n  mode: all\nother: 1\n", False),
        ("logger:\n  mode: all\n{{- if .x }}\n  new: 2\n{{- end }}\nother: 1\n", False),
        ("{{ .logger }}\n  mode: all\nother: 1\n", False),
    ],
)
def test_a_new_key_is_not_added_beside_what_an_action_makes(template: str, is_found: bool) -> None:
    """With other values, the action could make the same key."""
    rendered = "logger:\n  mode: all\n  url: x\nother: 1\n"
    if is_found:
        assert "\n  new: 1\n" in find(template, 4, "  new: 1\n", rendered)
    else:
        with pytest.raises(NotLiteral):
            find(template, 4, "  new: 1\n", rendered)
        with pytest.raises(NotLiteral):
            find(template, 3, "  new: 1\n", rendered)


def test_carriage_returns_stay() -> None:
    rendered = RENDERED.replace("\n", "\r\n")
    template = LIST.replace("\n", "\r\n")
    assert find(template, 10, "      - X-B\r", rendered) == template.replace("x-b", "X-B")


def test_texts_that_cannot_be_split_into_lines_are_refused() -> None:
    for data in (b"\xff", b"a\rb\n"):
        with pytest.raises(NotLiteral):
            decode_lines(data)


def test_hunks_of_the_same_lines_exclude_each_other() -> None:
    one, other = Hunk(1, 2, ("X",)), Hunk(1, 2, ("Y",))
    assert apply_hunks(["a", "b", "c"], [one, one]) == ["a", "X", "c"]
    with pytest.raises(NotLiteral):
        apply_hunks(["a", "b"], [one, other])


def test_edits_of_one_line_become_one_hunk() -> None:
    edits = [Edit(Span(1, 4, 1, 5), "X"), Edit(Span(1, 7, 1, 8), "Y\nnew")]
    assert RenderedText(b"a: b, c\nd\n").hunks(edits) == [Hunk(0, 1, ("a: X, Y", "new"))]


def test_many_equal_lines_take_no_quadratic_time() -> None:
    rendered = "kind: InferenceService\n" + "- x\n" * 20_000
    with pytest.raises(NotLiteral):
        find(rendered, 10_000, "- y", rendered)


ACTIONS = {
    "{{ one }}": ["- x"],
    "{{ two }}": ["  a: 1", "  - x", "b:"],
    "{{ none }}": [],
}
LINES = st.sampled_from(
    ["a: 1", "  a: 1", "- x", "  - x", "b:", "  b:", "", "# c", "{{ one }}", "{{ two }}", "{{ none }}"]
)


def rendered_lines(template: list[str]) -> list[str]:
    """Render the lines of a template, whose actions have lines of their own and no `-`."""
    found: list[str] = []
    place = 0
    while place < len(template):
        line = template[place]
        if line.startswith(("{{ if", "{{ range")):
            middle, end = block_end(template, place)
            body, other = template[place + 1 : middle], template[middle + 1 : end]
            times = 2 if "range" in line else 1
            found += rendered_lines(other if "no" in line else body) * times
            place = end
        else:
            found += ACTIONS.get(line, [line])
        place += 1
    return found


def block_end(template: list[str], start: int) -> tuple[int, int]:
    """Find the lines with `else`, or else `end`, and `end` of a block."""
    depth, middle = 0, 0
    for number in range(start, len(template)):
        depth += template[number].startswith(("{{ if", "{{ range")) - (template[number] == "{{ end }}")
        if template[number] == "{{ else }}" and depth == 1 and not middle:
            middle = number
        if depth == 0:
            return middle or number, number
    return len(template), len(template)


def in_block(start: str, body: list[str], other: list[str] | None) -> list[str]:
    return [start, *body, *(["{{ else }}", *other] if other is not None else []), "{{ end }}"]


STARTS = st.sampled_from(["{{ if yes }}", "{{ if no }}", "{{ range twice }}"])
BODIES = st.recursive(
    st.lists(LINES, max_size=5),
    lambda inner: st.lists(inner | st.builds(in_block, STARTS, inner, st.none() | inner), max_size=4).map(
        lambda parts: [line for part in parts for line in part]
    ),
    max_leaves=5,
)


@given(BODIES, st.integers(0, 14), st.integers(0, 2), st.integers(0, 2))
def test_what_is_found_without_a_rendering_renders_as_intended(
    body: list[str], start: int, removed: int, added: int
) -> None:
    template = ["kind: InferenceService", *body]
    rendered = rendered_lines(template)
    if start + 1 + removed > len(rendered) or removed + added == 0:
        return
    hunk = Hunk(start + 1, start + 1 + removed, ("  new: 1", "  - new")[:added])
    lines = TemplateText("\n".join(template))
    try:
        moved = LiteralFinder([*rendered], lines).find(hunk, is_checked=False)
    except NotLiteral:
        return
    assert rendered_lines(apply_hunks(lines.lines, [moved])) == apply_hunks(rendered, [hunk])
