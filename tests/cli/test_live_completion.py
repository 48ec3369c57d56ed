"""Names of contexts, namespaces and services as shells are offered them: at once, or not at all.

A busy machine may take longer than a person waits. So the program gets a minute to find names, and its own time limit
counts only where the server never answers.
"""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apisamples import service
from apiserver import ApiServer

SERVER = Path(__file__).parents[1] / "cluster" / "tls" / "server.pem"
Complete = Callable[..., list[str]]

COMPLETE = "from isvclog.cli.main import complete; complete()"
PATIENT = f"from isvclog.cli.options import completion; completion._SECONDS = 60; {COMPLETE}"


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer(token="not-to-be-told", certificate=SERVER) as server:
        for namespace in ("default", "ml", "risk"):
            server.add({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
        server.add(service("fraud", "ml"), service("forecast", "ml"), service("iris", "ml"), service("other", "risk"))
        yield server


@pytest.fixture
def complete(api: ApiServer, environment: dict[str, str], tmp_path: Path) -> Complete:
    api.kubeconfig(tmp_path, context="prod", namespace="ml")

    def run(*arguments: str, program: str = PATIENT) -> list[str]:
        command = [sys.executable, "-c", program, *arguments]
        variables = environment | {"KUBECONFIG": str(tmp_path / "kubeconfig")}
        ended = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=120)
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
    assert complete(*arguments) == offered


@pytest.mark.parametrize(
    ("arguments", "offered"),
    [
        (["remove-annotation", "-f", "y.yaml", ""], ["a/listed", "b"]),
        (["remove-annotation", "-f", "y.yaml", "b", ""], ["a/listed"]),
        (["remove-annotation", "-f", "y.yaml", "a"], ["a/listed"]),
        (["add-annotation", "-f", "y.yaml", ""], ["unlisted"]),
        (["add-annotation", "-f", "y.yaml", "--name", ""], ["fraud"]),
        (["preview", "-f", "y.yaml", "f"], ["fraud"]),
        (["remove-annotation", "-f", "-", ""], []),
        (["schema", "0.16"], ["0.16.0"]),
    ],
)
def test_names_of_a_file_are_offered(
    arguments: list[str], offered: list[str], complete: Complete, tmp_path: Path
) -> None:
    (tmp_path / "y.yaml").write_text(
        "kind: InferenceService\n"
        "apiVersion: serving.kserve.io/v1beta1\n"
        "metadata: {name: fraud, annotations: {a/listed: x, unlisted: c}}\n"
        "spec: {predictor: {logger: {metadataAnnotations: [a/listed, b, 3]}}}\n"
    )
    assert complete(*arguments) == offered


def test_nobody_waits_for_a_server_that_never_answers(api: ApiServer, complete: Complete, tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        kubeconfig.write_text(kubeconfig.read_text().replace(api.url, url))
        assert url in kubeconfig.read_text()
        assert complete("preview", "", program=COMPLETE) == []


def test_no_server_offers_nothing(api: ApiServer, complete: Complete) -> None:
    api.stop()
    assert complete("preview", "") == []


def test_nobody_offers_nothing(api: ApiServer, complete: Complete) -> None:
    api.token = "another"
    assert complete("preview", "") == []
