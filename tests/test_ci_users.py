"""What CI systems take from this repository: the action, the component of GitLab, the plugin of MegaLinter.

Their shell steps are run as the CI system would run them, and their form is checked with the schemas that
check-jsonschema brings.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from pages import blocks
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]
WRONG = (ROOT / "examples" / "22-misplaced.yaml").read_text(encoding="utf-8")
ACTION = YAML(typ="safe").load(ROOT / "action.yml")
SPEC, COMPONENT = YAML(typ="safe").load_all((ROOT / "templates" / "isvclog.yml").read_text(encoding="utf-8"))
PLUGIN = ROOT / "mega-linter-plugin-isvclog" / "isvclog.megalinter-descriptor.yml"
HOSTILE = '"; touch hacked; "$(touch hacked)`touch hacked`\\'
needs_bash = pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")


def snippets() -> dict[str, str]:
    """The files that docs/ci.md shows, by their names."""
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    return {block.file: block.text for block in blocks(page) if block.file}


SHOWN = {"azure-pipelines.yml": "azure-pipelines", ".gitlab-ci.yml": "gitlab-ci"}
FORMS = [
    ("github-actions", ACTION),
    ("gitlab-ci", SPEC),
    ("gitlab-ci", COMPONENT),
    ("dependabot", YAML(typ="safe").load(ROOT / ".github" / "dependabot.yml")),
    *(("github-workflows", YAML(typ="safe").load(path)) for path in (ROOT / ".github" / "workflows").glob("*.yml")),
    *(
        (SHOWN.get(name, "github-workflows"), YAML(typ="safe").load(text))
        for name, text in snippets().items()
        if name in SHOWN or name.startswith(".github/workflows/")
    ),
]


@pytest.mark.parametrize(("name", "content"), FORMS, ids=[name for name, _ in FORMS])
def test_the_form_is_that_of_the_schema(name: str, content: Any) -> None:
    found = find_spec("check_jsonschema")
    if not (found and found.origin):
        pytest.skip("needs check-jsonschema")
    folder = Path(found.origin).parent / "builtin_schemas" / "vendor"
    schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft7Validator(schema).iter_errors(json.loads(json.dumps(content)))] == []


def test_the_page_shows_a_file_for_each_system() -> None:
    assert {*SHOWN, ".github/workflows/isvclog.yml", ".pre-commit-config.yaml"} <= snippets().keys()


def step(name: str) -> dict[str, Any]:
    """A step of the action."""
    (found,) = (each for each in ACTION["runs"]["steps"] if each.get("id") == name)
    assert "${{" not in found["run"]
    return dict(found)


def run_step(
    name: str, folder: Path, values: dict[str, str]
) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """Run a step as GitHub does, with the values of its expressions; the result, and the outputs."""
    inputs = {f"inputs.{key}": each["default"] for key, each in ACTION["inputs"].items()}
    written = step(name)["env"]
    expressions = {key: value.removeprefix("${{ ").removesuffix(" }}") for key, value in written.items()}
    environment = {key: (inputs | values)[expression] for key, expression in expressions.items()}
    runner = folder / "runner"
    runner.mkdir(exist_ok=True)
    output = runner / "output"
    output.write_text("")
    environment |= {"RUNNER_TEMP": str(runner), "GITHUB_OUTPUT": str(output), "GITHUB_ACTIONS": "true"}
    (runner / "script.sh").write_text(step(name)["run"])
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(runner / "script.sh")]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    return done, dict(line.split("=", 1) for line in output.read_text().splitlines())


def lint(folder: Path, **inputs: str) -> tuple[subprocess.CompletedProcess[str], dict[str, str]]:
    """Run the step that lints, with what is installed here."""
    values = {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
    return run_step("lint", folder, {"steps.install.outputs.python": sys.executable, **values})


@needs_bash
def test_the_action_checks_several_paths_with_spaces(tmp_path: Path) -> None:
    for name in ("a b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "isvc.yaml").write_text(WRONG)
    (tmp_path / "other.yaml").write_text(WRONG)
    done, outputs = lint(
        tmp_path, paths="a b\n\nc\n", format="concise", args="--select misplaced-component\n  --exit-zero"
    )
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["a b/isvc.yaml", "c/isvc.yaml"]
    assert (done.returncode, outputs) == (0, {"exit-code": "0"})


@needs_bash
def test_the_action_annotates_and_fails(tmp_path: Path) -> None:
    (tmp_path / "isvc.yaml").write_text(WRONG)
    # A module of the repository that is checked is not imported.
    (tmp_path / "json.py").write_text("open('hacked', 'w')")
    done, outputs = lint(tmp_path, upload_sarif="true", kserve_version="0.16")
    assert done.stdout.startswith("::error file=isvc.yaml,line=13,")
    assert "for KServe 0.16.0" in done.stdout
    sarif = str(tmp_path / "runner" / "isvclog.sarif")
    assert (done.returncode, outputs) == (1, {"exit-code": "1", "sarif": sarif})
    assert len(json.loads(Path(sarif).read_text())["runs"][0]["results"]) == 3
    assert not (tmp_path / "hacked").exists()


@needs_bash
def test_the_action_has_no_report_of_a_run_that_did_not_start(tmp_path: Path) -> None:
    (tmp_path / "runner").mkdir()
    (tmp_path / "runner" / "isvclog.sarif").write_text("{}")
    done, outputs = lint(tmp_path, upload_sarif="true", fail_on="never")
    assert (done.returncode, outputs) == (2, {"exit-code": "2"})


@needs_bash
@pytest.mark.parametrize("name", ["paths", "args", "kserve_version", "fail_on", "format"])
def test_no_input_of_the_action_is_a_command(name: str, tmp_path: Path) -> None:
    done, outputs = lint(tmp_path, **{name: HOSTILE})
    assert done.returncode in (2, 3)
    assert outputs == {"exit-code": str(done.returncode)}
    assert not (tmp_path / "hacked").exists()


STUB = """#!/bin/sh
printf '%s\\n' "$@" >> calls
if [ "$3" = venv ]; then mkdir -p "$5/bin" && cp "$0" "$5/bin/python"; fi
"""


def install(folder: Path, version: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run the step that installs, with a Python that only notes its arguments."""
    python = folder / "python"
    python.write_text(STUB)
    python.chmod(0o755)
    values = {
        "inputs.version": version,
        "github.action_path": str(ROOT),
        "steps.python.outputs.python-path": str(python),
    }
    done, outputs = run_step("install", folder, values)
    assert outputs == ({} if done.returncode else {"python": str(folder / "runner" / "isvclog" / "bin" / "python")})
    calls = folder / "calls"
    return done, calls.read_text() if calls.exists() else ""


