"""Edits and fixes of rendered text that are made in templates, bases and patches, or refused."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from isvclog.cli.main import main
from isvclog.rendering.source_edits import SourceChange, write_changes

needs_helm = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
needs_kustomize = pytest.mark.skipif(not shutil.which("kustomize"), reason="kustomize is not installed")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need permissions there, and the stub is a script")

STUB = """\
import json, pathlib, sys
# Renders each action as it was recorded: helm's own language is not known here.
chart = pathlib.Path(sys.argv[2])
recorded = json.loads((chart / "recorded.json").read_text())
for file in sorted((chart / "templates").iterdir()):
    text = file.read_bytes().decode()
    for action, rendered in recorded.items():
        text = text.replace(action, rendered)
    if not file.name.startswith("_"):
        sys.stdout.buffer.write(f"---\\n# Source: {chart.name}/templates/{file.name}\\n{text}".encode())
"""
TEMPLATE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: {{ .Release.Name }}
  annotations:
    acme.io/owner: risk  # who answers
    acme.io/team: {{ .Values.team }}
spec:
  predictor:
    logger:
      url: {{ .Values.url }}
      mode: all
      metadataHeaders:
        - x-request-id
      metadataAnnotations:
        - acme.io/owner
    model:
      modelFormat: {name: sklearn}
      storageUri: gs://models/fraud
"""
RECORDED = {
    "{{ .Release.Name }}": "fraud",
    "{{ .Values.team }}": "red",
    "{{ .Values.url }}": "http://sink.risk.svc.cluster.local",
}
FILE = "fraud/templates/isvc.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, a repository."""
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repo")
    return tmp_path / "repo"


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `helm` that renders what was recorded."""
    program = tmp_path / "bin" / "helm"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{STUB}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent))


def chart(template: str = TEMPLATE, recorded: dict[str, str] = RECORDED, values: str = "") -> Path:
    folder = Path("fraud")
    (folder / "templates").mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text("apiVersion: v2\nname: fraud\nversion: 0.1.0\n")
    (folder / "recorded.json").write_text(json.dumps(recorded))
    (folder / "values.yaml").write_text(values or "team: red\nurl: http://sink.risk.svc.cluster.local\n")
    (folder / "templates" / "isvc.yaml").write_bytes(template.encode())
    return folder / "templates" / "isvc.yaml"


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    return code, *capsys.readouterr()


ADDED = TEMPLATE.replace("        - acme.io/owner\n", "        - acme.io/owner\n        - acme.io/team\n")


@pytest.mark.usefixtures("stub")
def test_an_annotation_is_added_to_the_template(capsys: pytest.CaptureFixture[str]) -> None:
    file = chart()
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team") == (
        0,
        f"{FILE}: InferenceService/fraud: predictor lists `acme.io/team`\n",
        "isvclog: 1 problem that was there before: isvclog lint --helm fraud\n",
    )
    assert file.read_bytes().decode() == ADDED
    assert run(capsys, "remove-annotation", "--helm", "fraud", "acme.io/team", "-q") == (0, "", "")
    assert file.read_bytes().decode() == TEMPLATE


@pytest.mark.usefixtures("stub")
def test_a_value_is_set_and_all_other_bytes_stay(capsys: pytest.CaptureFixture[str]) -> None:
    file = chart(TEMPLATE.replace("\n", "\r\n"))
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/tier=gold", "-q") == (0, "", "")
    wanted = TEMPLATE.replace("spec:", "    acme.io/tier: gold\nspec:").replace(
        "        - acme.io/owner\n", "        - acme.io/owner\n        - acme.io/tier\n"
    )
    assert file.read_bytes().decode() == wanted.replace("\n", "\r\n")


@pytest.mark.usefixtures("stub")
def test_a_diff_names_the_template_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    file = chart()
    code, out, err = run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "--diff")
    assert code == 0
    assert out.splitlines()[:2] == [f"--- {FILE}", f"+++ {FILE}"]
    assert "+        - acme.io/team" in out
    assert "would change: predictor lists" in err
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "--check", "-q")[0] == 1
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/owner", "--check", "-q")[0] == 0
    assert file.read_bytes().decode() == TEMPLATE


LIST = "      metadataAnnotations:\n        - acme.io/owner\n"
WRITTEN = "      metadataAnnotations: {{ .Values.list | toYaml | nindent 8 }}\n"
FIXED = TEMPLATE.replace("x-request-id", "X-Request-Id")


@pytest.mark.usefixtures("stub")
def test_a_fix_is_made_in_the_template(capsys: pytest.CaptureFixture[str]) -> None:
    file = chart()
    code, out, err = run(capsys, "lint", "--helm", "fraud", "--diff")
    assert (code, out.splitlines()[0]) == (1, f"--- {FILE}")
    assert "would fix 1 finding in 1 file" in err
    assert run(capsys, "lint", "--helm", "fraud", "--check", "-q", "--exit-zero")[0] == 0
    assert file.read_bytes().decode() == TEMPLATE
    assert "1 may be fixable in the source" in run(capsys, "lint", "--helm", "fraud")[2]
    assert run(capsys, "lint", "--helm", "fraud", "--fix") == (0, "", "isvclog: fixed 1 finding in 1 file.\n")
    assert file.read_bytes().decode() == FIXED


@pytest.mark.usefixtures("stub")
def test_a_fix_that_cannot_be_written_is_not_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = os.path.realpath(chart())
    monkeypatch.setattr(os, "access", lambda path, mode: path != real)  # root may write everything
    code, _, err = run(capsys, "lint", "--helm", "fraud", "--fix")
    assert code == 3
    assert "cannot be written and is unchanged" in err
    assert "fixed 1 finding" not in err


@pytest.mark.usefixtures("stub")
def test_only_unsafe_fixes_that_are_asked_for_are_made(capsys: pytest.CaptureFixture[str]) -> None:
    header = "        - X-Request-Id\n"
    file = chart(FIXED.replace(header, header + "        - Authorization\n"))
    before = file.read_bytes()
    code, _, err = run(capsys, "lint", "--helm", "fraud", "--fix")
    assert code == 1
    assert "not fixed" not in err
    assert file.read_bytes() == before
    run(capsys, "lint", "--helm", "fraud", "--unsafe-fixes")
    assert file.read_bytes().decode() == FIXED


@pytest.mark.usefixtures("stub")
def test_fixes_of_what_a_template_makes_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    made = "        - {{ .Values.header }}\n        - x-request-id\n"
    file = chart(TEMPLATE.replace("        - x-request-id\n", made), {**RECORDED, "{{ .Values.header }}": "x-tenant"})
    code, out, err = run(capsys, "lint", "--helm", "fraud", "--fix", "-o", "concise")
    assert code == 1
    assert out.count("non-canonical-header") == out.count("\n") == 1
    assert "fixed 1 finding in 1 file" in err
    assert "1 finding is not fixed: the text is made by a template; change it by hand." in err
    assert file.read_bytes().decode() == TEMPLATE.replace(
        "        - x-request-id\n", made.replace("x-req", "X-Req").replace("t-id", "t-Id")
    )


@pytest.mark.usefixtures("stub")
def test_a_fix_that_renders_something_else_does_not_hinder_others(capsys: pytest.CaptureFixture[str]) -> None:
    template = TEMPLATE.replace("        - x-request-id\n", "        - x-request-id\n        - x-tenant\n")
    file = chart(template, {"x-request-id\n": "x-request-id\n", "X-Request-Id\n": "X-Other\n", **RECORDED})
    code, _, err = run(capsys, "lint", "--helm", "fraud", "--fix")
    assert code == 1
    assert "fixed 1 finding" in err
    assert "1 finding is not fixed" in err
    assert file.read_bytes().decode() == template.replace("x-tenant", "X-Tenant")


def test_rendered_text_of_a_pipe_is_fixed_in_the_chart(
    folder: Path, isvclog: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """There is no helm to ask: `if` around the whole object does not matter, one inside of it does."""
    rendered = f"---\n# Source: {FILE}\n" + TEMPLATE
    for action, text in RECORDED.items():
        rendered = rendered.replace(action, text)
    inner = "      metadataHeaders:\n        - x-request-id\n"
    for template, is_fixed in (
        ("{{ if .Values.team }}\n" + TEMPLATE + "{{ end }}\n", True),
        (TEMPLATE.replace(inner, "{{ if .Values.team }}\n" + inner + "{{ end }}\n"), False),
    ):
        file = chart(template)
        header = "X-Request-Id" if is_fixed else "x-request-id"
        ended = isvclog("lint", "-", "--fix", input=rendered, cwd=folder)
        assert ended.stdout == rendered.replace("x-request-id", header)
        assert file.read_bytes().decode() == template.replace("x-request-id", header)


def test_a_file_of_rendered_text_is_not_fixed(capsys: pytest.CaptureFixture[str]) -> None:
    file = chart()
    Path("rendered.yaml").write_text(f"---\n# Source: {FILE}\n" + TEMPLATE.replace("{{", "'").replace("}}", "'"))
    code, _, err = run(capsys, "lint", "rendered.yaml", "--fix", "--select", "non-canonical-header")
    assert code == 1
    assert "1 finding of rendered text is not fixed; change the source of each." in err
    assert file.read_bytes().decode() == TEMPLATE


REFUSED = {
    "made by an action": TEMPLATE.replace(LIST, WRITTEN),
    "rendered twice": "{{- range .Values.names }}\n---\n"
    + TEMPLATE.replace(".Values", "$.Values").replace(".Release.Name", ".")
    + "{{ end }}\n",
    "in another branch": TEMPLATE.replace(
        LIST, "{{- if .Values.x }}\n" + LIST + "{{- else }}\n" + WRITTEN + "{{- end }}\n"
    ),
}


@needs_helm
@pytest.mark.parametrize("name", REFUSED)
def test_what_a_template_makes_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    values = "names: [fraud, other]\nteam: red\nurl: http://sink\nlist: [acme.io/owner]\n"
    file = chart(REFUSED[name], values=values)
    selected = ("--name", "fraud") if "names" in REFUSED[name] else ()
    code, out, err = run(capsys, "add-annotation", "--helm", "fraud", *selected, "acme.io/team", "-q", "--force")
    assert (code, out) == (3, "")
    message = err.splitlines()[-1]
    assert message.startswith(f"isvclog: error: {FILE}:")
    assert "; by hand, add `acme.io/team` to `spec.predictor.logger.metadataAnnotations`. Nothing is " in message
    assert file.read_bytes().decode() == REFUSED[name]


@needs_helm
def test_an_edit_is_right_with_each_values_file_or_not_made(capsys: pytest.CaptureFixture[str]) -> None:
    other = LIST.replace("acme.io/owner", "acme.io/tier")
    template = TEMPLATE.replace(LIST, "{{- if .Values.other }}\n" + other + "{{- else }}\n" + LIST + "{{- end }}\n")
    file = chart(template)
    for name, text in (("a", "url: http://a\n"), ("b", "url: http://b\n")):
        Path(f"fraud/{name}-values.yaml").write_text(text)
    arguments = ("add-annotation", "--helm", "fraud", "--values-matrix", "*-values.yaml", "acme.io/team", "-q")
    Path("fraud/c-values.yaml").write_text("other: true\n")
    code, out, err = run(capsys, *arguments, "--force")
    assert (code, out) == (3, "")
    assert f"with fraud/c-values.yaml: the same change of {FILE} would render something else" in err
    assert file.read_text() == template
    Path("fraud/c-values.yaml").unlink()
    assert run(capsys, *arguments)[0] == 0
    assert file.read_text() == template.replace(LIST, f"{LIST}        - acme.io/team\n")
    assert run(capsys, *arguments[:1], "-f", str(file), *arguments[3:])[0] == 2


@pytest.mark.usefixtures("stub")
def test_a_change_that_renders_something_else_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The list is literal, but another template prints it as well."""
    file = chart()
    other = file.with_name("other.yaml")
    other.write_text("kind: ConfigMap\ndata: {{ (.Files.Get) }}\n")
    stub = Path(shutil.which("helm") or "")
    stub.write_text(stub.read_text() + "print('# ' + str(len(text)), file=sys.stderr)\nprint('---\\na:', len(text))\n")
    other.rename(file.with_name("a.yaml"))  # the last text is that of the service
    code, out, err = run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "-q")
    assert (code, out) == (3, "")
    assert f"the same change of {FILE} would render something else; by hand, add" in err
    assert file.read_bytes().decode() == TEMPLATE


