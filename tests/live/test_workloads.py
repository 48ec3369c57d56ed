"""Pods that the API server refuses: what is listed to find out, how often, and what is read of the status."""

from typing import Any

import pytest
from apiserver import ApiServer
from live_cluster import service

from isvclog.cluster import Cluster
from isvclog.kserve.apis.refused_pods import Refusal, find_refusal
from isvclog.kserve.apis.status import Shortage, read_shortage
from isvclog.live.reader import FactReader
from isvclog.live.workloads import Workloads

QUOTA = (
    'pods "x" is forbidden: exceeded quota: compute, requested: limits.cpu=2, used: limits.cpu=3, limited: limits.cpu=4'
)
LABELS = {"serving.kserve.io/inferenceservice": "iris", "component": "predictor"}


def workload(kind: str, message: str = "", *, namespace: str = "ml", created: int = 0) -> dict[str, Any]:
    """A Deployment or ReplicaSet of the service `iris` that wants two pods."""
    failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": message}
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "iris-predictor", "namespace": namespace, "labels": LABELS},
        "spec": {"replicas": 2},
        "status": {"replicas": created, "conditions": [failure] if message else []},
    }


def unready(namespace: str = "ml", **status: Any) -> dict[str, Any]:
    item = service(namespace=namespace)
    item["status"] = {"conditions": [{"type": "Ready", "status": "False"}], **status}
    return item


def listed(api: ApiServer) -> list[str]:
    return [request.path for request in api.requests if request.path.startswith("/apis/apps/")]


def test_replica_sets_are_listed_only_for_pods_that_deployments_do_not_explain(
    api: ApiServer, cluster: Cluster
) -> None:
    api.add(workload("Deployment", QUOTA))
    assert Workloads(FactReader(cluster, print)).refusals(unready(), None) == {"predictor": QUOTA}
    assert listed(api) == ["/apis/apps/v1/namespaces/ml/deployments"]
    api.update(workload("Deployment"))
    api.add(workload("ReplicaSet", "from the ReplicaSet"))
    found = Workloads(FactReader(cluster, print)).refusals(unready(), None)
    assert found == {"predictor": "from the ReplicaSet"}
    assert listed(api)[1:] == ["/apis/apps/v1/namespaces/ml/deployments", "/apis/apps/v1/namespaces/ml/replicasets"]


def test_a_namespace_is_listed_once_and_again_when_it_is_forgotten(api: ApiServer, cluster: Cluster) -> None:
    api.add(workload("Deployment", created=2))
    workloads = Workloads(FactReader(cluster, print))
    for _ in range(3):
        assert workloads.refusals(unready(), set()) == {}
    assert listed(api) == ["/apis/apps/v1/namespaces/ml/deployments"]
    api.update(workload("Deployment", QUOTA))
    workloads.forget()
    assert workloads.refusals(unready(), set()) == {"predictor": QUOTA}


def test_all_namespaces_are_one_list(api: ApiServer, cluster: Cluster) -> None:
    api.add(workload("Deployment", "one"), workload("Deployment", "two", namespace="other"))
    workloads = Workloads(FactReader(cluster, print), everywhere=True)
    assert [workloads.refusals(unready(name), set())["predictor"] for name in ("ml", "other")] == ["one", "two"]
    assert listed(api) == ["/apis/apps/v1/deployments"]


def test_nothing_is_listed_for_services_that_need_no_explanation(api: ApiServer, cluster: Cluster) -> None:
    ready, stopped, silent, fresh = service(), unready(), unready(), service()
    ready["status"] = {"conditions": [{"type": "Ready", "status": "True"}]}
    stopped["metadata"]["annotations"]["serving.kserve.io/stop"] = "True"
    del silent["spec"]["predictor"]["logger"]
    told = unready()
    told["status"]["conditions"].append({"type": "PredictorReady", "status": "False", "message": QUOTA})
    workloads = Workloads(FactReader(cluster, print))
    for item in (ready, stopped, silent, told):
        assert workloads.refusals(item, set()) == {}
    assert workloads.refusals(fresh, None) == {}, "whether it has pods is unknown"
    assert workloads.refusals(fresh, {"predictor"}) == {}
    assert listed(api) == []


