"""The extension for VS Code: it offers the settings that the server reads, and it builds."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from isvclog import __version__

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "editors" / "vscode"
OWN = {"isvclog.path", "isvclog.trace.server"}
"""Settings of the extension itself, which the server does not read."""


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The extension's package.json."""
    found: dict[str, Any] = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))
    return found


def test_the_extension_has_the_settings_of_the_server(manifest: dict[str, Any]) -> None:
    pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")
    from isvclog.editor.settings import EditorSettings, read_settings, setting_names

    offered = manifest["contributes"]["configuration"]["properties"]
    assert set(offered) == OWN | {f"isvclog.{name}" for name in setting_names()}
    for pages in (FOLDER / "README.md", ROOT / "docs" / "editors.md"):
        text = pages.read_text(encoding="utf-8")
        assert [name for name in setting_names() if f"{name}`" not in text] == []
    # VS Code sends the defaults of settings that nobody has written.
    defaults = {name.removeprefix("isvclog."): offered[name]["default"] for name in offered}
    assert read_settings({"isvclog": defaults}) == (EditorSettings(), [])
    for end in ("minimum", "maximum"):
        assert read_settings({"debounce": offered["isvclog.debounce"][end]})[1] == []
    assert read_settings({"debounce": offered["isvclog.debounce"]["maximum"] + 1})[1]


def test_the_extension_has_the_version_and_the_licence_of_the_project(manifest: dict[str, Any]) -> None:
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    assert manifest["version"] == lock["version"] == lock["packages"][""]["version"] == __version__
    assert (FOLDER / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    # Each machine asks the registry that it is set up for.
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert [name for name, package in lock["packages"].items() if name and "integrity" not in package] == []


@pytest.mark.network
@pytest.mark.skipif(not (shutil.which("npm") and shutil.which("node")), reason="npm and node are not installed")
def test_the_extension_builds_and_talks_to_the_server(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if "network" not in request.config.getoption("-m"):
        pytest.skip("needs a package index: select it with -m network")
    pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")
    copy = tmp_path / "vscode"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("node_modules", "dist", "*.vsix"))

    def npm(*arguments: str, timeout: int = 300, **environment: str) -> subprocess.CompletedProcess[str]:
        command = ["npm", *arguments]
        return subprocess.run(
            command, cwd=copy, env=os.environ | environment, capture_output=True, text=True, timeout=timeout
        )

    if npm("ci", "--no-audit", "--no-fund").returncode:
        pytest.skip("npm cannot install what the extension is built with")
    program = tmp_path / "isvclog"
    program.write_text(f"#!{sys.executable}\nfrom isvclog.cli.main import run\nrun()\n", encoding="utf-8")
    program.chmod(0o755)
    tested = npm("test", ISVCLOG=str(program))
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "# skipped 0" in tested.stdout
    packed = npm("run", "package")
    assert packed.returncode == 0, packed.stdout + packed.stderr
    assert (copy / f"isvclog-{__version__}.vsix").stat().st_size < 1_000_000
