"""Objects inside documents of other kinds are found where they are written, and edited there or not at all."""

from collections.abc import Sequence

import pytest

from isvclog.changes import Append, Change, Insert, MappingContent, Remove, Replace, SequenceContent
from isvclog.findings import Span
from isvclog.kserve.apis.kinds import kind_of_patch
from isvclog.manifest import Object, Source, load
from isvclog.manifest.editing.apply import Intent, apply, verify
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.editor import text_edits

SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
spec:
  predictor:
    logger:
      mode: all
      metadataHeaders:
      - X-A
"""
LOGGER = ("spec", "predictor", "logger")


def indented(text: str, blanks: int) -> str:
    return "".join(" " * blanks + line if line.strip() else line for line in text.splitlines(keepends=True))


MAPPING = f"kind: Policy\nspec:\n  templates:\n  - object:\n{indented(SERVICE, 6)}"
BLOCK = f"kind: Workflow\nspec:\n  manifest: |\n{indented(SERVICE, 4)}"
STRIPPED = (
    f"kind: ConfigMap\ndata:\n  # a service\n  iris.yaml: |- # as it is\n\n{indented(SERVICE, 6)}\n  other: text\n"
)
DOCUMENTS = (
    f"kind: ConfigMap\ndata:\n  all.yaml: |+\n    kind: Other\n    ---\n{indented(SERVICE, 4)}    ---\n    a: b\n"
)
NESTED = f"kind: Outer\nspec: |\n  kind: Inner\n  spec:\n    text: |\n{indented(SERVICE, 6)}  more: 1\n"
FOUND = {"mapping": MAPPING, "block": BLOCK, "stripped": STRIPPED, "documents": DOCUMENTS, "nested": NESTED}
OPAQUE = {
    "quoted": f"kind: ConfigMap\ndata: {{a: {SERVICE!r}}}\n".replace("'", '"'),
    "folded": f"kind: ConfigMap\ndata:\n  a: >\n{indented(SERVICE, 4).replace(chr(10), chr(10) * 2)}",
    "indented oddly": f"kind: ConfigMap\ndata:\n  a: |1\n{indented(SERVICE, 3)}",
}


def services(text: str) -> list[Object]:
    items = load(Source("a.yaml", text.encode()), (b"InferenceService",), kind_of_patch=kind_of_patch)
    return [item for item in items if isinstance(item, Object) and item.kind == "InferenceService"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("name", FOUND)
def test_a_value_is_where_it_is_written(name: str, line_break: str) -> None:
    text = FOUND[name].replace("\n", line_break)
    (found,) = services(text)
    line = next(number for number, line in enumerate(text.split(line_break), 1) if "X-A" in line)
    column = text.split(line_break)[line - 1].index("X-A") + 1
    assert found.label == "InferenceService/iris"
    assert found.span((*LOGGER, "metadataHeaders", 0)) == Span(line, column, line, column + 3)


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("name", FOUND)
@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ([Replace((*LOGGER, "metadataHeaders", 0), "X-Bee")], "X-A", "X-Bee"),
        ([Append((*LOGGER, "metadataHeaders"), ("X-B", "X-C"))], "- X-A\n", "- X-A\nI- X-B\nI- X-C\n"),
        ([Remove((*LOGGER, "mode"))], "mode: all\nI", ""),
        ([Insert((*LOGGER, "url"), "http://sink")], "mode: all\n", "mode: all\nIurl: http://sink\n"),
        (
            [Insert(("metadata", "annotations"), MappingContent((("a/b", "c"),)))],
            "name: iris\n",
            "name: iris\nOannotations:\nO  a/b: c\n",
        ),
        (
            [Insert((*LOGGER, "metadataAnnotations"), SequenceContent(("a", "b")))],
            "- X-A\n",
            "- X-A\nImetadataAnnotations:\nI- a\nI- b\n",
        ),
    ],
)
def test_an_edit_keeps_the_indentation(
    name: str, line_break: str, changes: Sequence[Change], before: str, after: str
) -> None:
    text = FOUND[name].replace("\n", line_break)
    (found,) = services(text)
    margin = next(line for line in FOUND[name].split("\n") if "name: iris" in line).index("n")
    wanted = [part.replace("I", " " * (margin + 4)).replace("O", " " * margin) for part in (before, after)]
    edits = text_edits(found, changes, text.encode())
    result = apply(text.encode(), edits).decode()
    assert sorted(result.split(line_break)) == sorted(FOUND[name].replace(*wanted).split("\n"))
    moved = tuple(change._replace(path=(*found.root, *change.path)) for change in changes)
    verify(text.encode(), result.encode(), [Intent(found.document, moved)])
    with pytest.raises(EditError):
        verify(text.encode(), result.replace("iris", "rose").encode(), [Intent(found.document, moved)])
    assert len(services(result)) == 1


@pytest.mark.parametrize("name", OPAQUE)
def test_a_text_that_is_spelled_otherwise_is_not_edited(name: str) -> None:
    (found,) = services(OPAQUE[name])
    assert found.span((*LOGGER, "mode")) == found.span(())
    with pytest.raises(EditError, match="inside a text that is not a block"):
        text_edits(found, [Replace((*LOGGER, "metadataHeaders", 0), "X-B")])


@pytest.mark.parametrize(
    "text",
    [
        "kind: Task\nsteps:\n- script: |\n    kubectl get InferenceService iris\n",
        "kind: Task\nsteps:\n- script: kubectl get InferenceService iris\n{{- if .Values.a }}\n  b: c: d\n{{- end }}\n",
        "kind: Schema\ndescription: a text with apiVersion and kind of an InferenceService\n",
        "kind: Policy\nspec: {match: {resources: {kinds: [InferenceService]}}}\n",
        "kind: Event\ninvolvedObject: {apiVersion: serving.kserve.io/v1beta1, kind: InferenceService, name: iris}\n",
        f"kind: Object\nstatus:\n  manifest:\n{indented(SERVICE, 4)}",
        f"kind: Object\nmetadata:\n  annotations:\n    last-applied: |\n{indented(SERVICE, 6)}",
        f"kind: Task\nscript: |\n  kubectl apply -f - <<END\n{indented(SERVICE, 2)}  END\n",
        "kind: Policy # InferenceService\nspec: {validate: {pattern: {spec: {predictor: {logger: {mode: '?*'}}}}}}\n",
        "kind: Policy # InferenceService\nspec: {patchStrategicMerge: {spec: {predictor: {logger: {^(mode): all}}}}}\n",
    ],
)
def test_what_only_mentions_a_service_is_none(text: str) -> None:
    assert services(text) == []
    loaded = load(Source("a.yaml", text.encode()), (b"InferenceService",), skip_mentions=True)
    assert all(isinstance(item, Object) for item in loaded)


def test_a_patch_of_a_policy_is_one_of_a_service() -> None:
    (found,) = services(
        "kind: ClusterPolicy # InferenceService\n"
        "spec:\n  rules:\n  - mutate:\n      patchStrategicMerge:\n        spec:\n          predictor:\n"
        "            logger: {mode: all}\n"
    )
    assert found.span((*LOGGER, "mode")).line == 8


PATCHES = {
    "operations": "kind: Kustomization\npatches:\n- target: {kind: InferenceService}\n  patch: |-\n    - op: add\n"
    "      path: /spec/predictor/logger/metadataHeaders\n      value: [X-A]\n    - op: remove\n      path: /spec/a\n",
    "data": "kind: Policy # InferenceService\npatch:\n"
    "- {op: add, path: /spec/predictor/logger/metadataHeaders/-, value: X-A}\n",
    "conditions": "kind: Policy # InferenceService\nspec:\n  patchStrategicMerge:\n    spec:\n      predictor:\n"
    "        +(logger):\n          metadataHeaders:\n          - X-A\n",
}


@pytest.mark.parametrize("name", PATCHES)
def test_a_patch_in_another_form_is_read_and_not_edited(name: str) -> None:
    text = PATCHES[name]
    (found,) = services(text)
    path = (*LOGGER, "metadataHeaders", 0)
    line = next(number for number, line in enumerate(text.split("\n"), 1) if "X-A" in line)
    column = text.split("\n")[line - 1].index("X-A") + 1
    assert found.span(path) == Span(line, column, line, column + 3)
    with pytest.raises(EditError, match="is written by a patch in another form"):
        text_edits(found, [Replace(path, "X-B")])


def test_a_repeated_key_of_a_text_is_one_of_its_object() -> None:
    (found,) = services(BLOCK.replace("mode: all", "mode: all\n          mode: request"))
    assert [duplicate.path for duplicate in found.duplicates] == [(*LOGGER, "mode")]
    with pytest.raises(EditError, match="is written twice"):
        text_edits(found, [Remove((*LOGGER, "mode"))])
