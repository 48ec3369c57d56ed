"""The fuzzer's own checks notice what they are for: an oracle that accepts everything would find nothing."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  annotations:
    note: x  # why
spec:
  predictor:
    logger:
      mode: all
      metadataAnnotations: [note]
---
kind: ConfigMap
data: {a: "1"}
"""


@pytest.fixture
def fuzzing(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.syspath_prepend(str(ROOT))
    names = ("cases", "checks", "editing", "reading", "reducing")
    return SimpleNamespace(**{name: importlib.import_module(f"evaluations.fuzzing.{name}") for name in names})


def kinds(fuzzing: Any, step: Any, result: Any, **case: Any) -> list[str]:
    checker = fuzzing.checks.Checker(fuzzing.reading.Reader(), 1.0)
    settings: Any = {"files": {"isvc.yaml": SERVICE.encode()}} | case
    tried = fuzzing.cases.Case(0, "edit", steps=(step,), **settings)
    return [failure.kind for failure in checker.check(tried, [result])]


ADD = ("add-annotation", "fuzz.example.com/key=v", "-f", "FILE")
ADDED = SERVICE.replace("[note]", "[note, fuzz.example.com/key]").replace(
    "# why\n", "# why\n    fuzz.example.com/key: v\n"
)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (ADDED, []),
        (SERVICE, ["edit: not done, exit code 0: add-annotation"]),
        (ADDED.replace("  # why", ""), ["edit: text lost: add-annotation"]),
        (ADDED.replace('"1"', "1"), ["edit: unintended: add-annotation: outside of a service"]),
        (ADDED.replace("iris", "other"), ["edit: unintended: add-annotation: metadata/name"]),
        (ADDED.replace("mode: all", "mode: yes"), ["edit: unintended: add-annotation: spec/component/logger/mode"]),
        (ADDED.replace("key]", "key, more]"), ["edit: unintended: add-annotation: spec/component/logger/*"]),
        (ADDED.replace("---\n", "").replace("data", "other"), ["edit: "]),
        (ADDED.replace("key: v", "key: 'w'"), ["edit: not done: add-annotation"]),
        (ADDED.replace("]", ""), ["edit: makes a document that PyYAML cannot read: add-annotation"]),
    ],
)
def test_an_edit_that_does_more_or_less_is_noticed(fuzzing: Any, after: str, expected: list[str]) -> None:
    result = fuzzing.cases.Result(0, "", "", 0.1, {"isvc.yaml": after.encode()})
    found = kinds(fuzzing, fuzzing.cases.Step(ADD, "edit"), result)
    assert bool(found) == bool(expected)
    for kind in expected:
        assert any(each.startswith(kind.partition("*")[0]) for each in found), found


@pytest.mark.parametrize(
    ("code", "out", "err", "seconds", "expected"),
    [
        (0, "", "fine\n", 0.1, []),
        (139, "", "", 0.1, ["exit code 139: lint"]),
        (3, "", "Traceback (most recent call last)", 0.1, ["traceback: lint"]),
        (0, "", "", 1.5, ["slow: lint"]),
        ("too long", "", "", 9.0, ["too long: lint"]),
        (1, "a\x1b[31mb", "", 0.1, ["terminal escape: lint -o json", "format: lint -o json: no JSON"]),
        (1, "\u202e", "", 0.1, ["bidirectional control: lint -o json", "format: lint -o json: no JSON"]),
        (1, "", "x ##vso[task.x]", 0.1, ["CI command: lint stderr"]),
        (1, '{"findings": []}', "", 0.1, ["format: lint -o json: schema: : required"]),
        (1, "", "it is AbCdEfGh12 3456789xyz", 0.1, ["leak: metadata.annotations.*: lint stderr: bare"]),
        (1, "", "it is ABCDEFGH12", 0.1, ["leak: metadata.annotations.*: lint stderr: bare"]),
        (1, "", "it is Ab…yz", 0.1, []),
    ],
)
def test_what_a_command_must_not_do_is_noticed(
    fuzzing: Any, code: int | str, out: str, err: str, seconds: float, expected: list[str]
) -> None:
    files = {"isvc.yaml": SERVICE.replace("note: x", "db-password: AbCdEfGh123456789xyz").encode()}
    secret = fuzzing.cases.Secret("bare", "AbCdEfGh123456789xyz", "AbCdEfGh123456789xyz", "db-password")
    result = fuzzing.cases.Result(code, out, err, seconds, files)
    step = fuzzing.cases.Step(("lint", "-o", "json", "FILE"))
    assert kinds(fuzzing, step, result, files=files, secrets=(secret,)) == expected


def test_a_text_under_another_key_is_no_secret(fuzzing: Any) -> None:
    secret = fuzzing.cases.Secret("bare", "x", "xxxxxxxxxxxxxxxx", "db-password")
    assert fuzzing.checks.places_of(secret, {"metadata": {"annotations": {"note": "x"}}}) == set()
    assert fuzzing.checks.places_of(secret, {"env": [{"name": "DB_PASSWORD", "value": "x"}]}) == {"elsewhere"}


def test_a_change_that_was_not_asked_for_is_noticed(fuzzing: Any) -> None:
    result = fuzzing.cases.Result(1, "", "", 0.1, {"isvc.yaml": b"other", "left": b""})
    found = kinds(fuzzing, fuzzing.cases.Step(("lint", "FILE")), result)
    assert found == ["new file: lint", "changed without being asked: lint (1)"]


def test_an_input_becomes_small(fuzzing: Any) -> None:
    step = fuzzing.cases.Step(("lint", "FILE", "--no-ignores"))
    case = fuzzing.cases.Case(0, "file", {"isvc.yaml": SERVICE.encode(), "other": b"x"}, (step, step))
    failure = fuzzing.cases.Failure("kind", 1, "")

    def fails(candidate: Any) -> bool:
        return b"mode: all" in candidate.files["isvc.yaml"] and b"iris" in candidate.files["isvc.yaml"]

    small = fuzzing.reducing.reduce(case, failure, fails, 5)
    assert (small.steps, list(small.files)) == ((fuzzing.cases.Step(("lint", "FILE")),), ["isvc.yaml"])
    assert len(small.files["isvc.yaml"]) < 25
    assert fuzzing.cases.from_json(fuzzing.cases.to_json(small)) == small


LIMITS = """
import sys
from pathlib import Path
from evaluations.fuzzing.running import Runner, limit_memory

def main(arguments):
    if arguments == ["loop"]:
        while True:
            pass
    if arguments == ["memory"]:
        bytearray(2**30)
    print("out")
    print("this is no bug", file=sys.stderr)
    return 3

runner = Runner(main, Path(sys.argv[1]), 0.3)
limit_memory(200)
for name in ("loop", "memory", "end"):
    result = runner.command([name])
    print(result.code, repr(result.out), repr(result.err), result.crash.partition(" in ")[0])
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the size of a process is read from /proc")
def test_a_command_has_limits(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LIMITS, tmp_path], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert ended.stdout.splitlines() == [
        "too long '' '' ",
        "crash '' '' MemoryError",
        "3 'out\\n' 'this is no bug\\n' ",
    ], ended.stderr
