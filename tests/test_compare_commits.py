"""The comparison of two checkouts finds what differs, and tells words and renamed keys from the rest."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "evaluations" / "compare_commits.py"

FINDING = {
    "file": "a.yaml",
    "line": 3,
    "column": 5,
    "endLine": 3,
    "endColumn": 9,
    "severity": "error",
    "rule": "missing-url",
    "message": "There is no `url`.",
    "pointer": "/spec",
    "fix": None,
}


@pytest.fixture
def program() -> Any:
    specification = importlib.util.spec_from_file_location("compare_commits", PROGRAM)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def differences(comparison: Any) -> list[str]:
    return [what for _, what in comparison.differences]


def compared(program: Any, old: object, new: object, path: str = "") -> Any:
    comparison = program.Comparison()
    comparison.json(path, old, new)
    return comparison


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"message": "No `url` is set."}, []),
        ({"message": "There is no `uri`."}, ["numbers or names in a message"]),
        ({"severity": "warning"}, ['findings.severity: "error" -> "warning"']),
        ({"column": 6}, ["findings.column"]),
        ({"fix": {"title": "x", "safe": True, "edits": []}}, ["findings.fix"]),
        ({"rule": "empty-url"}, ['findings.rule: "missing-url" -> "empty-url"']),
        (
            {"rule": "empty-url", "line": 4},
            ["finding only in OLD: missing-url", "finding only in NEW: empty-url"],
        ),
    ],
)
def test_findings_are_compared_with_their_counterparts(
    program: Any, change: dict[str, object], expected: list[str]
) -> None:
    other = FINDING | {"line": 9}
    comparison = compared(program, {"findings": [FINDING, other]}, {"findings": [FINDING | change, other]})
    assert differences(comparison) == expected
    assert len(comparison.rewordings) == (change.get("message") == "No `url` is set.")


def test_keys_and_values_that_are_renamed_are_the_same(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    old = {"fate": "lost", "why": "no logger runs", "turn": 1, "sources": []}
    new = {"status": "Dropped", "message": "The agent does not start.", "sources": [], "reason": "NoAgent"}
    path = "services.components.annotations"
    for table in ("RENAMED_KEYS", "RENAMED_VALUES"):
        monkeypatch.setattr(program, table, {})
    monkeypatch.setattr(program, "ADDED_KEYS", ())
    assert differences(compared(program, [old], [new], path)) == [
        "key services.components.annotations.fate is missing in NEW",
        "key services.components.annotations.why is missing in NEW",
        "key services.components.annotations.turn is missing in NEW",
        "key services.components.annotations.status is only in NEW",
        "key services.components.annotations.message is only in NEW",
        "key services.components.annotations.reason is only in NEW",
    ]
    renamed = {"annotations.fate": "status", "why": "message", "annotations.turn": None}
    monkeypatch.setattr(program, "RENAMED_KEYS", renamed)
    monkeypatch.setattr(program, "RENAMED_VALUES", {"annotations.fate": {"lost": ("Dropped", "Missing")}})
    monkeypatch.setattr(program, "ADDED_KEYS", ("annotations.reason",))
    comparison = compared(program, [old], [new], path)
    assert differences(comparison) == []
    assert list(comparison.rewordings) == [(old["why"], new["message"])]
    assert [*comparison.renamed.values()] == [1, 1, 1]
    comparison = compared(program, [new], [new | {"message": "No agent.", "status": "Missing"}], path)
    assert differences(comparison) == ['services.components.annotations.status: "Dropped" -> "Missing"']


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGALRM")
def test_a_checkout_agrees_with_itself() -> None:
    example = ROOT / "examples" / "16-missing-key.yaml"
    command = [sys.executable, PROGRAM, ROOT, ROOT, example]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("Compared: 1 manifests, 11 commands with each checkout, ")
    assert ended.stdout.endswith("\nSame.\n")


def test_a_folder_without_isvclog_is_wrong_usage(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, PROGRAM, ROOT, tmp_path], capture_output=True, text=True)
    assert ended.returncode == 2
    assert f"{tmp_path} has no src/isvclog" in ended.stderr
