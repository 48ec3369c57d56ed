"""Namespaces whose pods KServe's webhook does not see."""

from typing import Any

import pytest
from apiserver import ApiServer

from isvclog.cluster import Cluster
from isvclog.live.namespaces import Namespaces
from isvclog.live.reader import FactReader


def namespace(name: str, **labels: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


@pytest.mark.parametrize("everywhere", [False, True])
def test_the_label_counts_whatever_its_value_is(everywhere: bool, api: ApiServer, cluster: Cluster) -> None:
    api.add(namespace("a", **{"control-plane": ""}), namespace("b", **{"control-plane": "x"}), namespace("c", team="x"))
    namespaces = Namespaces(FactReader(cluster, print), everywhere=everywhere)
    for _ in range(2):
        assert [namespaces.excludes_pods(name) for name in "abc"] == [True, True, False]
    assert len(api.requests) == (1 if everywhere else 3)


@pytest.mark.parametrize("everywhere", [False, True])
def test_what_may_not_be_read_is_one_line(everywhere: bool, api: ApiServer, cluster: Cluster) -> None:
    api.forbid("namespaces")
    sentences: list[str] = []
    namespaces = Namespaces(FactReader(cluster, sentences.append), everywhere=everywhere)
    assert [namespaces.excludes_pods("a") for _ in range(2)] == [None, None]
    (sentence,) = sentences
    assert "cannot be read (no permission): whether" in sentence
    assert "control-plane" in sentence


def test_a_namespace_that_is_gone_is_unknown(cluster: Cluster) -> None:
    sentences: list[str] = []
    assert Namespaces(FactReader(cluster, sentences.append)).excludes_pods("gone") is None
    assert sentences == []
