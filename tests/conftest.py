import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# The same code gives the same verdict each time; looking for new examples is what `make fuzz` is for.
# No deadline: the first example imports ruamel.yaml, and a shared machine can be slow.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("searching", max_examples=3000, print_blob=True, deadline=None)
settings.load_profile("repeatable")

# What a shell starts in the background ignores Ctrl-C, and so do the programs it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.pop("COLUMNS", None)  # pytest-xdist sets it

Isvclog = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(autouse=True)
def unpublished(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the project's address: what is printed does not depend on whether there is one yet."""
    monkeypatch.setattr("isvclog.home.published", lambda address: None)


@pytest.fixture
def environment() -> dict[str, str]:
    """What a command runs with: nothing of the outside that changes how it looks."""
    names = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "ISVCLOG_DEBUG", "GITHUB_ACTIONS", "PYTHONIOENCODING")
    return {name: value for name, value in os.environ.items() if name not in names}


@pytest.fixture
def isvclog(environment: dict[str, str], tmp_path: Path) -> Isvclog:
    """Runs isvclog as a process of its own, in a folder of its own; arguments of `subprocess.run` can be given."""

    def run(*arguments: str, env: Mapping[str, str] | None = None, **settings: Any) -> subprocess.CompletedProcess[str]:
        options: dict[str, Any] = {"cwd": tmp_path, "timeout": 60, "encoding": "utf-8"}
        options |= {} if "input" in settings else {"stdin": subprocess.DEVNULL}
        options |= {} if "stdout" in settings else {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        command = [sys.executable, "-m", "isvclog", *arguments]
        ended: subprocess.CompletedProcess[str] = subprocess.run(
            command, env={**environment, **(env or {})}, check=False, **(options | settings)
        )
        return ended

    return run
