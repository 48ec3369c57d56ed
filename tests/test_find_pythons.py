"""`make test-pythons` finds the oldest Python 3.11 and the newest Python, anywhere in PATH or in pyenv."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "find_pythons.py"


def program(path: Path, answer: str) -> str:
    """Write a program that prints the answer, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{answer}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def python(path: Path, version: str, level: str = "final") -> str:
    return program(path, f"echo {version.replace('.', ' ')} {level}")


def found(*folders: Path, tested: str | None = None) -> list[str]:
    path = os.pathsep.join(map(str, folders))
    options = ["--except", tested] if tested else []
    run = [sys.executable, str(SCRIPT), *options]
    ended = subprocess.run(run, env={"PATH": path}, capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()


def test_all_folders_of_the_path_are_searched(tmp_path: Path) -> None:
    newer = python(tmp_path / "a" / "python3.13", "3.13.0")
    python(tmp_path / "a" / "python3.11", "3.11.7")
    python(tmp_path / "a" / "python3.10", "3.10.13")
    python(tmp_path / "a" / "python3.15", "3.15.0", "alpha")
    python(tmp_path / "a" / "python3.14t", "3.14.1")
    python(tmp_path / "a" / "python3-config", "3.14.1")
    oldest = python(tmp_path / "b" / "python3", "3.11.2")
    python(tmp_path / "b" / "python3.12", "3.12.1")
    assert found(tmp_path / "none", tmp_path / "a", tmp_path / "b") == [f"3.11.2 {oldest}", f"3.13.0 {newer}"]


def test_a_program_that_fails_is_left_out(tmp_path: Path) -> None:
    program(tmp_path / "python3.14", "exit 127")
    only = python(tmp_path / "python3.11", "3.11.9")
    assert found(tmp_path) == [f"3.11.9 {only}"]


def test_versions_of_pyenv_are_found(tmp_path: Path) -> None:
    newest = python(tmp_path / "versions" / "3.14.0" / "bin" / "python3", "3.14.0")
    oldest = python(tmp_path / "bin" / "python3.11", "3.11.4")
    program(
        tmp_path / "bin" / "pyenv",
        f'[ "$1" = versions ] && echo 3.14.0 || {{ [ "$2" = 3.14.0 ] && echo {tmp_path}/versions/3.14.0; }}',
    )
    assert found(tmp_path / "bin") == [f"3.11.4 {oldest}", f"3.14.0 {newest}"]


@pytest.mark.parametrize("tested", ["3.11.2", "3.13.0"])
def test_what_was_tested_is_left_out(tested: str, tmp_path: Path) -> None:
    pythons = {version: python(tmp_path / f"python{version[:4]}", version) for version in ("3.11.2", "3.13.0")}
    assert found(tmp_path, tested=tested) == [
        f"{version} {path}" for version, path in pythons.items() if version != tested
    ]


def test_there_may_be_none(tmp_path: Path) -> None:
    assert found(tmp_path) == []
