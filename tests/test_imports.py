"""A start pays only for what its command needs: imports are most of what a short run costs."""

import ast
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import isvclog

MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: fraud}
spec:
  predictor:
    logger: {mode: all, url: "http://sink.ml.svc.cluster.local"}
    model: {modelFormat: {name: sklearn}}
"""

FILE_COMMANDS = [
    ("validate", "isvc.yaml"),
    ("validate", "isvc.yaml", "-otext"),
    ("lint", "isvc.yaml"),
    ("preview", "-f", "isvc.yaml"),
    ("add-annotation", "team=ml", "-f", "isvc.yaml"),
    ("remove-annotation", "team", "-f", "isvc.yaml"),
]

PROBE = """
import sys
from isvclog.cli.main import main
code = main(sys.argv[1:])
print(code, *sorted(sys.modules), file=sys.stderr)
"""


def imported(folder: Path, *arguments: str, code: int = 0) -> set[str]:
    """The modules a process has loaded when a command has ended, which must return the code."""
    (folder / "isvc.yaml").write_text(MANIFEST)
    (folder / ".git").mkdir(exist_ok=True)  # no project file is searched above it
    command = [sys.executable, "-c", PROBE, *arguments]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    returned, *modules = ended.stderr.split()
    assert returned == str(code), ended.stdout + ended.stderr
    return set(modules)


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_the_overview_needs_no_command(flag: str, tmp_path: Path) -> None:
    modules = imported(tmp_path, flag)
    assert "typer" in modules
    assert modules.isdisjoint(("jsonschema", "kubernetes", "pydantic", "rich", "ruamel", "ruamel.yaml", "tomllib"))
    assert not {name for name in modules if name.startswith(("isvclog.manifest", "isvclog.kserve", "isvclog.validate"))}
    assert modules.isdisjoint(("isvclog.findings", "isvclog.redact.gate", "json"))


@pytest.mark.parametrize("arguments", FILE_COMMANDS)
def test_a_file_needs_no_cluster(arguments: tuple[str, ...], tmp_path: Path) -> None:
    modules = imported(tmp_path, *arguments)
    assert modules.isdisjoint(("aiohttp", "kubernetes", "pydantic", "requests", "rich", "urllib3"))
    assert not {
        name for name in modules if name.startswith(("isvclog.cluster", "isvclog.live", "isvclog.cli.options.scope"))
    }


def test_only_the_server_command_imports_the_editor() -> None:
    root = Path(isvclog.__file__).parent
    importers = [
        (path.relative_to(root).as_posix(), node.col_offset > 0)
        for path in sorted(root.rglob("*.py"))
        if path.parent.name != "editor" and b"isvclog.editor" in path.read_bytes()
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("isvclog.editor")
    ]
    # In the function, so that no other command pays for it. That only the editor imports pygls is a contract.
    assert importers == [("cli/commands/server.py", True)]


def test_a_cluster_is_known_by_name_without_its_library() -> None:
    probe = "import sys, isvclog.cluster; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert set(ended.stdout.split()).isdisjoint(("kubernetes", "requests", "ruamel", "ruamel.yaml", "urllib3", "yaml"))


def test_a_check_needs_nothing_that_fixes_or_compares(tmp_path: Path) -> None:
    modules = imported(tmp_path, "lint", "isvc.yaml")
    assert "isvclog.rules.registry" in modules
    assert modules.isdisjoint(
        ("isvclog.lint.baseline", "isvclog.lint.fixes", "isvclog.manifest.editing.editor", "isvclog.rules.catalogue")
    )


@pytest.mark.parametrize("command", ["lint", "validate", "preview"])
def test_only_rendered_text_is_traced(command: str, tmp_path: Path) -> None:
    assert not {name for name in imported(tmp_path, command, "isvc.yaml") if name.startswith("isvclog.rendering")}


def test_validation_needs_no_check_of_a_rule(tmp_path: Path) -> None:
    modules = {name for name in imported(tmp_path, "validate", "isvc.yaml") if name.startswith("isvclog.rules")}
    assert modules == {"isvclog.rules", "isvclog.rules.manifest", "isvclog.rules.policy", "isvclog.rules.rule"}


def test_usual_services_do_not_need_the_fields_of_the_release(tmp_path: Path) -> None:
    for arguments in (("validate", "--strict"), ("lint",)):
        assert "isvclog.kserve.apis.fields" not in imported(tmp_path, *arguments, "isvc.yaml")


def test_a_table_of_releases_needs_no_toml(tmp_path: Path) -> None:
    for arguments in (("lint", "isvc.yaml"), ("preview", "-f", "isvc.yaml"), ("validate", "isvc.yaml")):
        assert "tomllib" not in imported(tmp_path, *arguments)


def test_a_preview_needs_no_check_and_no_rare_exchange(tmp_path: Path) -> None:
    modules = imported(tmp_path, "preview", "-f", "isvc.yaml")
    rare = ("agent.batcher", "golang.gzip", "golang.http2server", "golang.jsonitems")
    assert modules.isdisjoint((*(f"isvclog.kserve.{name}" for name in rare), "shlex"))
    assert modules.isdisjoint(("isvclog.lint.results", "isvclog.report.preview.full", "isvclog.rules.rule"))
    assert not {name for name in modules if name.startswith("isvclog.validate")}


def test_valid_fields_need_no_search_for_secrets(tmp_path: Path) -> None:
    assert imported(tmp_path, "validate", "isvc.yaml").isdisjoint(
        f"isvclog.redact.{name}" for name in ("keys", "masker", "places.texts", "shapes", "values")
    )


@pytest.mark.parametrize("arguments", FILE_COMMANDS)
def test_no_pattern_is_compiled_by_an_import(arguments: tuple[str, ...], tmp_path: Path) -> None:
    compiling = [
        name
        for name in sorted(imported(tmp_path, *arguments))
        if name.startswith("isvclog.") and (file := find_spec(name).origin)  # type: ignore[union-attr]
        for node in ast.parse(Path(file).read_bytes()).body
        if isinstance(node, ast.Assign) and "re.compile(" in ast.unparse(node.value)
    ]
    assert compiling == []


def test_colour_is_what_rich_is_for(tmp_path: Path) -> None:
    assert "rich.style" in imported(tmp_path, "validate", "isvc.yaml", "-otext", "--color=always")


def test_only_who_asks_reads_the_shipped_runtimes(tmp_path: Path) -> None:
    assert "isvclog.kserve.apis.shipped" not in imported(tmp_path, "lint", "isvc.yaml")
    assert "isvclog.kserve.apis.shipped" in imported(tmp_path, "lint", "isvc.yaml", "--serving-runtime", "shipped")


def test_a_check_needs_no_server(tmp_path: Path) -> None:
    modules = imported(tmp_path, "lint", "isvc.yaml")
    assert modules.isdisjoint(("asyncio", "http", "httptools", "isvclog.httpserver", "isvclog.sink", "ssl"))


def test_help_of_a_server_needs_no_server(tmp_path: Path) -> None:
    modules = imported(tmp_path, "simulate", "--help")
    assert modules.isdisjoint(("asyncio", "httptools", "jsonschema", "kubernetes", "rich", "ruamel.yaml"))
    assert not {name for name in modules if name.startswith(("isvclog.httpserver", "isvclog.sidecar", "isvclog.sink"))}


def test_only_the_language_server_needs_its_library(tmp_path: Path) -> None:
    for arguments in (("lint", "isvc.yaml"), ("preview", "-f", "isvc.yaml"), ("server", "--help")):
        modules = imported(tmp_path, *arguments)
        assert modules.isdisjoint(("asyncio", "attrs", "lsprotocol", "pygls"))
        assert not {name for name in modules if name.startswith("isvclog.editor")}


def test_a_simulation_needs_no_cluster(tmp_path: Path) -> None:
    modules = imported(tmp_path, "simulate", "--", "--log-mode", "wrong", "--log-url", "http://x", code=1)
    assert "isvclog.sidecar.simulation.agent" in modules
    assert modules.isdisjoint(("kubernetes", "rich", "urllib3"))


def test_a_report_needs_no_other_format(tmp_path: Path) -> None:
    modules = imported(tmp_path, "validate", "isvc.yaml", "-oconcise")
    assert modules.isdisjoint(
        f"isvclog.report.findings.{name}" for name in ("github", "json", "junit", "sarif", "text")
    )
    assert "isvclog.report.findings.sarif" in imported(
        tmp_path, "validate", "isvc.yaml", "--output-file", "sarif=a.sarif"
    )


def test_a_schema_needs_no_yaml(tmp_path: Path) -> None:
    assert imported(tmp_path, "schema").isdisjoint(("jsonschema", "kubernetes", "ruamel", "ruamel.yaml", "rich"))


@pytest.mark.parametrize("arguments", [("rules",), ("explain", "non-canonical-header"), ("explain", "no", "events")])
def test_documentation_needs_no_yaml(arguments: tuple[str, ...], tmp_path: Path) -> None:
    assert imported(tmp_path, *arguments).isdisjoint(("jsonschema", "kubernetes", "ruamel", "ruamel.yaml", "rich"))
