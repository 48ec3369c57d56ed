"""What the README shows is what the commands print, to the character.

UPDATE_EXPECTED=1 in the environment writes the README again; read the difference before you believe it.
"""

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiserver import ApiServer

from isvclog.cli.main import main
from isvclog.config.load import load_config
from isvclog.manifest import Object, load, read_file
from isvclog.rules.registry import all_rules

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"^```console\n\$ isvclog (.*)\n((?s:.*?))^```$", re.MULTILINE)
BOTH = ("add-annotation", "remove-annotation")
"""Commands of which standard error is shown as well, before their output, where they change a cluster."""
FIXED = ["--id", "5f0c5d5c-6b1e-4b0e-9d52-7c1a5f3c2b10", "--time", "2026-01-02T03:04:05.120Z"]


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """What the kubeconfig leads to: the cluster of the audit session."""
    with ApiServer() as api:
        for item in load(read_file(str(ROOT / "tests" / "cli" / "live" / "audit" / "cluster.yaml")), ()):
            assert isinstance(item, Object)
            api.add(item.data)
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path, context="prod", namespace="ml"))
        yield api


def test_every_command_prints_what_the_readme_shows(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, cluster: ApiServer
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("COLUMNS", raising=False)

    def block(match: re.Match[str]) -> str:
        arguments = shlex.split(match[1])
        main(arguments + (FIXED if arguments[0] == "preview" else []))
        printed = capsys.readouterr()
        lines = (
            ((printed.err if arguments[0] in BOTH and "-f" not in arguments else "") + printed.out)
            .rstrip("\n")
            .split("\n")
        )
        return "\n".join(["```console", f"$ isvclog {match[1]}", *(line.rstrip() for line in lines), "```"])

    text = README.read_text(encoding="utf-8")
    shown, count = BLOCK.subn(block, text)
    assert count >= 5
    assert "this is a bug" not in shown
    if os.environ.get("UPDATE_EXPECTED"):
        README.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == README.read_text(encoding="utf-8")


def test_the_project_file_in_the_readme_is_one(tmp_path: Path) -> None:
    (written,) = re.findall(
        r"^```yaml\n(kserveVersion:(?s:.*?))^```$", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    file = tmp_path / ".isvclog.yaml"
    file.write_text(written, encoding="utf-8")
    config = load_config(str(file), all_rules())
    assert config.kserve_version == "0.16"
    assert config.suppressions[0].rule == "missing-url"
