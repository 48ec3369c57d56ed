"""TrustyAIServices and InferenceGraphs of a cluster: each kind is listed once, for services that it concerns."""

from typing import Any

import pytest
from apiserver import ApiServer
from live_cluster import service

from isvclog.cluster import Cluster
from isvclog.live.beside import ClusterBeside
from isvclog.live.reader import FactReader


def trustyai(namespace: str = "ml") -> dict[str, Any]:
    metadata = {"name": "tas", "namespace": namespace}
    return {"apiVersion": "trustyai.opendatahub.io/v1alpha1", "kind": "TrustyAIService", "metadata": metadata}


def graph(step: str, namespace: str = "ml") -> dict[str, Any]:
    return {
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "InferenceGraph",
        "metadata": {"name": "graph", "namespace": namespace},
        "spec": {"nodes": {"root": {"steps": [{"serviceName": step}]}}},
    }


def paths(api: ApiServer) -> list[str]:
    return [request.path.rpartition("/")[2] for request in api.requests if request.path.endswith("s")]


@pytest.mark.parametrize("everywhere", [False, True])
def test_each_kind_is_listed_once(everywhere: bool, api: ApiServer, cluster: Cluster) -> None:
    api.add(trustyai(), graph("iris"), graph("iris", "other"))
    beside = ClusterBeside(FactReader(cluster, print), everywhere=everywhere)
    for _ in range(3):
        found = beside.of(service(metadataHeaders=["X-A"]))
        assert dict(found.trustyai) == {"ml": "tas"}
        assert found.graphs["ml", "iris"] == "graph"
    assert paths(api).count("inferencegraphs") == 1
    assert paths(api).count("trustyaiservices") == 2  # v1, which this cluster does not have, and v1alpha1


def test_only_what_concerns_a_service_is_listed(api: ApiServer, cluster: Cluster) -> None:
    api.add(trustyai("other"), graph("wine"))
    beside = ClusterBeside(FactReader(cluster, print))
    silent = service()
    del silent["spec"]["predictor"]["logger"]
    assert beside.changes(silent) is None
    assert paths(api) == []
    assert beside.changes(service()) is None
    assert "inferencegraphs" not in paths(api)
    assert beside.changes(service("iris", metadataHeaders=["X-A"])) is None
    assert beside.changes(service("wine", metadataHeaders=["X-A"])) is not None
    assert beside.changes(service("iris", "other")) is not None


@pytest.mark.parametrize("how", ["absent", "forbidden"])
def test_a_cluster_without_the_kinds_is_silent_and_one_that_hides_them_says_so_once(
    how: str, api: ApiServer, cluster: Cluster
) -> None:
    api.add(trustyai(), graph("iris"))
    kinds = ("trustyaiservices", "inferencegraphs")
    for plural in kinds:
        api.forbid(plural) if how == "forbidden" else api.uninstall(plural)
    sentences: list[str] = []
    beside = ClusterBeside(FactReader(cluster, sentences.append))
    for _ in range(2):
        assert beside.changes(service(metadataHeaders=["X-A"])) is None
    assert len(sentences) == (2 if how == "forbidden" else 0)
    assert all("cannot be read (no permission)" in sentence for sentence in sentences)
