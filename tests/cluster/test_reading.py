import json
import threading
from pathlib import Path
from typing import Any

import pytest
from apisamples import pod, service
from apiserver import ApiServer

from isvclog.cluster import (
    CLUSTER_SERVING_RUNTIMES,
    CONFIG_MAPS,
    INFERENCE_SERVICES,
    PODS,
    Access,
    Cluster,
    Gone,
    InvalidName,
    NotFound,
    connect,
)

PATH = "/apis/serving.kserve.io/v1beta1/inferenceservices"


def names(objects: Any) -> list[str]:
    return [item["metadata"]["name"] for item in objects]


def test_an_object_is_what_the_server_has(api: ApiServer, cluster: Cluster) -> None:
    api.add(service("fraud"))
    assert cluster.get(INFERENCE_SERVICES, "fraud", "ml") == api.object("inferenceservices", "ml", "fraud")
    assert api.requests[0].path == "/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices/fraud"


def test_halves_of_characters_are_replaced(api: ApiServer, cluster: Cluster) -> None:
    path = "/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices/fraud"
    api.fail(path, 200, body=rb'{"a\udfff": ["\ud800x", "\ud83d\ude00"]}')
    assert cluster.get(INFERENCE_SERVICES, "fraud", "ml") == {"a\ufffd": ["\ufffdx", "😀"]}


def test_what_is_too_deep_is_left_out(api: ApiServer, cluster: Cluster) -> None:
    path = "/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices/fraud"
    api.fail(path, 200, body=b'{"a": 1, "b": [' + b'{"c": [' * 400 + b"]}" * 400 + b"]}")
    found = cluster.get(INFERENCE_SERVICES, "fraud", "ml")
    assert (found["a"], json.dumps(found).count("[")) == (1, 100)


def test_one_object_is_read_from_the_default_namespace(api: ApiServer, connected: Any) -> None:
    api.add(service("fraud"), service("fraud", "other"))
    assert connected(namespace="other").get(INFERENCE_SERVICES, "fraud")["metadata"]["namespace"] == "other"


def test_what_has_no_namespace_is_read_without_one(api: ApiServer, cluster: Cluster) -> None:
    api.add({"kind": "ClusterServingRuntime", "metadata": {"name": "a"}})
    assert cluster.get(CLUSTER_SERVING_RUNTIMES, "a", "ml")["metadata"]["name"] == "a"


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 500])
def test_pages_make_one_list(limit: int, api: ApiServer, cluster: Cluster) -> None:
    api.add(*(service(f"s{n}") for n in range(7)))
    listing = cluster.list(INFERENCE_SERVICES, limit=limit)
    assert listing.resource_version == ""
    assert names(listing) == [f"s{n}" for n in range(7)]
    assert listing.resource_version == str(api.store.version)
    assert len(api.requests) == -(-7 // limit)


def test_a_page_is_asked_for_when_it_is_needed(api: ApiServer, cluster: Cluster) -> None:
    api.add(*(service(f"s{n}") for n in range(4)))
    listing = cluster.list(INFERENCE_SERVICES, limit=2)
    items = iter(listing)
    assert not api.requests
    left = []
    for _ in range(4):
        next(items)
        left.append((listing.remaining, len(api.requests)))
    assert left == [(3, 1), (2, 1), (1, 2), (0, 2)]


def test_a_list_is_of_one_namespace_or_all(api: ApiServer, cluster: Cluster) -> None:
    api.add(service("a", "x"), service("b", "xy"), service("c", "y"))
    assert names(cluster.list(INFERENCE_SERVICES, "x")) == ["a"]
    assert names(cluster.list(INFERENCE_SERVICES)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [("team=a", "x"), ("team in (a, b)", "xy"), ("team", "xy"), ("!team", "z"), ("team!=a", "yz"), ("team=a,tier", "")],
)
def test_a_selector_goes_to_the_server(selector: str, expected: str, api: ApiServer, cluster: Cluster) -> None:
    api.add(service("x", labels={"team": "a"}), service("y", labels={"team": "b"}), service("z"))
    assert names(cluster.list(INFERENCE_SERVICES, selector=selector)) == list(expected)
    assert api.requests[-1].query["labelSelector"] == selector


def test_a_selector_cannot_add_parameters(api: ApiServer, cluster: Cluster) -> None:
    api.fail(PATH, 200, body={"metadata": {}, "items": []})
    list(cluster.list(INFERENCE_SERVICES, selector="a=b&limit=9#?é"))
    assert api.requests[0].query == {"limit": "500", "labelSelector": "a=b&limit=9#?é"}


def test_items_get_the_kind_that_a_server_leaves_out(api: ApiServer, cluster: Cluster) -> None:
    api.fail("/api/v1/pods", 200, body={"metadata": {"resourceVersion": "7"}, "items": [{"metadata": {"name": "a"}}]})
    assert list(cluster.list(PODS)) == [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}]


