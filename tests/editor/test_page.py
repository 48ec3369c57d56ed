"""The settings of editors on the page: each starts `isvclog server`, with options that the server reads."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from isvclog.editor.settings import EditorSettings, read_settings

PAGE = Path(__file__).parents[2] / "docs" / "editors.md"
OPTIONS = {"debounce": 100}


def blocks(heading: str, language: str) -> list[str]:
    """Return the blocks of a language in the section with this heading."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)


def test_options_are_read() -> None:
    assert read_settings(OPTIONS) == (EditorSettings(delay=0.1), [])


def test_helix() -> None:
    (block,) = blocks("Helix", "toml")
    settings = tomllib.loads(block)
    (language,) = settings["language"]
    assert (language["name"], language["language-servers"][-1]) == ("yaml", "isvclog")
    assert settings["language-server"] == {"isvclog": {"command": "isvclog", "args": ["server"], "config": OPTIONS}}


def test_zed() -> None:
    (block,) = blocks("Zed", "json")
    server: dict[str, Any] = json.loads(block)["lsp"]["yaml-language-server"]
    assert server == {"binary": {"path": "isvclog", "arguments": ["server"]}}


def test_a_client_for_any_server_in_vs_code() -> None:
    (block,) = blocks("VS Code", "json")
    settings = json.loads(block)
    assert [settings["glspc.server.command"], *settings["glspc.server.commandArguments"]] == ["isvclog", "server"]
    assert settings["glspc.server.languageId"] == ["yaml"]
    assert settings["glspc.server.initializationOptions"] == OPTIONS


def test_intellij() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("\n## IntelliJ\n")[2]
    (options,) = re.findall(r"\| Initialization options \| such as `(.*?)`", section)
    assert json.loads(options) == OPTIONS
