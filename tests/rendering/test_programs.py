"""The user's own helm and kustomize: real ones where they are installed, and programs that fail."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import isvclog.rendering.processes
from isvclog.cli.main import main

SESSION = Path(__file__).parents[1] / "cli" / "linted" / "rendered"
needs_helm = pytest.mark.skipif(not shutil.which("helm"), reason="helm is not installed")
needs_kustomize = pytest.mark.skipif(not shutil.which("kustomize"), reason="kustomize is not installed")
TEMPLATE, HEADERS = "charts/fraud/templates/isvc.yaml", "overlays/prod/headers.yaml"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, a repository with a chart and an overlay."""
    shutil.copytree(SESSION, tmp_path / "repo")
    (tmp_path / "repo" / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "repo")
    return tmp_path / "repo"


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for."""
    found = tmp_path / "bin"
    found.mkdir()
    monkeypatch.setenv("PATH", str(found))
    return found


def program(folder: Path, name: str, code: str) -> None:
    file = folder / name
    file.write_text(f"#!{sys.executable}\nimport sys, time\n{code}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)


def places(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int, bool]]:
    main([*arguments, "-o", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert all(finding["fix"] is None for finding in findings)
    return [(found["origin"]["file"], found["origin"]["line"], found["origin"]["exact"]) for found in findings]


@pytest.mark.skipif(os.name != "posix", reason="needs signals between processes")
def test_a_program_ends_with_isvclog(programs: Path) -> None:
    started = programs / "pid"
    program(programs, "helm", f"import os; os.symlink(str(os.getpid()), {str(started)!r}); time.sleep(60)")
    command = [sys.executable, "-m", "isvclog", "lint", "--helm", "charts/fraud"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while not started.is_symlink():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(started.readlink().name), 0)


@needs_helm
def test_a_chart_is_rendered_and_its_findings_are_in_the_template(capsys: pytest.CaptureFixture[str]) -> None:
    assert places(["lint", "--helm", "charts/fraud"], capsys) == [(TEMPLATE, 1, False), (TEMPLATE, 17, True)]
    assert places(["validate", "--helm", "charts/fraud", "--set", "logger.mode=x"], capsys) == [(TEMPLATE, 13, True)]


@needs_helm
def test_values_files_are_given_to_helm_and_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "prod.yaml").write_text("logger:\n  mode: sometimes\n")
    main(["lint", "--helm", "charts/fraud", "--values", "prod.yaml", "--select", "invalid-mode", "-o", "concise"])
    assert f"{TEMPLATE}:13:7" in (shown := capsys.readouterr().out)
    assert "(rendered line 13, value from prod.yaml:2)" in shown


@needs_helm
@pytest.mark.skipif(os.name == "nt", reason="no file can have such a name")
def test_a_values_file_is_one_file_whatever_its_name(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To helm, a comma separates two files; one of a matrix could name any file of the system by its folders."""
    (folder / "other.yaml").write_text("logger:\n  mode: other\n")
    values = folder / f'charts/fraud/ci/a",{folder}/other.yaml'
    values.parent.mkdir(parents=True)
    values.write_text("logger:\n  mode: own\n")
    assert main(["validate", "--helm", "charts/fraud", "--values-matrix", "ci/**/*.yaml", "-o", "concise"]) == 1
    assert "not `own`" in capsys.readouterr().out


@needs_helm
def test_a_chart_is_previewed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "--helm", "charts/fraud", "--set", r"annotations.acme\.io/team=x"]) == 0
    shown = capsys.readouterr().out
    assert "http://sink.risk.svc.cluster.local" in shown
    assert "`isvclog lint --helm charts/fraud`" in shown


@needs_helm
def test_the_reason_of_helm_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--helm", "charts/fraud", "--set", "logger"]) == 3
    assert "helm template failed with exit code 1: Error: failed parsing --set" in capsys.readouterr().err