@needs_bash
@pytest.mark.skipif(os.name == "nt", reason="needs a shell script that can be run")
@pytest.mark.parametrize(("version", "package"), [("", str(ROOT)), ("0.1.0", "isvclog==0.1.0")])
def test_the_action_installs_itself_or_a_version(version: str, package: str, tmp_path: Path) -> None:
    done, calls = install(tmp_path, version)
    assert done.returncode == 0, done.stderr
    assert "\npip\ninstall\n" in calls
    assert calls.endswith(f"\n{package}\n")


@needs_bash
@pytest.mark.skipif(os.name == "nt", reason="needs a shell script that can be run")
@pytest.mark.parametrize(
    "version", [HOSTILE, "1 --index-url=http://example.com", "-r x", "1\n2", "@ http://example.com"]
)
def test_only_a_version_is_installed(version: str, tmp_path: Path) -> None:
    done, calls = install(tmp_path, version)
    assert (done.returncode, calls) == (2, "")
    assert done.stdout == "::error::The input version is not a version; write it as in 0.1.0.\n"
    assert not (tmp_path / "hacked").exists()


def run_component(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the component as GitLab does, with stand-ins for what is installed."""
    (job,) = COMPONENT.values()
    values = {name: each["default"] for name, each in SPEC["spec"]["inputs"].items()} | inputs
    variables = {
        name: values[re.sub(r"\W*inputs\.|\W*$", "", each["value"])] for name, each in job["variables"].items()
    }
    programs = folder / "programs"
    programs.mkdir()
    (programs / "pip").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\" > pip\n")
    (programs / "isvclog").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m isvclog "$@"\n')
    for program in programs.iterdir():
        program.chmod(0o755)
    environment = os.environ | variables | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("GITHUB_ACTIONS", None)
    command = ["sh", "-ec", "\n".join(job["script"])]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.skipif(os.name == "nt", reason="needs a shell script that can be run")
def test_the_component_writes_the_reports_that_gitlab_shows(tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    for name in ("a b/isvc.yaml", "c.yaml", "other.yaml"):
        (tmp_path / name).write_text(WRONG)
    inputs = {
        "paths": "a b\nc.yaml",
        "args": "--select unknown-field  --quiet",
        "kserve-version": "0.16",
        "fail-on": "info",
    }
    done = run_component(tmp_path, **inputs, package="isvclog==0.1.0")
    assert done.returncode == 1, done.stderr
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["a b/isvc.yaml", "c.yaml"]
    assert (tmp_path / "pip").read_text().endswith("\n--\nisvclog==0.1.0\n")
    (job,) = COMPONENT.values()
    assert len(json.loads((tmp_path / job["artifacts"]["reports"]["codequality"]).read_text())) == 2
    assert "<testsuites " in (tmp_path / job["artifacts"]["reports"]["junit"]).read_text()


@pytest.mark.skipif(os.name == "nt", reason="needs a shell script that can be run")
@pytest.mark.parametrize("name", ["paths", "args", "kserve-version", "fail-on", "package"])
def test_no_input_of_the_component_is_a_command(name: str, tmp_path: Path) -> None:
    done = run_component(tmp_path, **{name: HOSTILE})
    assert done.returncode in ((0,) if name == "package" else (2, 3))
    assert not (tmp_path / "hacked").exists()


def test_the_plugin_is_one_that_megalinter_loads() -> None:
    """Check what MegaLinter's megalinter-descriptor.jsonschema.json and plugin_factory.py ask for."""
    plugin = YAML(typ="safe").load(PLUGIN)
    assert "/mega-linter-plugin-" in PLUGIN.as_posix()
    assert PLUGIN.name.endswith(".megalinter-descriptor.yml")
    assert plugin["descriptor_type"] in ("language", "format", "tooling_format", "other")
    assert plugin.keys() == {"descriptor_id", "descriptor_type", "file_extensions", "file_contains_regex", "linters"}
    (linter,) = plugin["linters"]
    assert {"linter_name", "linter_url", "examples"} <= linter.keys()
    assert linter["install"].keys() == {"dockerfile"}
    assert all(line.startswith("RUN ") for line in linter["install"]["dockerfile"])


def test_the_command_of_the_plugin_works(tmp_path: Path) -> None:
    """Run it in the order in which MegaLinter's Linter.py (`build_lint_command`) puts its parts together."""
    (linter,) = YAML(typ="safe").load(PLUGIN)["linters"]
    (tmp_path / "isvc.yaml").write_text(WRONG)
    (tmp_path / linter["config_file_name"]).write_text("ignore: [missing-mode]\n")
    report = tmp_path / "isvclog.sarif"
    command = [
        sys.executable,
        "-m",
        linter["linter_name"],
        *linter["cli_lint_extra_args"],
        linter["cli_lint_fix_arg_name"],
    ]
    command += [linter["cli_config_arg_name"], linter["config_file_name"]]
    command += [each.replace("{{SARIF_OUTPUT_FILE}}", str(report)) for each in linter["cli_sarif_args"]]
    done = subprocess.run([*command, "isvc.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert len(re.findall(linter["cli_lint_errors_regex"], done.stdout)) == 1
    assert len(json.loads(report.read_text())["runs"][0]["results"]) == 1
    assert "metadataAnnotations" in (tmp_path / "isvc.yaml").read_text()
    for option in (linter["cli_help_arg_name"], linter["cli_version_arg_name"]):
        assert subprocess.run([*command[:3], option], capture_output=True, check=False).returncode == 0