@pytest.mark.usefixtures("stub")
def test_what_is_random_in_each_rendering_does_not_matter(capsys: pytest.CaptureFixture[str]) -> None:
    file = chart()
    stub = Path(shutil.which("helm") or "")
    stub.write_text(stub.read_text() + "import os\nprint('---\\nkind: Secret\\npassword:', os.urandom(8).hex())\n")
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "-q")[0] == 0
    assert file.read_bytes().decode() == ADDED


@pytest.mark.usefixtures("stub")
def test_a_secret_is_masked_in_what_is_to_be_written_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    written = TEMPLATE[TEMPLATE.index("  annotations:") : TEMPLATE.index("spec:")]
    chart(
        TEMPLATE.replace(written, "  annotations: {{ .json }}\n"), {**RECORDED, "{{ .json }}": "{acme.io/owner: risk}"}
    )
    secret = "ghp_" + "1a2B3c4D5e6F7g8H9i0J" * 2
    code, out, err = run(capsys, "add-annotation", "--helm", "fraud", f"acme.io/team={secret}", "--force")
    assert (code, out) == (3, "")
    assert "by hand, " in err
    assert "metadata.annotations" in err
    assert secret not in err


@pytest.mark.usefixtures("stub")
def test_nothing_outside_of_the_chart_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = chart()
    outside = folder / "shared.yaml"
    file.rename(outside)
    file.symlink_to(outside)
    code, _, err = run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "-q")
    assert code == 3
    assert f"{FILE} is a link to {os.path.realpath(outside)}, which is not in fraud" in err
    assert outside.read_bytes().decode() == TEMPLATE
    assert file.is_symlink()


