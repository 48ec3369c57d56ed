"""Links of the site lead where they lead on GitHub, and out of it only when the project has an address."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

from isvclog import home

pytest.importorskip("mkdocs", reason="MkDocs is not installed: make docs")

ROOT = Path(__file__).parents[1]


def rendered(text: str, source: str, name: str) -> str:
    hooks = runpy.run_path(str(ROOT / "scripts" / "site_hooks.py"))
    page = SimpleNamespace(file=SimpleNamespace(abs_src_path=str(ROOT / source), src_uri=name))
    written: str = hooks["on_page_markdown"](text, page=page)
    return written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](../lint.md#lint) [b](#here) [c](https://example.com/d)",) * 2,
        ("[`s`](../../schemas/audit.schema.json)", "[`s`](../schemas/audit.schema.json)"),
        ("[c](../../CONTRIBUTING.md#a-change)", "[c](../contributing.md#a-change)"),
        ("[`e`](../../examples/fleet)", "`e`"),
        ("```sh\n[a](../../examples)\n```\n",) * 2,
        ("| `a \\| b` |", "| `a | b` |"),
    ],
)
def test_links_of_a_page(text: str, expected: str) -> None:
    assert rendered(text, "docs/tasks/add-metadata.md", "tasks/add-metadata.md") == expected


def test_links_of_a_page_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "source_address", lambda path: f"https://example.com/{path}")
    text = "[a](docs/lint.md) [b](oracles/README.md#c)"
    written = rendered(text, "CONTRIBUTING.md", "contributing.md")
    assert written == "[a](lint.md) [b](https://example.com/oracles/README.md#c)"
