"""`make new-rule` writes a rule that works: its tests pass, and its files are formatted."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAME = "unheard-of-annotation"
COPIED = ("docs", "scripts", "src", "tests/cluster", "tests/rules", "tests/support")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what a new rule changes and is tested with."""
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "test_a*"))
    for name in ("pyproject.toml", "tests/conftest.py"):
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def run(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(tree / "src")}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


def written(tree: Path) -> dict[str, str]:
    paths = [path for name in ("docs", "src", "tests") for path in (tree / name).rglob("*") if path.is_file()]
    texts = {path.relative_to(tree).as_posix(): path.read_bytes() for path in paths if path.suffix != ".pyc"}
    return {name: text.decode("utf-8", "replace") for name, text in texts.items()}


@pytest.mark.parametrize("group", ["annotations", "sensitive"])
def test_what_it_writes_passes_the_tests(group: str, tree: Path) -> None:
    before = written(tree)
    ended = run(tree, "-m", "scripts.new_rule", NAME, group)
    assert (ended.returncode, ended.stderr) == (0, "")
    changed = sorted(name for name, text in written(tree).items() if before.get(name) != text)
    module = f"src/isvclog/rules/{group}/{NAME.replace('-', '_')}.py"
    tests = f"tests/rules/{NAME}"
    package = f"src/isvclog/rules/{group}/__init__.py"
    listed = ("src/isvclog/policy/unseen.py", package)
    assert changed == sorted(
        [*listed, module, *(f"{tests}/{name}" for name in ("clean.yaml", "expected.txt", "flagged.yaml"))]
    )
    paths = re.findall(r"\b(?:src|tests)/[\w./-]*\w", ended.stdout)
    assert {module, tests} < set(paths)
    assert all((tree / path).exists() for path in paths)
    assert run(tree, "-m", "scripts.generate_docs").returncode == 0
    assert NAME in (tree / "docs" / "rules.md").read_text(encoding="utf-8")
    for command in (
        ("ruff", "check", *listed, module),
        ("ruff", "format", "--check", *listed, module),
        ("pytest", "-n", "0", "-q", "-p", "no:cacheprovider", "tests/rules", "-k", f"{NAME} or complete or every_rule"),
    ):
        done = run(tree, "-m", *command)
        assert done.returncode == 0, done.stdout + done.stderr
    policies = run(tree, "-c", "from isvclog.policy.unseen import _REASONS; print(_REASONS['unheard-of-annotation'])")
    assert policies.stdout == "Unseen.UNWRITTEN\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "'' is not the name of a rule"),
        (("Annotation",), "'Annotation' is not the name of a rule: write two or more lower-case words"),
        (("annotation",), "'annotation' is not the name of a rule"),
        (("duplicate-header",), "There is a rule duplicate-header already."),
        ((NAME, "nowhere"), "There is no group nowhere."),
    ],
)
def test_what_it_refuses(arguments: tuple[str, ...], said: str) -> None:
    ended = run(ROOT, "-m", "scripts.new_rule", *arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith(said)
    assert "Usage: make new-rule NAME=" in ended.stderr
