"""Services of a cluster: by name, in pages, with what cannot be read in their midst."""

from itertools import islice

import pytest
from apiserver import ApiServer
from live_cluster import service

from isvclog.cluster import Cluster, ClusterError, MissingKind, NotFound
from isvclog.live import UnreadableService, find_service, find_services
from isvclog.manifest import Object

SERVICES = "/apis/serving.kserve.io/v1beta1"


def names(cluster: Cluster, *wanted: str, namespace: str = "", selector: str = "") -> list[str]:
    """The names of what was found, with a question mark behind what could not be read."""
    found = find_services(cluster, wanted, namespace, selector)
    return [
        f"{item.file}?" if isinstance(item, UnreadableService) else f"{item.namespace}/{item.name}" for item in found
    ]


def test_a_service_by_its_name(api: ApiServer, cluster: Cluster) -> None:
    api.add(service(), service("fraud", "risk"))
    found = find_service(cluster, "iris")
    assert (found.kind, found.api_version, found.label) == (
        "InferenceService",
        "serving.kserve.io/v1beta1",
        "InferenceService/ml/iris",
    )
    assert find_service(cluster, "risk/fraud").name == "fraud"
    assert names(cluster, "iris", "risk/fraud", "ml/iris", "iris") == ["ml/iris", "risk/fraud"]


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (["iris", "irs", "wine"], "did you mean `irs` or `iris`?"),
        (["fraud", "wine"], "there are `fraud` and `wine`."),
        (["a", "b", "c", "d", "e", "f", "g"], "there are `a`, `b`, `c`, `d`, `e` and 2 more."),
        ([], "and no other"),
    ],
)
def test_a_name_that_is_not_there(there: list[str], words: str, api: ApiServer, cluster: Cluster) -> None:
    api.add(*(service(name) for name in there), service("irsi", "elsewhere"))
    with pytest.raises(NotFound) as raised:
        find_service(cluster, "irsi")
    assert "no InferenceService `irsi` in namespace `ml` of context `test`" in str(raised.value)
    assert words in str(raised.value)


def test_similar_names_need_a_permission(api: ApiServer, cluster: Cluster) -> None:
    api.forbid("inferenceservices", "list")
    with pytest.raises(NotFound, match="check the name"):
        find_service(cluster, "irsi")


def test_a_cluster_without_kserve(api: ApiServer, cluster: Cluster) -> None:
    api.uninstall("inferenceservices")
    with pytest.raises(MissingKind):
        find_service(cluster, "iris")
    (found,) = find_services(cluster, (), "ml")
    assert isinstance(found, UnreadableService)
    assert "Install KServe" in found.reason


def test_namespaces_and_labels(api: ApiServer, cluster: Cluster) -> None:
    labelled = service("b")
    labelled["metadata"]["labels"] = {"team": "risk"}
    api.add(service("a"), labelled, service("c", "other"))
    assert names(cluster, namespace="ml") == ["ml/a", "ml/b"]
    assert sorted(names(cluster)) == ["ml/a", "ml/b", "other/c"]
    assert names(cluster, selector="team=risk") == ["ml/b"]


def test_pages_are_asked_for_as_they_are_needed(api: ApiServer, cluster: Cluster) -> None:
    api.add_all(service(f"s{number:04}") for number in range(1200))
    found = find_services(cluster, (), "ml")
    assert len(list(islice(found, 400))) == 400
    assert len(api.requests) == 1
    assert len(list(found)) == 800
    assert len(api.requests) == 3


def test_a_page_that_fails_hides_none_before_it(api: ApiServer, cluster: Cluster) -> None:
    api.add_all(service(f"s{number:04}") for number in range(600))
    found = find_services(cluster, (), "ml")
    first = list(islice(found, 500))
    assert all(isinstance(item, Object) for item in first)
    api.fail(SERVICES, 500, -1)
    (last,) = found
    assert isinstance(last, UnreadableService)
    assert "500" in last.reason


def test_malformed_objects_hide_none_beside_them(api: ApiServer, cluster: Cluster) -> None:
    api.add(service())
    api.add_raw("inferenceservices", None, 3, {}, {"metadata": {"name": "x"}}, {"metadata": {"namespace": 3}})
    api.add_raw("inferenceservices", {"metadata": {"name": "odd", "namespace": "ml"}, "spec": "text"})
    found = names(cluster, namespace="ml")
    assert found[0] == "ml/iris"
    assert found[-1] == "ml/odd"
    assert len(found) > 2
    assert all(name.endswith("?") for name in found[1:-1])


def test_names_that_fail_hide_none_of_the_others(api: ApiServer, cluster: Cluster) -> None:
    api.add(service())
    api.fail(f"{SERVICES}/namespaces/ml/inferenceservices/broken", 500, -1)
    assert names(cluster, "broken", "absent", "NOT A NAME", "iris") == [
        "<cluster>:ml/broken?",
        "<cluster>:ml/absent?",
        "<cluster>:ml/NOT A NAME?",
        "ml/iris",
    ]


def test_an_object_without_a_name_is_no_service(api: ApiServer, cluster: Cluster) -> None:
    api.fail(SERVICES, 200, 1, body={"kind": "InferenceService", "metadata": []})
    with pytest.raises(ClusterError, match="no name"):
        find_service(cluster, "iris")