@pytest.mark.usefixtures("stub")
def test_a_chart_may_be_behind_a_link_and_have_links_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = chart()
    file.rename(file.with_name("real.yaml"))
    file.symlink_to("real.yaml")
    (folder / "elsewhere").mkdir()
    Path("fraud").rename("elsewhere/fraud")
    Path("fraud").symlink_to("elsewhere/fraud")
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "-q")[0] == 2  # both are rendered
    file.unlink()
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "-q")[0] == 0
    assert file.with_name("real.yaml").read_bytes().decode() == ADDED


@pytest.mark.usefixtures("stub")
@pytest.mark.parametrize("text", ["{{/* unclosed", "x" * 1_100_000, "\xff", "\r#"], ids=range(4))
def test_hostile_templates_change_nothing(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = chart(recorded={text: "", **RECORDED})
    file.write_bytes(b"# " + text.encode("latin-1") + b"\n" + TEMPLATE.encode())
    before = file.read_bytes()
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "-q")[0] == 3
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--helm", "fraud", "-f", "a.yaml", "k"], "--helm names what to edit"),
        (["--helm", "fraud", "--stdout", "k"], "--stdout is about files"),
        (["--values", "v.yaml", "-f", "a.yaml", "k"], "--values and --set are for a chart"),
        (["--helm", "fraud", "--name", "other", "k"], "no InferenceService in fraud matches --name other; found"),
    ],
)
@pytest.mark.usefixtures("stub")
def test_wrong_usage(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    chart()
    code, out, err = run(capsys, "add-annotation", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err


@needs_helm
def test_the_real_helm_renders_a_changed_copy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logger = "logger:\n  url: {{ .Values.url }}\n  metadataAnnotations: [acme.io/owner]\n"
    helpers = f'{{{{- define "logger" }}}}\n{logger}{{{{- end }}}}\n'
    block = TEMPLATE[TEMPLATE.index("    logger:") : TEMPLATE.index("    model:")]
    included = '    {{- include "logger" . | nindent 4 }}\n'
    file = chart("{{- if .Values.team }}\n" + TEMPLATE.replace(block, included) + "{{- end }}\n")
    file.with_name("_helpers.tpl").write_text(helpers)
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "config.yaml").write_text("kind: Secret\nx: {{ randAlphaNum 9 }}\n")
    file.with_name("linked").symlink_to(folder / "elsewhere")
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team", "--set", "team=blue", "-q") == (0, "", "")
    assert file.with_name("_helpers.tpl").read_text() == helpers.replace("owner]", "owner, acme.io/team]")
    assert run(capsys, "add-annotation", "--helm", "fraud", "acme.io/team=x", "--overwrite", "-q")[0] == 3


BASE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
spec:
  predictor:
    logger: {mode: all, url: http://sink.risk.svc.cluster.local}  # kept
    model:
      modelFormat: {name: sklearn}
      storageUri: gs://models/fraud
"""
PATCH = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
spec:
  predictor:
    logger:
      metadataHeaders: [X-Tenant]
      metadataAnnotations:
      - acme.io/owner
"""


@pytest.fixture
def overlay(folder: Path) -> Callable[[str], str]:
    """An overlay of a base; the function reads one of its files."""
    for name, text in (
        ("base/kustomization.yaml", "resources: [isvc.yaml]\n"),
        ("base/isvc.yaml", BASE),
        ("prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\npatches: [{path: logger.yaml}]\n"),
        ("prod/logger.yaml", PATCH),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return lambda name: (folder / name).read_text()


@needs_kustomize
def test_a_list_of_a_patch_is_edited_in_the_patch(
    overlay: Callable[[str], str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "add-annotation", "-k", "prod", "acme.io/team=red", "acme.io/tier=gold")
    assert code == 0
    assert out.startswith("prod/logger.yaml, base/isvc.yaml: InferenceService/prod-fraud: predictor lists")
    assert overlay("prod/logger.yaml") == PATCH + "      - acme.io/team\n      - acme.io/tier\n"
    annotations = "  annotations:\n    acme.io/team: red\n    acme.io/tier: gold\n"
    assert overlay("base/isvc.yaml") == BASE.replace("spec:", annotations + "spec:")


@needs_kustomize
@pytest.mark.usefixtures("overlay")
def test_secrets_that_are_not_rendered_are_masked_in_diffs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The patch deletes a Secret of the base that is beside what changes."""
    secret = "kind: Secret\napiVersion: v1\nmetadata: {name: s}\n"
    service = "".join(line for line in BASE.splitlines(keepends=True) if "logger:" not in line)
    logger = "    logger: {mode: all, url: http://sink, metadataHeaders: [x-id]}\n"
    (folder / "base/isvc.yaml").write_text(f"{service}{logger}---\nstringData:\n  pin: hunter2\n{secret}")
    (folder / "prod/logger.yaml").write_text(f"$patch: delete\n{secret}")
    for command in (("lint", "-k", "prod", "--diff"), ("add-annotation", "-k", "prod", "acme.io/team", "--diff")):
        out = run(capsys, *command)[1]
        assert "pin: ***" in out
        assert "hunter2" not in out


@needs_kustomize
def test_all_files_are_written_or_none(
    overlay: Callable[[str], str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    base = os.path.realpath(folder / "base/isvc.yaml")
    monkeypatch.setattr(os, "access", lambda path, mode: path != base)  # root may write everything
    code, _, err = run(capsys, "add-annotation", "-k", "prod", "acme.io/team=red", "-q")
    assert code == 3
    assert "base/isvc.yaml cannot be written and is unchanged" in err
    assert overlay("prod/logger.yaml") == PATCH
    assert overlay("base/isvc.yaml") == BASE


def test_files_are_as_before_after_ctrl_c(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changes = [SourceChange(str(folder / name), b"old", b"new") for name in ("first", "second")]
    for change in changes:
        Path(change.file).write_bytes(change.old)
    original = os.replace

    def replace(source: str, target: str) -> None:
        if target.endswith("second"):
            raise KeyboardInterrupt
        original(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        write_changes(changes)
    assert {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()} == {
        "first": b"old",
        "second": b"old",
    }


@needs_kustomize
def test_a_list_in_a_text_of_a_kustomization_is_edited_there(
    overlay: Callable[[str], str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inner = "".join(f"    {line}\n" for line in PATCH.splitlines())
    text = f"resources: [../base]\npatches:\n- patch: |-\n{inner}"
    (folder / "prod/kustomization.yaml").write_text(text)
    assert run(capsys, "add-annotation", "-k", "prod", "acme.io/team", "-q")[0] == 0
    assert overlay("prod/kustomization.yaml") == text + "          - acme.io/team\n"


@needs_kustomize
def test_a_fix_is_made_in_the_patch(overlay: Callable[[str], str], capsys: pytest.CaptureFixture[str]) -> None:
    patch = PATCH.replace("X-Tenant", "X-Tenant, x-request-id")
    Path("prod/logger.yaml").write_text(patch)
    _, _, err = run(capsys, "lint", "-k", "prod", "--fix")
    assert "fixed 1 finding in 1 file" in err
    assert overlay("prod/logger.yaml") == patch.replace("x-request-id", "X-Request-Id")


@needs_kustomize
def test_what_a_json_patch_writes_is_refused(
    overlay: Callable[[str], str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "prod/kustomization.yaml").write_text(
        "resources: [../base]\npatches:\n- target: {kind: InferenceService}\n  patch: |-\n    - op: add\n"
        "      path: /spec/predictor/logger/metadataAnnotations\n      value: [acme.io/owner]\n"
    )
    code, _, err = run(capsys, "add-annotation", "-k", "prod", "acme.io/team", "-q")
    assert code == 3
    assert err.splitlines()[-1].startswith("isvclog: error: prod/kustomization.yaml:6: no file")
    assert "no file of the overlay has `spec.predictor.logger.metadataAnnotations` as it is built; by hand, add" in err


@needs_kustomize
def test_a_base_outside_of_the_root_is_not_written(
    overlay: Callable[[str], str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "prod/.git").mkdir()
    (folder / "prod/logger.yaml").write_text(PATCH.split("spec:")[0])
    code, _, err = run(capsys, "add-annotation", "-k", "prod", "acme.io/team", "-q")
    assert code == 3
    assert overlay("base/isvc.yaml") == BASE
    assert "by hand" in err
