"""isvclog as a plugin of kubectl, which finds `kubectl-isvclog` and `kubectl_complete-isvclog` by their names."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from isvclog.cli.main import main

SCRIPTS = {"kubectl-isvclog": "isvclog.cli.main:run", "kubectl_complete-isvclog": "isvclog.cli.main:complete"}


def test_the_programs_are_installed() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    assert SCRIPTS.items() <= tomllib.loads(project.read_text(encoding="utf-8"))["project"]["scripts"].items()


@pytest.mark.parametrize("program", ["/usr/bin/kubectl-isvclog", "kubectl-isvclog", "kubectl-isvclog.exe"])
def test_messages_call_it_as_the_user_did(
    program: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [program])
    assert main(["lint", "--nope"]) == 2
    assert "Try `kubectl isvclog lint --help`." in capsys.readouterr().err
    assert main(["schema", "-h"]) == 0
    assert capsys.readouterr().out.startswith("Usage: kubectl isvclog schema ")


def test_the_completion_of_kubectl_is_not_replaced(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["kubectl-isvclog"])
    assert main(["--install-completion"]) == 2
    assert main(["--help"]) == 0
    assert "-completion" not in capsys.readouterr().out
    monkeypatch.setattr(sys, "argv", ["isvclog"])
    assert main(["--help"]) == 0
    assert "--install-completion" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "offered"),
    [
        (["val"], ["validate"]),
        (["validate", "--fail"], ["--fail-on", "--fail-on-empty"]),
        (["validate", "--fail-on", ""], ["error", "warning", "info"]),
        (["explain", "a 'b \"c", "non-can"], ["non-canonical-header"]),
        (["nothing", "of", "ours"], []),
    ],
)
def test_kubectl_can_complete(
    arguments: list[str], offered: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-c", "from isvclog.cli.main import complete; complete()", *arguments]
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout.split(), ended.stderr) == (0, offered, "")