def test_odd_items_are_passed_on_and_what_is_none_is_left_out(api: ApiServer, cluster: Cluster) -> None:
    api.add(pod("a"))
    api.add_raw("pods", None, "text", 3, [], {}, {"metadata": None}, {"metadata": {"uid": 7}})
    first, *rest = cluster.list(PODS)
    assert first["metadata"]["name"] == "a"
    head = {"apiVersion": "v1", "kind": "Pod"}
    assert rest == [head, head | {"metadata": None}, head | {"metadata": {"uid": 7}}]


def test_a_list_of_nothing_may_be_null(api: ApiServer, cluster: Cluster) -> None:
    api.fail("/api/v1/pods", 200, body={"metadata": {"resourceVersion": "7"}, "items": None})
    assert list(cluster.list(PODS)) == []


@pytest.mark.parametrize("fresh", [True, False])
def test_an_expired_token_repeats_nothing(fresh: bool, api: ApiServer, cluster: Cluster) -> None:
    api.add(*(service(f"s{n}") for n in range(6)))
    api.expire_continue(fresh=fresh)
    listing = cluster.list(INFERENCE_SERVICES, limit=2)
    items = iter(listing)
    first = [next(items), next(items)]
    began = str(api.store.version)
    api.add(service("s9"))
    assert names([*first, *items]) == ["s0", "s1", "s2", "s3", "s4", "s5", "s9"]
    assert listing.resource_version == began  # so that a watch tells what changed in between
    assert len(api.requests) == (5 if fresh else 6)


def test_a_list_does_not_start_anew_for_ever(api: ApiServer, cluster: Cluster) -> None:
    api.add(*(service(f"s{n}") for n in range(6)))
    api.expire_continue(times=50, fresh=False)
    with pytest.raises(Gone):
        list(cluster.list(INFERENCE_SERVICES, limit=2))


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "A", "a%2fb", "a?b", "a b", "a\n", "é", "x" * 254])
def test_a_name_never_becomes_another_path(name: str, api: ApiServer, cluster: Cluster) -> None:
    for ask in (lambda: cluster.get(CONFIG_MAPS, name, "ml"), lambda: cluster.patch(CONFIG_MAPS, name, "ml", [])):
        with pytest.raises(InvalidName, match="cannot be the name of an object"):
            ask()
    if name:
        with pytest.raises(InvalidName, match="cannot be the name of a namespace"):
            list(cluster.list(PODS, name))
    assert not api.requests


def test_a_missing_object_differs_from_a_missing_kind(api: ApiServer, cluster: Cluster) -> None:
    with pytest.raises(NotFound) as caught:
        cluster.get(PODS, "a", "ml")
    assert type(caught.value) is NotFound
    assert caught.value.status == 404


def test_clusters_are_read_side_by_side(tmp_path: Path) -> None:
    with ApiServer() as one, ApiServer() as two:
        one.add(*(pod(f"p{n}") for n in range(50)))
        two.add(*(pod(f"q{n}") for n in range(60)))
        found: list[tuple[str, int]] = []

        def read(name: str, api: ApiServer) -> None:
            with connect(Access(kubeconfig=api.kubeconfig(tmp_path, context=name, file=name))) as cluster:
                threads = [threading.Thread(target=count, args=(cluster,)) for _ in range(4)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()

        def count(cluster: Cluster) -> None:
            found.append((cluster.context, len(list(cluster.list(PODS, limit=7)))))

        readers = [threading.Thread(target=read, args=pair) for pair in (("one", one), ("two", two))]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    assert sorted(found) == [("one", 50)] * 4 + [("two", 60)] * 4
