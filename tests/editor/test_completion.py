"""Completions: a document with a cursor (`^`), and what is offered there."""

from pathlib import Path

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from editor_client import Editor, edit, place
from lsprotocol import types

SERVICE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    example.com/other: of another document
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  annotations:
    example.com/tenant: acme
    "example.com/plan": gold
    example.com/password: hunter2
    # a comment: here
    team: x
  labels:
    example.com/label: x
spec:
  predictor:
    model: {modelFormat: {name: sklearn}}
    logger:
"""
ANNOTATIONS = ["example.com/tenant", "example.com/plan", "team"]
MODES = ["all", "request", "response"]
CASES = {
    "a new item": ("      metadataAnnotations:\n        - ^", ANNOTATIONS, 0),
    "an item that is begun": ("      metadataAnnotations:\n        - example.com/t^", ANNOTATIONS, 13),
    "an item as deep as its key": ("      metadataAnnotations:\n      - x\n      - 'te^", ANNOTATIONS, 2),
    "a flow list": ("      metadataAnnotations: [team, exa^", ANNOTATIONS, 3),
    "an empty flow list": ("      metadataAnnotations: [^]", ANNOTATIONS, 0),
    "a mode": ("      url: http://sink\n      mode: re^", MODES, 2),
    "a mode before other fields": ("      mode: ^\n      url: http://sink", MODES, 0),
    "the mode of something else": ("    other:\n      mode: ^", [], 0),
    "another list": ("      other:\n        - ^", [], 0),
    "a key": ("      met^", [], 0),
}


def offered(project: Path, name: str, text: str) -> list[types.CompletionItem]:
    """Return what is offered at the cursor of a document."""
    before, after = text.split("^")
    position = types.Position(before.count("\n"), len(before.rpartition("\n")[2]))
    found: list[types.CompletionItem] = []

    async def steps(editor: Editor) -> None:
        uri = editor.open(project / name, before + after)
        params = types.CompletionParams(types.TextDocumentIdentifier(uri), position)
        answer = await editor.wait(editor.client.text_document_completion_async(params))
        found.extend(answer.items)

    edit(project, steps)
    return found


@pytest.mark.parametrize("name", CASES)
def test_completions(name: str, tmp_path: Path) -> None:
    text, labels, length = CASES[name]
    found = offered(tmp_path, "isvc.yaml", SERVICE + text)
    assert [each.label for each in found] == labels
    line, column = text.partition("^")[0].count("\n") + SERVICE.count("\n"), len(text.partition("^")[0].split("\n")[-1])
    for each in found:
        assert isinstance(each.text_edit, types.TextEdit)
        assert place(each.text_edit.range) == f"{line}:{column - length}-{line}:{column}"


def test_annotations_in_a_flow_mapping(tmp_path: Path) -> None:
    start, end = SERVICE.index("  annotations:\n    example.com/tenant"), SERVICE.index("  labels:")
    pairs = "example.com/tenant: 'a, b: c', 'team': x, url: http://a, example.com/password: hunter2, half: "
    text = f"{SERVICE[:start]}  annotations: {{{pairs}\n{SERVICE[end:]}      metadataAnnotations: [^"
    found = offered(tmp_path, "isvc.yaml", text)
    assert [each.label for each in found] == ["example.com/tenant", "team", "url", "half"]


def test_headers_are_spelled_as_go_spells_them(tmp_path: Path) -> None:
    found = offered(tmp_path, "isvc.yaml", SERVICE + "      metadataHeaders:\n        - x^")
    labels = [each.label for each in found]
    assert {"X-Request-Id", "Traceparent", "X-B3-Traceid"} <= set(labels)
    assert "Authorization" not in labels


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("isvc.yaml", SERVICE + "      mode: al  # isvclog: ignore[missing-mode, inv^"),
        ("isvc.yaml", "# isvclog: ignore-file[^\n" + SERVICE),
        (".isvclog.yaml", "select:\n  - ^"),
        (".isvclog.yaml", "ignore: [^]"),
        (".isvclog.yaml", "ignores:\n  - rule: inv^"),
    ],
)
def test_rules(name: str, text: str, tmp_path: Path) -> None:
    labels = {each.label for each in offered(tmp_path, name, text)}
    assert {"invalid-mode", "missing-mode"} <= labels
    assert "crashed-agent" not in labels


def test_other_documents_are_left_alone(tmp_path: Path) -> None:
    assert offered(tmp_path, "other.yaml", "logger:\n  mode: ^") == []
