"""Ignore comments of templates and overlays: those that Helm keeps, and those that it drops."""

import json
import shutil
from pathlib import Path

import pytest

from isvclog.cli.main import main
from isvclog.rendering.comments import find_source_comments

needs_helm = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
needs_kustomize = pytest.mark.skipif(not shutil.which("kustomize"), reason="kustomize is not installed")

TEMPLATE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
spec:
  predictor:
    logger:
      mode: {{ .Values.mode }}
      url: http://sink.risk.svc.cluster.local
      metadataHeaders:
        - x-request-id
    model:
      modelFormat: {name: sklearn}
      storageUri: gs://models/fraud
"""
FILE = "fraud/templates/isvc.yaml"
HEADER = "        - x-request-id"
IGNORE = "isvclog: ignore[non-canonical-header] a reason"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, a repository."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def chart(template: str, rendered: str = TEMPLATE, mode: str = "all") -> None:
    Path("fraud/templates").mkdir(parents=True)
    Path("fraud/Chart.yaml").write_text("apiVersion: v2\nname: fraud\nversion: 0.1.0\n")
    Path("fraud/values.yaml").write_text(f"mode: {mode}\n")
    Path(FILE).write_text(template)
    text = f"---\n# Source: {FILE}\n{rendered.replace('{{ .Values.mode }}', mode)}"
    Path("rendered.yaml").write_text(text)


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[tuple[str, str, int]]:
    main(["lint", *(arguments or ("rendered.yaml",)), "-o", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    places = [(finding.get("origin") or finding) for finding in findings]
    return [(finding["rule"], place["file"], place["line"]) for finding, place in zip(findings, places, strict=True)]


@pytest.mark.parametrize(
    "line",
    [
        f"        {{{{/* {IGNORE} */}}}}\n{HEADER}",
        f"        {{{{- /* {IGNORE} */ -}}}}\n{HEADER}",
        f"        {{{{/*\n  {IGNORE}\n  in two lines */}}}}\n        # another one\n{HEADER}",
        f"{HEADER} {{{{/* {IGNORE} */}}}}",
        f"        # {IGNORE}\n{HEADER}",
        f"{HEADER}  # {IGNORE}",
    ],
)
def test_a_comment_that_helm_drops_ignores_what_is_on_its_line_or_below(
    line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chart(TEMPLATE.replace(HEADER, line))
    assert found(capsys) == []
    assert [rule for rule, *_ in found(capsys, "rendered.yaml", "--no-ignores")] == ["non-canonical-header"]


@pytest.mark.parametrize("place", ["{}\n" + TEMPLATE, TEMPLATE + "{}\n"])
def test_a_comment_for_the_whole_template(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    chart(place.replace("{}", "{{/* isvclog: ignore-file[non-canonical-header, invalid-mode] x */}}"), mode="other")
    assert found(capsys) == []


def test_comments_that_helm_keeps_count_once(capsys: pytest.CaptureFixture[str]) -> None:
    used = TEMPLATE.replace(HEADER, f"{HEADER}  # {IGNORE}")
    chart(used, used)
    assert found(capsys) == []
    shutil.rmtree("fraud")
    unused = TEMPLATE.replace("model:\n", "model:  # isvclog: ignore[missing-url] x\n")
    chart(unused, unused)
    assert found(capsys) == [("non-canonical-header", FILE, 11), ("unused-ignore", FILE, 12)]


def test_a_comment_that_helm_keeps_and_that_is_in_no_template_is_in_the_rendered_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Such as one of values that a template prints."""
    chart(TEMPLATE, TEMPLATE.replace("model:\n", "model:  # isvclog: ignore[missing-url] x\n"))
    assert found(capsys) == [("non-canonical-header", FILE, 11), ("unused-ignore", "rendered.yaml", 14)]


def test_an_unused_comment_is_reported_unless_it_depends_on_values(capsys: pytest.CaptureFixture[str]) -> None:
    comment = "{{/* isvclog: ignore[invalid-mode, non-canonical-header] x */}}\n"
    template = (
        TEMPLATE.replace("      mode:", f"      {comment}      mode:")  # with other values there may be a finding
        .replace("      url:", f"      {comment}      url:")
        .replace("    model:", f"{{{{ if .Values.x }}}}\n    {comment}    model:")
        .replace("      storageUri", "{{ end }}\n      storageUri")
    )
    chart(template)
    assert found(capsys, "rendered.yaml", "--select", "invalid-mode", "--select", "unused-ignore") == [
        ("unused-ignore", FILE, 10)
    ]


def test_a_malformed_comment_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    chart(TEMPLATE.replace(HEADER, f"        {{{{/* isvclog: ignore non-canonical-header */}}}}\n{HEADER}"))
    assert found(capsys) == [("non-canonical-header", FILE, 12), ("unused-ignore", FILE, 11)]


def test_what_is_no_comment_ignores_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for line in (
        f'{HEADER} {{{{ "# {IGNORE}" }}}}',
        f'{HEADER} {{{{ "{{{{/* {IGNORE} */}}}}" }}}}',
        f"{HEADER}#{IGNORE}",
    ):
        chart(TEMPLATE.replace(HEADER, line))
        assert not [each for each in find_source_comments(FILE, "isvclog:") if each.comment.target == 11]
        shutil.rmtree("fraud")
    chart(TEMPLATE.replace("      url: ", f'      other: "{{{{ .x }}}} # {IGNORE}"\n      url: '))
    assert find_source_comments(FILE, "isvclog:") == []


@needs_helm
def test_a_comment_that_one_values_file_needs_is_used(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chart(
        TEMPLATE.replace("      mode:", "      {{- /* isvclog: ignore[invalid-mode] x */}}\n      mode:").replace(
            "x-r", "X-R"
        )
    )
    for name, mode in (("a", "all"), ("b", "bad")):
        (folder / f"fraud/{name}-values.yaml").write_text(f"mode: {mode}\n")
    assert found(capsys, "--helm", "fraud", "--values-matrix", "*-values.yaml", "--select", "invalid-mode") == []


@needs_kustomize
def test_a_comment_of_a_base_or_patch_counts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = TEMPLATE.replace("{{ .Values.mode }}", "all")
    (folder / "kustomization.yaml").write_text("resources: [isvc.yaml]\n")
    (folder / "isvc.yaml").write_text(text.replace(HEADER, f"        # {IGNORE}\n{HEADER}"))
    assert found(capsys, "-k", ".") == []
    (folder / "isvc.yaml").write_text(
        text.replace("model:\n", "model:  # isvclog: ignore[missing-url] overlays differ\n")
    )
    assert [rule for rule, *_ in found(capsys, "-k", ".")][:1] == ["non-canonical-header"]


def test_a_comment_with_many_blanks_takes_linear_time(folder: Path) -> None:
    (folder / "blank.yaml").write_text(f"{{{{/* {IGNORE}{' ' * 200_000}more */}}}}\nkind: A\n")
    ((comment, _),) = find_source_comments("blank.yaml", "isvclog:")
    assert comment.text.startswith(IGNORE)
    assert comment.text.endswith(" more")