def test_what_may_not_be_listed_is_one_line(api: ApiServer, cluster: Cluster) -> None:
    api.forbid("deployments")
    sentences: list[str] = []
    workloads = Workloads(FactReader(cluster, sentences.append))
    for _ in range(2):
        assert workloads.refusals(unready(), set()) == {}
    (sentence,) = sentences
    assert sentence.startswith("Deployments of namespace ml cannot be read (no permission): ")


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        (QUOTA, Refusal.QUOTA),
        ('pods "x" is forbidden: failed quota: compute: must specify limits.cpu for: agent', Refusal.QUOTA),
        ('pods "x" is forbidden: maximum cpu usage per Container is 1, but limit is 2', Refusal.LIMITS),
        ('pods "x" is forbidden: violates PodSecurity "restricted:v1.30": runAsNonRoot != true', Refusal.SECURITY),
        (
            'pods "x" is forbidden: unable to validate against any security context constraint: []',
            Refusal.SECURITY,
        ),
        ('admission webhook "a.example.com" denied the request: exceeded quota: mine', Refusal.WEBHOOK),
        (
            'Internal error occurred: failed calling webhook "a.example.com": failed to call webhook: Post "https://a"',
            Refusal.UNANSWERED,
        ),
        (
            "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'a' with binding 'b' denied request: no",
            Refusal.POLICY,
        ),
        ('pods "x" is forbidden: error looking up service account ml/sa: serviceaccount "sa" not found', Refusal.OTHER),
        ("Deployment does not have minimum availability.", None),
        ('ReplicaSet "x" has timed out progressing.', None),
        ("", None),
    ],
)
def test_who_refuses_pods(message: str, refusal: Refusal | None) -> None:
    assert find_refusal(message) is refusal


def failed(state: str = "FailedToLoad", reason: str = "ModelLoadFailed", **fields: Any) -> dict[str, Any]:
    info = {"reason": reason, "message": "words", **fields}
    return unready(modelStatus={"states": {"targetModelState": state}, "lastFailureInfo": info})


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("RuntimeNotRecognized", Shortage.RUNTIME),
        ("RuntimeDisabled", Shortage.RUNTIME),
        ("NoSupportingRuntime", Shortage.RUNTIME),
        ("InvalidPredictorSpec", Shortage.SPEC),
        ("ModelLoadFailed", Shortage.MODEL),
    ],
)
def test_the_failure_of_a_model_is_read_as_long_as_it_lasts(reason: str, kind: Shortage) -> None:
    found = read_shortage(failed(reason=reason), "predictor", has_pods=True)
    assert found is not None
    assert (found.kind, found.message, found.reason) == (kind, "words", reason)
    assert read_shortage(failed("Loaded", reason), "predictor", has_pods=True) is None
    assert read_shortage(failed(reason=reason), "transformer", has_pods=True) is None
    later = read_shortage(failed(reason=reason), "transformer", has_pods=False)
    assert later == (None if kind is Shortage.MODEL else found), "KServe stops at the predictor"


def test_the_exit_code_is_that_of_a_container() -> None:
    found = read_shortage(failed(exitCode=137, location="iris-predictor-1"), "predictor", has_pods=True)
    assert found is not None
    assert (found.exit_code, found.location) == (137, "iris-predictor-1")
    odd = read_shortage(failed(exitCode="137", message=["x"]), "predictor", has_pods=True)
    assert odd is not None
    assert (odd.exit_code, odd.message) == (0, "")


def conditions(*items: tuple[str, str, str]) -> dict[str, Any]:
    listed = [{"type": name, "status": "False", "reason": reason, "message": text} for name, reason, text in items]
    return unready(conditions=listed)


def test_the_configuration_says_why_a_revision_failed() -> None:
    own, other = (
        ("PredictorReady", "RevisionFailed", "no ready Revision"),
        (
            "PredictorConfigurationReady",
            "RevisionFailed",
            QUOTA,
        ),
    )
    found = read_shortage(conditions(own, other), "predictor", has_pods=True)
    assert found is not None
    assert (found.kind, found.refusal) == (Shortage.REFUSED, Refusal.QUOTA)
    failing = ("PredictorReady", "ReconcileFailed", "fails to reconcile")
    found = read_shortage(conditions(failing, other), "predictor", has_pods=True)
    assert found is not None
    assert (found.kind, found.message) == (Shortage.RECONCILE, "fails to reconcile")


def test_a_component_that_is_not_ready_counts_only_without_pods() -> None:
    item = conditions(
        ("PredictorReady", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.")
    )
    assert read_shortage(item, "predictor", has_pods=True) is None
    found = read_shortage(item, "predictor", has_pods=False)
    assert found is not None
    assert found.kind is Shortage.UNREADY
    stopped = conditions(("PredictorReady", "Stopped", "starting again"))
    assert read_shortage(stopped, "predictor", has_pods=False) is None
