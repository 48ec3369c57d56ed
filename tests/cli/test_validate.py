"""`isvclog validate` as its users meet it: exit codes, what goes to which stream, and files of every kind."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from isvclog.cli.main import main
from isvclog.kserve.apis.releases import NEWEST

Isvclog = Callable[..., subprocess.CompletedProcess[str]]

MANIFESTS = Path(__file__).with_name("manifests")
CLEAN = (MANIFESTS / "clean.yaml").read_text()
WRONG = (MANIFESTS / "two-mistakes.yaml").read_text()
ASSUMED = f"KServe {NEWEST} (newest; see --kserve-version)"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder, and nothing in the environment that changes the output."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def validate(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs `isvclog validate` in this process: exit code, standard output, standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main(["validate", *map(str, arguments)])
        output = capsys.readouterr()
        return code, output.out, output.err

    return run


Validate = Callable[..., tuple[int, str, str]]


def places(output: str) -> list[str]:
    """`path:line:column: severity` and `[rule]` of each line of concise output."""
    return [f"{line.split(': ')[0]}: {line.split(': ')[1]} {line.split()[-1]}" for line in output.splitlines()]


def test_a_clean_file_says_nothing_in_a_pipe(validate: Validate) -> None:
    assert validate(MANIFESTS / "clean.yaml") == (0, "", "")


def test_findings_come_by_position_one_line_each(validate: Validate) -> None:
    name = MANIFESTS / "two-mistakes.yaml"
    code, output, errors = validate(name)
    assert (code, errors) == (1, "")
    assert places(output) == [f"{name}:9:7: error [unknown-field]", f"{name}:10:13: error [invalid-mode]"]


def test_text_shows_the_lines_and_the_totals(validate: Validate) -> None:
    Path("isvc.yaml").write_text(WRONG)
    code, output, errors = validate("isvc.yaml", "-otext")
    assert (code, errors) == (1, "")
    lines = output.splitlines()
    assert lines[0] == "InferenceService/risk/fraud"
    assert lines[1].startswith("isvc.yaml:9:7: error: ")
    assert lines[2:4] == [
        "    9 |       metadataAnnotation: [example.com/tenant]",
        "      |       ^^^^^^^^^^^^^^^^^^",
    ]
    assert lines[4].startswith("  fix:  ")
    assert lines[-1] == f"Checked 1 InferenceService in 1 file for {ASSUMED}: 2 errors."


def test_quiet_leaves_the_totals_out(validate: Validate) -> None:
    assert validate(MANIFESTS / "clean.yaml", "-otext") == (
        0,
        f"Checked 1 InferenceService in 1 file for {ASSUMED}: no problems found.\n",
        "",
    )
    assert validate(MANIFESTS / "clean.yaml", "-otext", "-q") == (0, "", "")


@pytest.mark.parametrize("output", [("-ojson",), ("-o", "json"), ("--output", "json"), ("--output=json",)])
def test_json(output: tuple[str, ...], validate: Validate) -> None:
    code, text, errors = validate(MANIFESTS / "two-mistakes.yaml", *output)
    report = json.loads(text)
    assert (code, errors) == (1, "")
    assert [finding["pointer"] for finding in report["findings"]] == [
        "/spec/predictor/logger/metadataAnnotation",
        "/spec/predictor/logger/mode",
    ]
    assert report["summary"] == {"files": 1, "inferenceServices": 1, "errors": 2, "warnings": 0, "infos": 0}


def test_the_current_folder_is_the_default(validate: Validate, folder: Path) -> None:
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "isvc.yaml").write_text(WRONG)
    (folder / "clean.yml").write_text(CLEAN)
    code, output, _ = validate()
    assert code == 1
    assert [place.split(":")[0].removeprefix("./") for place in places(output)] == ["deep/er/isvc.yaml"] * 2


def test_paths_and_filenames_are_the_same_and_each_file_is_read_once(validate: Validate) -> None:
    clean, wrong = MANIFESTS / "clean.yaml", MANIFESTS / "two-mistakes.yaml"
    report = json.loads(validate(clean, "-f", wrong, "--filename", clean, "-ojson")[1])
    assert report["summary"]["files"] == 2
    assert {finding["file"] for finding in report["findings"]} == {str(wrong)}


def test_standard_input(isvclog: Isvclog) -> None:
    ended = isvclog("validate", "-", input=WRONG)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert [place.split(":")[1] for place in places(ended.stdout)] == ["9", "10"]
    assert isvclog("validate", "-f", "-", input=CLEAN).returncode == 0


def test_a_missing_file_does_not_hide_the_rest(validate: Validate) -> None:
    wrong = MANIFESTS / "two-mistakes.yaml"
    code, output, errors = validate("missing.yaml", wrong, "not/there")
    assert code == 3
    assert len(places(output)) == 2
    assert [line.split(";")[0].split()[-1] for line in errors.splitlines()] == ["missing.yaml", "not/there"]
    report = json.loads(validate("missing.yaml", wrong, "-ojson")[1])
    assert len(report["failures"]) == 1
    assert len(report["findings"]) == 2


@pytest.mark.skipif(os.name == "nt", reason="needs symbolic links")
def test_an_unreadable_file_does_not_hide_the_rest(validate: Validate, folder: Path) -> None:
    (folder / "a.yaml").symlink_to("nowhere")
    (folder / "b.yaml").write_text(WRONG)
    code, output, errors = validate("a.yaml", "b.yaml")
    assert code == 3
    assert len(places(output)) == 2
    assert errors.startswith("isvclog: error: ")
    assert "a.yaml" in errors


def test_a_broken_document_does_not_hide_the_rest(validate: Validate) -> None:
    broken, wrong = MANIFESTS / "broken.yaml", MANIFESTS / "two-mistakes.yaml"
    code, output, errors = validate(broken, wrong)
    assert (code, errors) == (1, "")
    assert [place.partition(":")[0] for place in places(output)] == [str(broken), str(wrong), str(wrong)]
    assert "hunter2" not in validate(broken, "-otext")[1]


@pytest.mark.parametrize(("threshold", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_how_severe_a_failure_is_can_be_chosen(threshold: str, code: int, validate: Validate) -> None:
    ended, output, _ = validate(MANIFESTS / "warning.yaml", "--fail-on", threshold)
    assert ended == code
    assert [place.split()[1] for place in places(output)] == ["warning"]
    assert validate(MANIFESTS / "two-mistakes.yaml", "--fail-on", threshold)[0] == 1


def test_nothing_to_check_is_said_once_and_no_failure(validate: Validate, folder: Path) -> None:
    assert validate() == (0, "", "isvclog: no InferenceService found in 0 files.\n")
    (folder / "other.yaml").write_text("kind: ConfigMap\n")
    assert validate() == (0, "", "isvclog: no InferenceService found in 1 file.\n")
    assert validate("-q") == (0, "", "")
    assert validate("--fail-on-empty")[0] == 3
    (folder / "isvc.yaml").write_text(CLEAN)
    assert validate("--fail-on-empty") == (0, "", "")


def test_an_older_release_knows_less(validate: Validate) -> None:
    name = MANIFESTS / "clean.yaml"
    assert validate(name, "--kserve-version", "v0.14")[0] == 1
    assert validate(name, "--kserve-version", "9.9")[0] == 2


@pytest.mark.skipif(os.name == "nt", reason="needs file names of any bytes")
def test_hostile_file_names_are_shown_and_not_obeyed(isvclog: Isvclog, folder: Path) -> None:
    name = os.fsencode(folder) + b"/\x1b[31m\n::error::\xff\xe2\x80\xae.yaml"
    with open(name, "w") as file:
        file.write(WRONG)
    for output in ("text", "concise"):
        ended = isvclog("validate", "-o", output, env={"PYTHONUTF8": "1"})
        assert (ended.returncode, ended.stderr) == (1, "")
        assert "\\x1b[31m\\n::error::\\udcff\\u202e.yaml:9:7: error: " in ended.stdout
        assert "\x1b" not in ended.stdout
    assert json.loads(isvclog("validate", "-ojson").stdout)["findings"][0]["file"].endswith("\udcff\u202e.yaml")


def test_colour_is_asked_for_or_not(isvclog: Isvclog) -> None:
    name = str(MANIFESTS / "two-mistakes.yaml")

    def colored(*arguments: str, **env: str) -> bool:
        return "\x1b[" in isvclog("validate", name, *arguments, env=env).stdout

    assert not colored("-otext")
    assert not colored("-otext", FORCE_COLOR="1", NO_COLOR="1")
    assert not colored("-otext", "--color=never", FORCE_COLOR="1")
    assert colored("-otext", "--color", "always", NO_COLOR="1")
    assert colored("-otext", FORCE_COLOR="1")


@pytest.mark.parametrize("width", [30, 40, 80])
def test_text_fits_the_terminal(isvclog: Isvclog, width: int, folder: Path) -> None:
    (folder / "a.yaml").write_text(WRONG)
    lines = isvclog("validate", "-otext", "a.yaml", env={"COLUMNS": str(width)}).stdout.splitlines()
    assert len(lines) > 8
    too_long = [line for line in lines if len(line) > width and " " in line.strip()]
    assert not too_long


def test_strict_reports_every_field_that_kubectl_refuses(validate: Validate, folder: Path) -> None:
    text = CLEAN.replace("  predictor:\n", "  predictor:\n    minReplica: 1\n", 1)
    (folder / "isvc.yaml").write_text(text)
    assert validate("isvc.yaml") == (0, "", "")
    code, output, errors = validate("--strict", "isvc.yaml")
    assert (code, errors) == (1, "")
    assert [place.partition(": ")[2] for place in places(output)] == ["error [refused-field]"]
    assert main(["lint", "isvc.yaml", "--select", "refused-field"]) == 0
    assert main(["lint", "isvc.yaml", "--select", "refused-field", "--fail-on", "warning"]) == 1
    assert main(["lint", "isvc.yaml", "--select", "refused-field", "--fix"]) == 0
    assert (folder / "isvc.yaml").read_text() == CLEAN.replace(
        "  predictor:\n", "  predictor:\n    minReplicas: 1\n", 1
    )
