from collections.abc import Iterator
from pathlib import Path

import pytest
from apiserver import ApiServer
from live_cluster import ALL_FIELDS, config, controller, crd, runtime

from isvclog.cluster import Access, Cluster, connect


@pytest.fixture
def api() -> Iterator[ApiServer]:
    """A cluster with KServe 0.16.0 and no services."""
    with ApiServer() as server:
        server.add(config(), controller(), runtime(), crd(*ALL_FIELDS))
        yield server


@pytest.fixture
def cluster(api: ApiServer, tmp_path: Path) -> Iterator[Cluster]:
    """The same as isvclog sees it; waiting between attempts takes no time."""
    with connect(Access(str(api.kubeconfig(tmp_path)), namespace="ml"), sleep=lambda seconds: None) as connected:
        yield connected
