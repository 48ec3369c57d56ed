"""Names of contexts, namespaces and services as shells are offered them: at once, or not at all."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apisamples import service
from apiserver import ApiServer

Complete = Callable[..., list[str]]


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer(token="not-to-be-told") as server:
        for namespace in ("default", "ml", "risk"):
            server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        server.add(service("fraud", "ml"), service("forecast", "ml"), service("iris", "ml"), service("other", "risk"))
        yield server


@pytest.fixture
def complete(api: ApiServer, environment: dict[str, str], tmp_path: Path) -> Complete:
    kubeconfig = api.kubeconfig(tmp_path, context="prod", namespace="ml")

    def run(*arguments: str) -> list[str]:
        command = [sys.executable, "-c", "from isvclog.cli.main import complete; complete()", *arguments]
        variables = environment | {"KUBECONFIG": kubeconfig}
        ended = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True)
        assert (ended.returncode, ended.stderr) == (0, "")
        return ended.stdout.split()

    return run


@pytest.mark.parametrize(
    ("arguments", "offered"),
    [
        (["audit", "--context", ""], ["prod"]),
        (["audit", "--context", "x"], []),
        (["preview", "-n", ""], ["default", "ml", "risk"]),
        (["audit", "-n", "r"], ["risk"]),
        (["preview", "f"], ["forecast", "fraud"]),
        (["audit", "-n", "risk", ""], ["other"]),
        (["audit", "iris", "f"], ["forecast", "fraud"]),
        (["add-annotation", "ir"], ["iris"]),
        (["add-annotation", "iris", ""], []),
        (["remove-annotation", "-f", "x.yaml", ""], []),
        (["lint", "--live", "i"], ["iris"]),
        (["lint", "i"], []),
        (["preview", "-f", "x.yaml", ""], []),
    ],
)
def test_names_are_offered(arguments: list[str], offered: list[str], complete: Complete) -> None:
    # What the machine is busy with may eat up the time there is.
    for _ in range(5):
        if (found := complete(*arguments)) == offered:
            return
    assert found == offered


def test_a_slow_server_offers_nothing_in_time(api: ApiServer, complete: Complete) -> None:
    complete("audit", "")  # so that nothing has to be compiled
    api.delay("/", 3, times=-1)
    start = time.monotonic()
    assert complete("preview", "") == []
    assert time.monotonic() - start < 2


def test_no_server_offers_nothing(api: ApiServer, complete: Complete) -> None:
    api.stop()
    assert complete("preview", "") == []


def test_nobody_offers_nothing(api: ApiServer, complete: Complete) -> None:
    api.token = "another"
    assert complete("preview", "") == []
