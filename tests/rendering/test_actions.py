"""The actions and blocks of Go templates."""

import pytest

from isvclog.rendering.actions import TemplateText, find_actions

TEMPLATE = """\
{{- /* a comment with }} and {{ if }}
     over two lines */ -}}
kind: InferenceService
{{- if eq .Values.a "}}" }}
inside: {{ `raw }} "` }}
plain: 1
{{- else }}
other: 2
{{- range .Values.list }}
- item
{{- end }}
{{- end }}
last: 3
"""


def test_lines_with_an_action_are_not_plain() -> None:
    text = TemplateText(TEMPLATE)
    plain = [line for line in text.plain if line]
    assert plain == ["kind: InferenceService", "plain: 1", "other: 2", "- item", "last: 3"]
    assert text.trimmed == {2}


def test_blocks_begin_and_end_at_their_actions() -> None:
    text = TemplateText(TEMPLATE)
    by_line = dict(zip(text.lines, text.blocks, strict=True))
    assert by_line["kind: InferenceService"] is by_line["last: 3"] is None
    one, other, item = by_line["plain: 1"], by_line["other: 2"], by_line["- item"]
    assert one
    assert other
    assert item
    assert one is not other
    assert item.outer is other
    assert [one.is_repeated, other.is_repeated, item.is_repeated] == [False, False, True]


@pytest.mark.parametrize(
    "text", ["a: {{ .x\nb: 1\n", 'a: {{ "x\n }}\nb: 1\n', "a: {{/* x }}\nb: 1\n", "a: {{ `x }}\nb"]
)
def test_an_action_without_end_takes_the_rest(text: str) -> None:
    (action,) = find_actions(text)
    assert action.end == len(text)
    assert not any(TemplateText(text).plain)


@pytest.mark.parametrize(
    "piece", ["{{ ", '{{ "', '{{ "\\', "{{/*", "{{if}}", "{{end}}", "{{ ` }}", "{{else}}", "{{range}}{{else}}"]
)
def test_hostile_templates_take_linear_time(piece: str) -> None:
    text = TemplateText(piece * 50_000)
    assert len(text.lines) == 1
    assert not any(TemplateText(f"{piece}\n" * 20_000).plain[:-1])


def test_the_kind_above_a_line_is_found_in_constant_time() -> None:
    """A template may have many lines that are asked for."""
    text = TemplateText("kind: A\n" + "a: b\n" * 60_000)
    assert all(text.is_with_object(line, line + 1) for line in range(1, 60_000))
    assert not text.is_with_object(0, 1)
