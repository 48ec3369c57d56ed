"""What git ignores is left out of folders that are walked, and nothing makes that slow."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from isvclog.manifest import find_files
from isvclog.manifest.syntax.files import respect_gitignore

Tree = dict[str, str]


def write(folder: Path, tree: Tree) -> None:
    for name, text in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(*paths: str) -> list[str]:
    return [name.removeprefix("./") for name in find_files(paths or ["."])]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    root = tmp_path / "root"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    yield root
    respect_gitignore(True)


TREES: dict[str, Tree] = {
    "folder": {".gitignore": "build/\n", "build/a.yaml": "", "src/build/b.yaml": "", "c.yaml": ""},
    "anchored": {".gitignore": "/build\n/one/*.yaml\n", "build/a.yaml": "", "src/build/b.yaml": "", "one/c.yaml": ""},
    "negated": {".gitignore": "*.yaml\n!keep.yaml\n", "a.yaml": "", "keep.yaml": "", "in/keep.yaml": ""},
    "negated below an ignored folder": {".gitignore": "out\n!out/keep.yaml\n", "out/keep.yaml": "", "b.yaml": ""},
    "nested": {".gitignore": "*.json\n", "in/.gitignore": "!a.json\n/b.yaml\n", "in/a.json": "", "in/b.yaml": "",
               "c.json": "", "in/d/b.yaml": ""},
    "stars": {".gitignore": "a/**/z.yaml\n**/tmp/*\nx?.yaml\n[a-c].yml\n", "a/z.yaml": "", "a/b/c/z.yaml": "",
              "q/tmp/a.yaml": "", "x1.yaml": "", "x12.yaml": "", "b.yml": "", "d.yml": ""},
    "escaped": {".gitignore": "\\#a.yaml\n\\!b.yaml\nc.yaml   \nd\\ .yaml\n", "#a.yaml": "", "!b.yaml": "",
                "c.yaml": "", "d .yaml": ""},
    "exclude": {".git/info/exclude": "local.yaml\n", "local.yaml": "", "in/local.yaml": "", "b.yaml": ""},
    "exclude is weaker": {".git/info/exclude": "a.yaml\n", ".gitignore": "!a.yaml\n", "a.yaml": ""},
    "no patterns": {".gitignore": "# nothing\n\n[\n", "a.yaml": ""},
}  # fmt: skip


@pytest.mark.parametrize("name", TREES)
def test_it_is_as_for_git(name: str, folder: Path) -> None:
    write(folder, TREES[name])
    git = ["git", "-c", "core.excludesFile=", "-c", "safe.directory=*"]
    try:
        subprocess.run([*git, "init", "-q", "--template="], check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("there is no git")
    listed = subprocess.run(
        [*git, "ls-files", "-zco", "--exclude-standard"], check=True, capture_output=True, text=True
    ).stdout.split("\0")
    assert sorted(found()) == sorted(each for each in listed if each.endswith((".yaml", ".yml", ".json")))


def test_what_is_named_is_read(folder: Path) -> None:
    write(folder, {".gitignore": "out/\n*.json\n", "out/a.yaml": "", "out/b.json": "", "c.json": "", "in/d.json": ""})
    assert found() == []
    assert found("out") == ["out/a.yaml", "out/b.json"]
    assert found("c.json", "in") == ["c.json"]


def test_an_option_reads_everything(folder: Path) -> None:
    write(folder, {".gitignore": "*\n", "a.yaml": ""})
    respect_gitignore(False)
    assert found() == ["a.yaml"]


def test_rules_end_at_a_repository(folder: Path) -> None:
    write(folder, {".gitignore": "a.yaml\n", "sub/.git": "gitdir: ../elsewhere", "sub/a.yaml": "", "a.yaml": ""})
    write(folder, {"elsewhere/commondir": "../common", "common/info/exclude": "b.yaml", "sub/b.yaml": ""})
    assert found() == found("sub") == ["sub/a.yaml"]
    assert found("../root/sub") == ["../root/sub/a.yaml"]


def test_without_a_repository_nothing_is_ignored(folder: Path) -> None:
    (folder / ".git").rmdir()
    write(folder, {".gitignore": "a.yaml\n", "a.yaml": ""})
    assert found() == ["a.yaml"]


HOSTILE = {
    "many stars": "*a" * 60 + "*b.yaml",
    "many levels": "**/a/" * 40 + "b.yaml",
    "long": "a" * 100_000,
    "many brackets": "[" * 400,
    "classes": "[a-z]" * 99,
    "three stars": "*a*a*ab",
    "three levels": "**/a/**/a/**/b",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_patterns_take_no_time(name: str, folder: Path) -> None:
    levels = "/".join("a" * 40)
    write(folder, {".gitignore": HOSTILE[name], "a" * 240 + ".yaml": "", f"{levels}/c.yaml": ""})
    start = time.process_time()
    assert len(found()) == 2
    assert time.process_time() - start < 3


@pytest.mark.skipif(os.name == "nt", reason="links need permissions there")
def test_links_and_pipes_are_no_gitignore(folder: Path) -> None:
    write(folder, {"patterns": "a.yaml\n", "a.yaml": "", "in/b.yaml": ""})
    (folder / ".gitignore").symlink_to("patterns")
    os.mkfifo(folder / "in" / ".gitignore")
    (folder / "loop").symlink_to(".")
    assert found() == ["a.yaml", "in/b.yaml"]


@pytest.mark.parametrize(("arguments", "loads"), [(("a.yaml",), False), ((".",), True), (("in",), False)])
def test_pathspec_is_loaded_where_there_are_patterns(arguments: tuple[str, ...], loads: bool, folder: Path) -> None:
    write(folder, {"sub/.gitignore": "b.yaml\n", "a.yaml": "", "in/c.yaml": ""})
    probe = (
        "import sys; from isvclog.cli.main import main; main(['lint', *sys.argv[1:]]); print('pathspec' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", probe, *arguments], capture_output=True, text=True, check=True)
    assert ended.stdout.split()[-1] == str(loads)
