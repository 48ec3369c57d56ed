"""`isvclog simulate -- ARGS` starts and fails as KServe's own agent did: each measured case of tests/conformance.

The command runs in this process: no system would pass the arguments of the cases that Linux refuses (E2BIG).
"""

import io
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from exchanges import RELEASE

from isvclog.cli.main import main
from isvclog.kserve.apis.installation import Installation
from isvclog.sidecar.simulation.agent import agent_with_arguments, default_environment

HERE = Path(__file__).parents[1] / "conformance"
CASES = [
    case for name in ("startup", "startup_long") for case in json.loads((HERE / f"{name}.json").read_text("ascii"))
]
PROBE = "SERVING_READINESS_PROBE"


class EndWhenListening(io.StringIO):
    """Standard output that stops the simulation as soon as it says that it listens."""

    def write(self, text: str) -> int:
        if '"kind": "listening"' in text:
            os.kill(os.getpid(), signal.SIGTERM)
        return super().write(text)


def simulate(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """Run the command; return its exit code and the lines that it prints."""
    output = EndWhenListening()
    monkeypatch.setattr(sys, "stdout", output)
    code = main(["simulate", "--listen", "127.0.0.1:0", "-o", "json", *arguments])
    return code, [json.loads(line) for line in output.getvalue().splitlines()]


def environment_options(environment: dict[str, str] | None) -> list[str]:
    if environment is None:
        return []
    options = [] if PROBE in environment else ["--env", f"{PROBE}-"]
    for name, value in environment.items():
        options += ["--env", f"{name}={value}"]
    return options


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # for objects
    for name in os.environ:
        if name.startswith(("AWS_", "AZURE_", "GOOGLE_")):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("case", [case for case in CASES if case["args"]], ids=lambda case: case["name"])
def test_start(case: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    options = [*environment_options(case["env"]), "--kserve-version", str(RELEASE), "--reveal"]
    code, (first, *others) = simulate(monkeypatch, *options, "--", *case["args"])
    if case["exit"] is None and case["exec_error"] is None:
        assert (code, first["kind"], [item["kind"] for item in others]) == (0, "listening", ["ended"])
        logger = first["logger"] or {"annotations": None, "metadataHeaders": []}
        assert bool(first["logger"]) is case["logger_started"]
        assert logger["annotations"] == case["annotations"]
        assert logger["metadataHeaders"] == (case["metadata_headers"] or [])
        return
    assert (code, first["kind"], others) == (1, "notStarted", [])
    assert (first["agentExitCode"], first["execError"]) == (case["exit"], case["exec_error"])
    assert (case["stderr_contains"] or "") in first["message"]
    assert first["problem"]["remedy"]


@pytest.mark.parametrize("case", [case for case in CASES if not case["args"]], ids=lambda case: case["name"])
def test_start_without_arguments(case: dict[str, Any]) -> None:
    """A command line cannot tell `--` from `-- ARGS` without arguments."""
    agent = agent_with_arguments([], default_environment({}), Installation(RELEASE))
    assert agent.runs is (case["exit"] is None)
    assert agent.settings is None


def test_credentials_are_those_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["--", "--log-url", "abfs://b/p", "--log-store-path", "x", "--log-store-format", "json"]
    assert simulate(monkeypatch, *arguments)[0] == 1
    monkeypatch.setenv("AZURE_ACCOUNT_NAME", "account")
    monkeypatch.setenv("AZURE_STORAGE_ACCESS_KEY", "key")
    assert simulate(monkeypatch, *arguments)[0] == 0
    assert simulate(monkeypatch, "--env", "AZURE_ACCOUNT_NAME-", *arguments)[0] == 1


def test_fewer_than_no_workers_crash_the_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go panics where the agent makes a channel of a negative size."""
    code, (item,) = simulate(monkeypatch, "--", "--log-url", "http://x", "--workers=-1")
    assert (code, item["agentExitCode"], item["message"]) == (1, 2, "panic: makechan: size out of range")
    code, (item, _) = simulate(monkeypatch, "--", "--log-url", "http://x", "--workers=0")
    assert (code, item["logger"]["workers"]) == (0, 0)
