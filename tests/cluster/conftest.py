"""A stand-in API server, and clusters that wait for nothing between two attempts."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer

from isvclog.cluster import Access, Cluster, connect

Connect = Callable[..., Cluster]


@pytest.fixture(autouse=True)
def _no_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No kubeconfig, proxy or service account of whoever runs the tests."""
    names = "KUBECONFIG HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY KUBERNETES_SERVICE_HOST KUBERNETES_SERVICE_PORT"
    for name in [*names.split(), "POD_NAMESPACE"]:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


@pytest.fixture
def api() -> Iterator[ApiServer]:
    """A server without any objects."""
    with ApiServer() as server:
        yield server


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that were to be waited between attempts, in order."""
    return []


@pytest.fixture
def connected(api: ApiServer, pauses: list[float], tmp_path: Path) -> Iterator[Connect]:
    """Connects to the server; arguments are those of Access."""
    opened: list[Cluster] = []

    def connect_it(**access: Any) -> Cluster:
        if "kubeconfig" not in access:
            access["kubeconfig"] = api.kubeconfig(tmp_path)
        opened.append(connect(Access(**access), sleep=pauses.append))
        return opened[-1]

    yield connect_it
    for cluster in opened:
        cluster.close()


@pytest.fixture
def cluster(connected: Connect) -> Cluster:
    """The server, as the only context of a kubeconfig says."""
    return connected()