@needs_kustomize
@pytest.mark.parametrize("marked", [True, False], ids=["marked", "not marked"])
def test_an_overlay_is_built_and_its_findings_are_in_the_patch(
    marked: bool, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not marked:
        file = folder / "overlays/prod/kustomization.yaml"
        file.write_text(file.read_text().replace("buildMetadata", "# buildMetadata"))
    before = sorted(map(str, folder.rglob("*")))
    assert places(["lint", "-k", "overlays/prod"], capsys) == [(HEADERS, 9, True)]
    assert sorted(map(str, folder.rglob("*"))) == before


@pytest.mark.skipif(os.name == "nt", reason="programs are scripts here")
def test_an_overlay_that_has_no_origins_is_in_its_kustomization(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = Path("helm.yaml").read_text().replace("# Source: ", "# ")
    program(programs, "kubectl", f"sys.exit(1) if 'isvclog-' in sys.argv[-1] else print({text!r})")
    found = places(["lint", "-k", "overlays/prod"], capsys)
    assert found == [("overlays/prod/kustomization.yaml", 1, False)] * 3


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize(("option", "folder_"), [("--helm", "charts/fraud"), ("-k", "overlays/prod")])
def test_a_missing_program_is_a_sentence(option: str, folder_: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", option, folder_]) == 3
    assert "is not installed; install it" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="programs are scripts here")
@pytest.mark.parametrize("name", ["helm", "kustomize", "kubectl"])
def test_a_program_of_the_current_folder_is_not_run(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be that of a repository that was just cloned."""
    monkeypatch.setenv("PATH", os.curdir)
    program(folder, name, "open('ran', 'w')")
    option = ["--helm", "charts/fraud"] if name == "helm" else ["-k", "overlays/prod"]
    assert main(["lint", *option]) == 3
    assert f"{name} is not installed; install it" in capsys.readouterr().err
    assert not (folder / "ran").exists()


@pytest.mark.skipif(os.name == "nt", reason="programs are scripts here")
def test_a_program_that_hangs_is_stopped(
    programs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(isvclog.rendering.processes, "TIMEOUT", 0.2)
    program(programs, "helm", "time.sleep(60)")
    assert main(["lint", "--helm", "charts/fraud"]) == 3
    assert "helm template did not end within 0.2 seconds" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="programs are scripts here")
def test_secrets_in_what_a_program_says_are_masked(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program(programs, "helm", "sys.exit('Error: https://joe:hunter2-hunter2@example.com is down')")
    assert main(["lint", "--helm", "charts/fraud"]) == 3
    assert "hunter2" not in (said := capsys.readouterr().err)
    assert "Error: https://" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["lint", "--helm", "overlays"], "there is no Chart.yaml in it"),
        (["lint", "-k", "charts"], "there is no kustomization.yaml in it"),
        (["lint", "--set", "a=b"], "--values and --set are for a chart"),
        (["lint", "--helm", "charts/fraud", "-k", "overlays/prod"], "--helm and --kustomize exclude each other"),
        (["lint", "--helm", "charts/fraud", "helm.yaml"], "--helm names what to check"),
        (["validate", "-k", "overlays/prod", "--live"], "--kustomize names what to check"),
        (["preview", "-k", "overlays/prod", "helm.yaml"], "--kustomize names what to check"),
        (["lint", "--values-matrix", "*.yaml"], "--values-matrix is for a chart"),
        (["preview", "--values-matrix", "*.yaml", "helm.yaml"], "--values-matrix is for a chart"),
        (["preview", "--values-matrix", "*.yaml", "--diff", "a"], "--values-matrix does not go with --diff"),
        (["lint", "--helm", "charts/fraud", "--values-matrix", "no*"], "matches no file"),
        (["lint", "--chart-root", "nowhere"], "--chart-root 'nowhere' is not a folder"),
    ],
)
def test_wrong_usage(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err


@pytest.fixture
def matrix(folder: Path) -> None:
    """Values files of the chart: one changes nothing, two have another mode."""
    (folder / "charts/fraud/ci").mkdir()
    for name, text in (("a", "logger:\n  mode: ay\n"), ("b", "logger:\n  mode: bee\n"), ("c", "{}\n")):
        (folder / f"charts/fraud/ci/{name}-values.yaml").write_text(text)


MATRIX = ["--helm", "charts/fraud", "--values-matrix", "ci/*-values.yaml"]


@needs_helm
@pytest.mark.usefixtures("matrix")
def test_a_finding_of_several_values_files_is_reported_once(capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", *MATRIX, "-o", "json"])
    report = json.loads(capsys.readouterr().out)
    found = {
        (finding["rule"], finding["message"].count("`ay`")): "".join(
            Path(file).name[0] for file in finding["origin"]["valuesFiles"]
        )
        for finding in report["findings"]
    }
    assert found == {
        ("crashing-annotation", 0): "abc",
        ("non-canonical-header", 0): "abc",
        ("invalid-mode", 1): "a",
        ("invalid-mode", 0): "b",
    }
    assert len(report["findings"]) == 4
    assert report["summary"]["inferenceServices"] == 1


@needs_helm
@pytest.mark.usefixtures("matrix")
def test_a_preview_shows_a_service_of_several_values_files_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "charts/fraud/ci/d-values.yaml").write_text("# as c\n")
    main(["preview", *MATRIX, "-o", "json"])
    services = json.loads(capsys.readouterr().out)["services"]
    files = [f"charts/fraud/ci/{name}-values.yaml" for name in "abcd"]
    assert [service["notes"] for service in services] == [
        [f"with {files[0]}"],
        [f"with {files[1]}"],
        [f"with {files[2]} and {files[3]}"],
    ]
    assert [service["rejected"] is None for service in services] == [False, False, True]
    assert main(["preview", *MATRIX, "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err


@needs_helm
@pytest.mark.usefixtures("matrix")
def test_the_value_of_a_matrix_is_in_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", *MATRIX, "-o", "concise"])
    first, second = capsys.readouterr().out.splitlines()
    for line, name in ((first, "a"), (second, "b")):
        file = f"charts/fraud/ci/{name}-values.yaml"
        assert f"(rendered line 13, value from {file}:2, with {file})" in line


@needs_helm
@pytest.mark.usefixtures("matrix")
def test_a_baseline_has_each_finding_of_a_matrix_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", *MATRIX, "--write-baseline", "known.json"]) == 0
    assert "4 known findings" in capsys.readouterr().err
    assert main(["lint", *MATRIX, "--baseline", "known.json"]) == 0
    assert capsys.readouterr().err == "isvclog: not reported: 4 in the baseline.\n"
