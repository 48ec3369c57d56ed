"""Findings of rendered text, and the places of the source that they are given."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from isvclog.cli.main import main
from isvclog.findings import Finding, Severity, SourcePlace, Span
from isvclog.lint.files import check_source, trace_to
from isvclog.manifest import Object, Source
from isvclog.rendering.trace import RenderedFrom

SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud{annotations}
spec:
  predictor:
    logger:
      mode: all
"""
HELM = "---\n# Source: {}\n" + SERVICE.format(annotations="")
MODE = ("spec", "predictor", "logger", "mode")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, the root of a repository."""
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repo")
    return tmp_path / "repo"


def chart(path: str, name: str, values: str = "", template: str = "mode: {{ .Values.logger.mode }}") -> None:
    folder = Path(path)
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name}\n")
    if values:
        (folder / "values.yaml").write_text(values)
    (folder / "templates" / "isvc.yaml").write_text(template)


def origins(text: str, rendered: RenderedFrom | None = None, path: tuple[str | int, ...] = MODE) -> SourcePlace | None:
    def check(obj: Object) -> Sequence[Finding]:
        return [Finding(obj.file, obj.span(path), Severity.ERROR, "a-rule", "It is wrong.", path=path)]

    trace_to(rendered)
    try:
        (finding,) = check_source(Source("<stdin>", text.encode()), check).findings
    finally:
        trace_to(None)
    return finding.origin


def test_a_key_is_found_in_the_template_and_its_value_in_the_values() -> None:
    chart("deploy/a", "fraud-chart", "logger:\n  mode: all\n")
    found = origins(HELM.format("fraud-chart/templates/isvc.yaml"))
    assert found == SourcePlace(
        "deploy/a/templates/isvc.yaml", Span(1, 1, 1, 5), True, ("deploy/a/values.yaml", Span(2, 3, 2, 7))
    )


@pytest.mark.parametrize(
    ("values", "span"),
    [
        ("logger: {mode: all, url: 'http://s'}\n", Span(1, 1, 1, 7)),
        ("fraud: 1\nlogger: {mode: request}\n", None),
        ("logger: {}\nmode: all\n", None),
        ("logger: {no-mode: all}\n", None),
        ('logger: {"mode" : all}\n', Span(1, 1, 1, 7)),
        ("logger: {mode: all}\nlogger: {mode: all}\n", None),
    ],
)
def test_a_value_in_a_flow_mapping_is_in_the_line_of_its_key(values: str, span: Span | None) -> None:
    chart("a", "a", values)
    found = origins(HELM.format("a/templates/isvc.yaml"))
    assert found
    assert found.values == (span and ("a/values.yaml", span))


def test_a_key_that_is_there_twice_or_not_at_all_is_in_the_first_line() -> None:
    first = SourcePlace("a/templates/isvc.yaml", Span(1, 1, 1, 1))
    chart("a", "a", template="mode: {{ .x }}\n---\nmode: {{ .y }}\n")
    assert origins(HELM.format("a/templates/isvc.yaml")) == first
    chart("a", "a", template="kind: InferenceService\n")
    assert origins(HELM.format("a/templates/isvc.yaml")) == first


def test_a_key_with_another_parent_or_another_value_is_another_key() -> None:
    for template in ("storage:\n  mode: {{ .x }}\n", "mode: request\n"):
        chart("a", "a", template=template)
        found = origins(HELM.format("a/templates/isvc.yaml"))
        assert found
        assert not found.is_exact


def test_a_key_of_a_helper_is_in_the_helper() -> None:
    chart("a", "a", "mode: all\n", template='spec:\n  predictor:\n    {{- include "a.logger" . | nindent 4 }}\n')
    text = HELM.format("a/templates/isvc.yaml")
    assert origins(text) == SourcePlace(
        "a/templates/isvc.yaml", Span(1, 1, 1, 1), False, ("a/values.yaml", Span(1, 1, 1, 5))
    )
    Path("a/templates/_helpers.tpl").write_text(
        '{{- define "a.logger" }}\nlogger:\n  mode: {{ .Values.mode }}\n{{- end }}\n'
    )
    place = SourcePlace("a/templates/_helpers.tpl", Span(3, 3, 3, 7), True, ("a/values.yaml", Span(1, 1, 1, 5)))
    assert origins(text) == place


@pytest.mark.parametrize(
    ("name", "own", "place"),
    [
        ("_isvc.tpl", "", ("c/charts/lib/templates/_isvc.tpl", 2)),
        ("_isvc.yaml", "", ("c/charts/lib/templates/_isvc.yaml", 2)),
        ("isvc.yaml", "", ("c/templates/isvc.yaml", 1)),
        ("_isvc.tpl", "# own\n\nmode: all\n", ("c/templates/_own.tpl", 3)),
    ],
)
def test_a_key_of_a_library_chart_is_in_its_helper(name: str, own: str, place: tuple[str, int]) -> None:
    chart("c", "c", "mode: all\n", template='{{ include "lib.isvc" . }}\n')
    chart("c/charts/lib", "lib", template="other: x\n")
    Path("c/charts/lib/templates", name).write_text('{{ define "lib.isvc" }}\nmode: {{ .Values.mode }}\n{{ end }}\n')
    Path("c/templates/_own.tpl").write_text(own)
    found = origins(HELM.format("c/templates/isvc.yaml"))
    assert found
    assert (found.file, found.span.line) == place
    assert found.values == (None if own else ("c/values.yaml", Span(1, 1, 1, 5)))


def test_a_key_in_a_flow_mapping_has_its_line() -> None:
    chart("a", "a", template="spec:\n  predictor:\n    logger: {mode: all, url: x}\n")
    found = origins(HELM.format("a/templates/isvc.yaml"))
    assert found == SourcePlace("a/templates/isvc.yaml", Span(3, 5, 3, 11), True)


def test_a_key_that_is_absent_has_the_place_of_its_parent() -> None:
    chart("a", "a", template="spec:\n  predictor:\n    logger:\n      mode: all\n")
    found = origins(HELM.format("a/templates/isvc.yaml"), path=(*MODE[:-1], "url"))
    assert found == SourcePlace("a/templates/isvc.yaml", Span(3, 5, 3, 11), True)


@pytest.mark.parametrize(
    ("given", "values", "place"),
    [
        ("logger: {}\n", "logger:\n  mode: all\n", ("a/values.yaml", 2)),
        ("logger:\n  mode: all\n", "logger:\n  mode: all\n", ("prod.yaml", 2)),
        ("logger:\n  mode: other\n", "logger:\n  mode: other\n", None),
    ],
    ids=["of the chart", "given", "from --set"],
)
def test_the_values_file_is_the_one_whose_value_counts(given: str, values: str, place: tuple[str, int] | None) -> None:
    chart("a", "a", values)
    Path("prod.yaml").write_text(given)
    found = origins(HELM.format("a/templates/isvc.yaml"), RenderedFrom(values=(os.path.realpath("prod.yaml"),)))
    assert found
    assert (found.values and (found.values[0], found.values[1].line)) == place


def test_a_subchart_gets_the_values_of_its_parent() -> None:
    chart("ml", "ml", "isvc:\n  logger:\n    mode: all\n")
    chart("ml/charts/isvc", "isvc", "logger:\n  mode: all\n")
    found = origins(HELM.format("ml/charts/isvc/templates/isvc.yaml"))
    assert found
    assert found.file == "ml/charts/isvc/templates/isvc.yaml"
    assert found.values == ("ml/values.yaml", Span(3, 5, 3, 9))


def test_a_subchart_may_be_elsewhere() -> None:
    chart("ml", "ml")
    chart("common/isvc", "isvc")
    found = origins(HELM.format("ml/charts/isvc/templates/isvc.yaml"))
    assert found
    assert found.file == "common/isvc/templates/isvc.yaml"


def test_two_charts_with_one_name_need_a_root() -> None:
    chart("a", "isvc")
    chart("b", "isvc")
    text = HELM.format("isvc/templates/isvc.yaml")
    assert origins(text) is None
    found = origins(text, RenderedFrom(root="b"))
    assert found
    assert found.file == "b/templates/isvc.yaml"


@pytest.mark.parametrize(
    "path", ["a/../../secret.yaml", "a/templates/../../../secret.yaml", "a//etc/passwd", "a/link.yaml"]
)
def test_nothing_outside_of_the_root_is_read(path: str, folder: Path) -> None:
    chart("a", "a")
    (folder.parent / "secret.yaml").write_text("mode: all\n")
    os.symlink(folder.parent / "secret.yaml", "a/link.yaml")
    assert origins(HELM.format(path)) is None


def test_a_comment_inside_of_a_document_names_no_source() -> None:
    chart("a", "a")
    assert origins(SERVICE.format(annotations="") + "# Source: a/templates/isvc.yaml\n") is None
    assert origins("# Source: https://example.com/a/b\n" + SERVICE.format(annotations="")) is None


HEADERS = ("spec", "predictor", "logger", "metadataHeaders")
LISTED = HELM.format("c/templates/isvc.yaml") + "      metadataHeaders:\n        - x-a\n        - x-b\n"
"""A rendered list, whose second item is `x-b`."""


@pytest.mark.parametrize(
    ("template", "values", "line", "value_line"),
    [
        ("\n  - x-a\n  - {{ .Values.b.c | quote }}", "b:\n  c: x-b\n", 3, 2),
        ("\n  - x-a\n  - {{ .Values.b.c }}", "b:\n  c: x-other\n", 3, None),
        ("\n  - x-a\n  {{- if .Values.on }}\n  - {{ .Values.b }}\n  {{- end }}", "on: x\nb: x-b\n", 4, 2),
        ("\n  - {{ .Values.a }}\n  - {{ .Values.b }}", "a: x-a\nb: x-b\n", 1, None),
        ("\n  {{- toYaml .Values.all | nindent 2 }}", "all:\n- x-a\n- x-b\n", 1, 3),
        (" {{- toYaml .Values.all | nindent 2 }}", "all: [x-a, x-b]\n", 1, 1),
        ("\n  {{- toYaml .Values.all | nindent 2 }}", "all: [x-other]\n", 1, None),
        ("\n  {{- range .Values.all }}\n  - {{ . }}\n  {{- end }}", "all:\n- x-a\n- x-b\n", 3, 3),
        ("\n  - {{ .Values.a }}\n  - x-b", "a: x-b\n", 3, None),
        ('\n  - x-a\n{{- end }}\n{{- define "d" }}\n  - {{ .Values.b }}\n', "b: x-b\n", 1, None),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_an_item_that_an_action_makes(
    template: str, values: str, line: int, value_line: int | None, line_break: str
) -> None:
    chart("c", "c", values.replace("\n", line_break), f"metadataHeaders:{template}".replace("\n", line_break))
    found = origins(LISTED, path=(*HEADERS, 1))
    assert found
    assert (found.span.line, found.is_exact) == (line, True)
    assert (found.values and found.values[1].line) == value_line


def test_a_literal_item_beside_an_action_has_no_value() -> None:
    chart("c", "c", "b: x-b\n", "metadataHeaders: [x-a, {{ .Values.b }}]\n")
    found = origins(HELM.format("c/templates/isvc.yaml") + "      metadataHeaders: [x-a, x-b]\n", path=(*HEADERS, 0))
    assert found
    assert (found.span.line, found.values) == (1, None)


def test_an_item_of_a_mapping_that_is_printed_as_a_whole_is_in_the_values() -> None:
    chart("c", "c", "logger:\n  metadataHeaders:\n  - x-a\n  - x-b\n", "logger: {{ toYaml .Values.logger }}\n")
    found = origins(LISTED, path=(*HEADERS, 1))
    assert found
    assert found.values == ("c/values.yaml", Span(4, 5, 4, 8))


def annotated(origin: str, *kustomizations: str) -> str:
    changes = "".join(f"      - configuredIn: {name}\n" for name in kustomizations)
    annotations = "\n  annotations:\n    config.kubernetes.io/origin: |\n" + "".join(
        f"      {line}\n" for line in origin.split("\n")
    )
    if changes:
        annotations += "    alpha.config.kubernetes.io/transformations: |\n" + changes
    return SERVICE.format(annotations=annotations.rstrip("\n"))


def overlay(path: str, **files: str) -> None:
    Path(path).mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (Path(path) / f"{name}.yaml").write_text(text)


MARKED = "buildMetadata: [originAnnotations]\n"


def test_an_object_of_an_overlay_is_in_the_file_that_kustomize_names() -> None:
    overlay("base", isvc=SERVICE.format(annotations=""))
    overlay("prod", kustomization=MARKED)
    found = origins(annotated("path: ../base/isvc.yaml"))
    assert found == SourcePlace("base/isvc.yaml", Span(8, 7, 8, 11), True)


def test_a_value_of_a_patch_is_in_the_patch_for_that_object() -> None:
    overlay("base", isvc=SERVICE.format(annotations="").replace("all", "request"))
    patch = SERVICE.format(annotations="")
    overlay(
        "prod",
        kustomization=MARKED + "patches: [{path: other.yaml}, {path: ours.yaml}]\n",
        other=patch.replace("fraud", "fraud-2"),
        ours="# ours\n" + patch,
    )
    found = origins(annotated("path: ../base/isvc.yaml", "kustomization.yaml"))
    assert found == SourcePlace("prod/ours.yaml", Span(9, 7, 9, 11), True)


def test_an_operation_of_a_json_patch_is_found_by_its_path() -> None:
    overlay("base", isvc=SERVICE.format(annotations="").replace("all", "request"))
    operation = "patches:\n- patch: |\n    - op: replace\n      path: /spec/predictor/logger/mode\n      value: all\n"
    overlay("prod", kustomization=MARKED + operation)
    found = origins(annotated("path: ../base/isvc.yaml", "kustomization.yaml"))
    assert found == SourcePlace("prod/kustomization.yaml", Span(5, 7, 5, 11), True)


@pytest.mark.parametrize("base", ["[x-a]", "\n      - x-a"])
@pytest.mark.parametrize("value", ["x-b", "x-other"])
def test_an_item_that_a_json_patch_adds_is_at_its_operation(base: str, value: str) -> None:
    headers = f"      metadataHeaders: {base}\n"
    overlay("base", isvc=SERVICE.format(annotations="") + headers)
    operation = "op: add\n      path: /spec/predictor/logger/metadataHeaders/-\n      value: "
    overlay("prod", kustomization=MARKED + f"patches:\n- patch: |\n    - {operation}{value}\n")
    rendered = annotated("path: ../base/isvc.yaml", "kustomization.yaml")
    found = origins(f"{rendered}      metadataHeaders:\n      - x-a\n      - x-b\n", path=(*HEADERS, 1))
    assert found
    assert ((found.file, found.span.line) == ("prod/kustomization.yaml", 5)) == (value == "x-b")


@pytest.mark.parametrize(
    "origin",
    [
        "path: ../../../etc/passwd",
        "path: isvc.yaml\nrepo: https://example.com/x",
        "- path: x",
        "path: [",
        "path: absent.yaml",
    ],
)
def test_what_is_not_in_the_repository_has_no_place(origin: str) -> None:
    overlay("prod", kustomization=MARKED, isvc=SERVICE.format(annotations=""))
    assert origins(annotated(origin)) is None


def test_two_overlays_that_may_be_meant_give_no_place() -> None:
    for path in ("a", "b"):
        overlay(path, kustomization=MARKED, isvc=SERVICE.format(annotations=""))
    assert origins(annotated("path: isvc.yaml")) is None


def test_everything_else_of_a_rendered_folder_belongs_to_one_file() -> None:
    found = origins(SERVICE.format(annotations=""), RenderedFrom(fallback="a/Chart.yaml"))
    assert found == SourcePlace("a/Chart.yaml", Span(1, 1, 1, 1))


def rendered_twice() -> tuple[str, str]:
    """A chart with a defect, as it is rendered, and with more lines above the service."""
    chart("a", "a", "logger:\n  mode: sometimes\n")
    text = HELM.format("a/templates/isvc.yaml").replace("mode: all", "mode: sometimes")
    return text, text.replace("kind:", "# new\n# lines\nkind:")


def test_sarif_has_the_source_as_location_and_the_rest_as_related(capsys: pytest.CaptureFixture[str]) -> None:
    Path("out.yaml").write_text(rendered_twice()[0])
    main(["validate", "out.yaml", "-o", "sarif"])
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    found = [
        (place["physicalLocation"]["artifactLocation"]["uri"], place["physicalLocation"]["region"]["startLine"])
        for place in (*result["locations"], *result["relatedLocations"])
    ]
    assert found == [("a/templates/isvc.yaml", 1), ("out.yaml", 10), ("a/values.yaml", 2)]
    assert "fixes" not in result


@pytest.mark.parametrize("name", ["sarif", "gitlab"])
def test_fingerprints_stay_the_same_when_a_chart_is_rendered_again(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = []
    for file, text in zip(("one.yaml", "two.yaml"), rendered_twice(), strict=True):
        Path(file).write_text(text)
        main(["validate", file, "-o", name])
        report = json.loads(capsys.readouterr().out)
        found += (
            [report[0]["fingerprint"]] if name == "gitlab" else [report["runs"][0]["results"][0]["partialFingerprints"]]
        )
    assert found[0] == found[1]
