"""Pages are complete: the formats and exit codes of every command, the cases that prove predictions, all layers."""

import json
import re
import tomllib
from pathlib import Path

from isvclog.cli.app import COMMANDS, GROUPED, command_line

ROOT = Path(__file__).parents[1]


def test_formats_of_every_command_are_on_the_page() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## .*?: (.*)\n((?s:.*?))(?=^## )", page, re.MULTILINE)
    names = [name for name in COMMANDS if name not in GROUPED]
    names += [f"{group} {name}" for group, table in GROUPED.items() for name in table]
    for name in names:
        command = command_line()
        for word in name.split():
            command = command.get_command(None, word)
        choices = {
            each for option in command.params if option.name == "output" for each in getattr(option.type, "choices", ())
        }
        shown = {
            each
            for title, table in sections
            if re.search(f"`{name}( --[a-z]+)?`", title)
            for each in re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
        }
        assert choices - {"auto"} <= shown, name
        assert choices or name != "events schema"


def test_every_command_has_its_exit_codes_on_the_page() -> None:
    page = (ROOT / "docs" / "exit-codes.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if not re.search(f"^\\|.*`{name}[` ].*\\|$", page, re.MULTILINE)] == []


def test_figures_about_proofs_are_those_of_the_files() -> None:
    page = ROOT / "docs" / "proofs.md"
    rows = re.findall(r"^\| \[`\S+`\]\((\S+)\) \| (\d+) \|", page.read_text(encoding="utf-8"), re.MULTILINE)
    shown = {path: int(number) for path, number in rows}
    assert len(shown) == 13
    assert shown == {path: _cases(page.parent / path) for path in shown}


def _cases(path: Path) -> int:
    """Count the cases of a file, or of all files in a folder."""
    if path.is_dir():
        return sum(map(_cases, path.glob("*.json")))
    content = json.loads(path.read_text(encoding="utf-8"))
    return len(content.get("cases", content) if isinstance(content, dict) else content)


def test_the_table_of_layers_is_that_of_the_contract() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    contracts = tools["importlinter"]["contracts"]
    layers = next(each["layers"] for each in contracts if each.get("containers") == ["isvclog"])
    rows = re.findall(r"^\| (\d+) \| (.+?) \|", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.MULTILINE)
    described = {int(number): set(re.findall(r"`(\w+)`", folders)) for number, folders in rows}
    assert described == {number: set(layer.split(" | ")) for number, layer in enumerate(layers, 1)}
