"""What people who contribute are told is there: paths, modules, targets and links."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
from pages import anchors, links

ROOT = Path(__file__).parents[1]
FOLDERS = (ROOT, ROOT / "src" / "isvclog")
"""What paths are relative to."""
PAGES = [
    *(ROOT / name for name in ("AGENTS.md", "CONTRIBUTING.md", "GOVERNANCE.md", "SECURITY.md", "CODE_OF_CONDUCT.md")),
    ROOT / "tests" / "conformance" / "README.md",
    *sorted((ROOT / "docs" / "contributing").glob("*.md")),
    *sorted((ROOT / ".github").glob("*.md")),
]
ELSEWHERE = (
    "cmd/agent",
    "./cmd/agent",
    "config/",
    "pkg/",
    "net/url",
    ".venv/",
    "site/",
    "CLAUDE.md",
    ".github/copilot-instructions.md",
)
"""How paths begin that are in KServe, in Go, in what `make` makes, or in the repository of a reader."""
PATH = re.compile(r"[\w.-]+/[\w./-]*|[\w-]+\.(?:cff|json|md|py|toml|txt|yaml|yml)|Makefile")
STANDS_FOR_A_NAME = re.compile(r"(?:^|/)[A-Z]{2,}(?:\.py)?(?:/|$)")
MODULE = re.compile(r"`(isvclog(?:\.[a-z_]+)+)`")
TARGET = re.compile(r"\bmake ([a-z][a-z-]+)")
MOST_LINES = 60
"""A page."""

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def code(text: str) -> list[str]:
    """Return what is written as code, and the lines of blocks."""
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^ *```.*?^ *```", "", text))
    return [
        *inline,
        *(line for block in re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", text) for line in block.splitlines()),
    ]


def paths(text: str) -> set[str]:
    """Return the paths in code that are of this repository, up to a word in capitals that stands for a name."""
    found = set()
    for words in code(text):
        if "://" in words or "github.com" in words:
            continue
        words = words.replace("ISVCLOG/", "")  # the folder of this repository, where another one is meant as well
        for path in re.findall(rf"(?<![\w./~*$-])(?:{PATH.pattern})(?![\w*])", words):
            real = STANDS_FOR_A_NAME.split(path)[0].rstrip("/.")
            if real and not path.startswith(ELSEWHERE):
                found.add(real)
    return found


@each_page
def test_paths_exist(page: Path) -> None:
    folders = (*FOLDERS, page.parent)
    missing = [path for path in paths(page.read_text("utf-8")) if not any((each / path).exists() for each in folders)]
    # A name alone is that of a file which the text has named with its folder, or of those that each test of a rule has.
    alone = [path for path in missing if "/" not in path]
    for path in alone:
        assert f"/{path}" in page.read_text("utf-8") or any((ROOT / "tests" / "rules").glob(f"*/{path}")), path
    assert sorted({*missing} - {*alone}) == []


@each_page
def test_modules_and_targets_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [name for name in MODULE.findall(text) if find_spec(name) is None] == []
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {name for words in code(text) for name in TARGET.findall(words)} <= targets


@each_page
def test_links_exist(page: Path) -> None:
    for path, anchor in links(page.read_text(encoding="utf-8")):
        target = page.parent / path if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), f"{path}#{anchor}"


def test_the_pages_are_short_and_linked() -> None:
    linked = {path for path, _ in links((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))}
    for page in (ROOT / "docs" / "contributing").glob("*.md"):
        assert page.relative_to(ROOT).as_posix() in linked
        assert len(page.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_a_path_that_is_gone_is_noticed() -> None:
    text = "Read `src/isvclog/gone.py`, `tests/rules/NAME/`, `pkg/logger` and `a/b`.\n```sh\nrun scripts/no.py\n```\n"
    assert paths(text) == {"src/isvclog/gone.py", "tests/rules", "a/b", "scripts/no.py"}
