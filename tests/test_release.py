"""The scripts of a release: the owner's name, the checks of a tag, and the files for krew and Homebrew."""

import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from isvclog import __file__ as package
from isvclog import __version__
from scripts.build_krew import pack
from scripts.check_release import other_tags, problems, release_notes
from scripts.fill_packages import fill_packages
from scripts.name_owner import name_owner

ROOT = Path(__file__).parents[1]
OWNER = "OWNER"
CHANGELOG = """\
# Changelog

## [Unreleased]

## [1.2.3] - 2026-01-02

### Added

- A thing.

## [1.2.2] - 2025-12-31

- An older thing.
"""
LOCK: dict[str, Any] = {
    "packages": [
        {
            "name": "attrs",
            "version": "26.1.0",
            "sdist": {"url": "https://files.example.com/attrs-26.1.0.tar.gz", "hashes": {"sha256": "d0" * 32}},
        },
        {"name": "certifi", "version": "2026.10.19"},
    ]
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Make a repository that is ready for the release v1.2.3."""
    files = {
        "src/isvclog/__init__.py": '__version__ = "1.2.3"\n',
        "CHANGELOG.md": CHANGELOG,
        "README.md": "    rev: v1.2.3   # a tag\n",
        "docs/ci.md": 'pip install "git+https://github.com/ada/isvclog@v1.2.3"\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "."]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_release_can_be_made(checkout: Path) -> None:
    assert list(problems(checkout, "v1.2.3")) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("src/isvclog/__init__.py", "1.2.3", "1.2.4.dev0", "__version__ is 1.2.4.dev0"),
        ("CHANGELOG.md", "## [1.2.3] - 2026-01-02", "## [1.2.3]", "no entries"),
        ("CHANGELOG.md", "### Added\n\n- A thing.\n", "", "no entries"),
        ("README.md", "v1.2.3", "v1.2.2", "names v1.2.2"),
        ("docs/ci.md", "v1.2.3", "v1.2.30", "names v1.2.30"),
        ("docs/ci.md", "ada/", f"{OWNER}/", "placeholder"),
    ],
)
def test_a_release_is_refused(checkout: Path, name: str, old: str, new: str, said: str) -> None:
    change(checkout / name, old, new)
    (problem,) = problems(checkout, "v1.2.3")
    assert problem.startswith(f"{name}: ")
    assert said in problem


@pytest.mark.parametrize("tag", ["1.2.3", "v1.2", "v1.2.3-1", "main"])
def test_a_tag_is_a_version(checkout: Path, tag: str) -> None:
    (problem,) = problems(checkout, tag)
    assert problem.startswith(f"{tag}: not a tag")


def test_notes_are_one_section() -> None:
    assert release_notes(CHANGELOG, "1.2.3") == "### Added\n\n- A thing."
    assert release_notes(CHANGELOG, "1.2.2") == "- An older thing."
    assert release_notes(CHANGELOG, "1.2") is None


def test_the_owner_is_named_in_addresses_only(checkout: Path) -> None:
    before = (
        f"[home](https://github.com/{OWNER}/isvclog) ghcr.io/{OWNER}/isvclog:1 https://{OWNER}.github.io/isvclog/\r\n"
        f"uses: {OWNER}/isvclog@v1.2.3; not {OWNER}, CODE{OWNER}/isvclog or {OWNER}/isvclogs\n"
    ).encode()
    (checkout / "README.md").write_bytes(before)
    (checkout / "untracked").write_bytes(before)
    assert name_owner(checkout, "AdaL") == [checkout / "README.md"]
    assert (checkout / "README.md").read_bytes() == (
        b"[home](https://github.com/AdaL/isvclog) ghcr.io/adal/isvclog:1 https://AdaL.github.io/isvclog/\r\n"
        + f"uses: AdaL/isvclog@v1.2.3; not {OWNER}, CODE{OWNER}/isvclog or {OWNER}/isvclogs\n".encode()
    )
    assert (checkout / "untracked").read_bytes() == before
    assert name_owner(checkout, "AdaL") == []


def test_pages_name_the_version() -> None:
    """A page that names another one is found when it is written, and not when a tag is pushed."""
    assert list(other_tags(ROOT, f"v{__version__}")) == []


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Make a folder with what a release has built."""
    for name in ("isvclog-1.2.3.tar.gz", "kubectl-isvclog-linux-arm64.tar.gz", "kubectl-isvclog-darwin-amd64.tar.gz"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


def digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def test_krew_gets_an_archive_for_each_platform(built: Path) -> None:
    fill_packages(ROOT, "v1.2.3", built, LOCK)
    manifest = YAML(typ="safe").load(built / "isvclog.yaml")
    assert manifest["metadata"]["name"] == "isvclog"
    assert manifest["spec"]["version"] == "v1.2.3"
    downloads = f"{manifest['spec']['homepage']}/releases/download/v1.2.3"
    assert manifest["spec"]["platforms"] == [
        {
            "selector": {"matchLabels": {"os": system, "arch": machine}},
            "uri": f"{downloads}/kubectl-isvclog-{system}-{machine}.tar.gz",
            "sha256": digest(f"kubectl-isvclog-{system}-{machine}.tar.gz"),
            "bin": "kubectl-isvclog",
        }
        for system, machine in (("darwin", "amd64"), ("linux", "arm64"))
    ]


def test_homebrew_gets_the_sdists_that_are_no_formulas(built: Path) -> None:
    fill_packages(ROOT, "v1.2.3", built, LOCK)
    formula = (built / "isvclog.rb").read_text(encoding="utf-8")
    assert "@" not in formula.replace("python@3", "")
    assert f'/releases/download/v1.2.3/isvclog-1.2.3.tar.gz"\n  sha256 "{digest("isvclog-1.2.3.tar.gz")}"\n' in formula
    attrs = (
        f'  resource "attrs" do\n    url "https://files.example.com/attrs-26.1.0.tar.gz"\n    sha256 "{"d0" * 32}"\n'
    )
    assert attrs in formula
    assert formula.count("resource ") == 1


def test_nothing_is_filled_without_what_is_named(built: Path) -> None:
    with pytest.raises(SystemExit, match=r"httptools 0\.9: no sdist"):
        fill_packages(ROOT, "v1.2.3", built, {"packages": [{"name": "httptools", "version": "0.9"}]})
    for archive in built.glob("kubectl-*"):
        archive.unlink()
    with pytest.raises(SystemExit, match="Build the archives first"):
        fill_packages(ROOT, "v1.2.3", built, LOCK)


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """Lay out what krew unpacks, and return its link to the program."""
    unpacked, link = tmp_path / "store", tmp_path / "bin" / "kubectl-isvclog"
    for folder in (unpacked, link.parent):
        folder.mkdir()
    (unpacked / "lib").symlink_to(Path(package).parents[1])
    (unpacked / link.name).write_bytes((ROOT / "release" / link.name).read_bytes())
    link.symlink_to(unpacked / link.name)
    return link


def test_the_plugin_finds_its_modules(plugin: Path) -> None:
    shown = subprocess.run([sys.executable, plugin, "--help"], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("Usage: kubectl isvclog [OPTIONS]")


OLD = "import runpy, sys; sys.version_info = (3, 9); sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0])"


def test_the_plugin_looks_for_a_python_that_it_has_modules_for(plugin: Path, tmp_path: Path) -> None:
    run = [sys.executable, "-c", OLD, str(plugin), "a b"]
    ended = subprocess.run(run, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("isvclog: error: no Python 3.11 to 3.14 is in PATH.")
    for name, does in (("python3.13", "exit 127"), ("python3.12", '[ "$1" = -c ] || echo "$@"')):
        python = tmp_path / name
        python.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        python.chmod(0o755)
    ended = subprocess.run(run, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert ended.stdout == f"{plugin} a b\n"


def test_archives_are_reproducible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for number, folder in enumerate((tmp_path / "a", tmp_path / "b")):
        for name in ("kubectl-isvclog", "lib/z.py", "lib/a.py")[:: 1 if number else -1]:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, encoding="utf-8")
            os.utime(path, (number, number))
            path.chmod(0o600)
        pack(folder, folder / "plugin.tar.gz")
    archives = [tmp_path / name / "plugin.tar.gz" for name in "ab"]
    assert archives[0].read_bytes() == archives[1].read_bytes()
    with tarfile.open(archives[0]) as tar:
        modes = {entry.name: oct(entry.mode) for entry in tar}
    assert modes == {"kubectl-isvclog": "0o755", "lib": "0o755", "lib/a.py": "0o644", "lib/z.py": "0o644"}
