"""Results that are kept packed: all come back, in order and once, and they have to fit into the memory."""

import pytest

from isvclog.audit import Failure, Row
from isvclog.audit.packing import pack_pod
from isvclog.audit.results import PackedResults
from isvclog.changes import Replace
from isvclog.cluster import Memory, memory
from isvclog.cluster.errors import TooManyObjects
from isvclog.findings import NOWHERE, Finding, Fix, Severity

FIX = Fix("Do it.", (Replace(("a", 0), "b"),))
FINDING = Finding("f", NOWHERE, Severity.ERROR, "a-rule", "text", path=("a", 0), fix=FIX)
ROWS = [Row("c", "ml", f"s{number}", "predictor", findings=(FINDING,)) for number in range(450)]
RESULTS = [*ROWS, Failure("c", "x.")]


def add_all(packed: PackedResults) -> None:
    for result in RESULTS:
        packed.add(result)


def test_results_come_back_once() -> None:
    packed = PackedResults(None)
    add_all(packed)
    assert list(packed) == RESULTS
    assert list(packed) == []


def test_results_that_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_KEPT", 10_000)
    shared = Memory()
    for _ in range(3):  # what is taken is given back
        packed = PackedResults(shared)
        add_all(packed)
        assert len(list(packed)) == len(RESULTS)
    assert shared.change(0, 9_999)
    with pytest.raises(TooManyObjects, match="this cluster has more"):
        add_all(packed)


def test_pods_of_one_revision_are_packed_alike_although_their_tokens_have_names_of_their_own() -> None:
    def packed(token: str, bundle: str = "sink-ca") -> bytes:
        mounts = [{"name": f"kube-api-access-{token}"}, {"name": "agent-ca-bundle"}]
        volumes = [
            {"name": mounts[0]["name"], "projected": {}},
            {"name": "agent-ca-bundle", "configMap": {"name": bundle}},
        ]
        labels = {"serving.kserve.io/inferenceservice": "iris", "component": "predictor"}
        spec = {"containers": [{"name": "agent", "volumeMounts": mounts}], "volumes": volumes}
        return pack_pod({"metadata": {"name": token, "namespace": "ml", "labels": labels}, "spec": spec}).data

    assert packed("a") == packed("b")
    assert packed("a") != packed("a", "other")
