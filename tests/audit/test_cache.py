"""Rows that are kept current: which ones are built again, and what happens to rows that cannot be built."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from isvclog.audit import Row
from isvclog.audit.cache import RowCache
from isvclog.audit.packing import Packed, pack_pod, pack_service
from isvclog.audit.rows import RowSettings, service_rows
from isvclog.cluster import Account, ClusterError, memory
from isvclog.drift import RunningPod
from isvclog.findings import NOWHERE, Finding, Severity
from isvclog.kserve.apis.installation import Installation
from isvclog.lint.engine import select_rules
from isvclog.manifest import Object, load, read_file
from isvclog.rules.policy import Policy

WATCHED = 3 * 30_000 * 500
"""What the watches keep of 30,000 services and 60,000 pods, to know later what has changed."""
SETTING = Path(__file__).parent / "cases" / "setting"


def data_of(name: str) -> dict[str, Any]:
    return {"kind": "InferenceService", "metadata": {"namespace": "ml", "name": name}}


def service(name: str) -> Packed:
    return pack_service(data_of(name))


def pod(name: str, of: str) -> Packed:
    labels = {"serving.kserve.io/inferenceservice": of, "component": "predictor"}
    return pack_pod({"kind": "Pod", "metadata": {"namespace": "ml", "name": name, "labels": labels}})


def counted(obj: Object, pods: Sequence[RunningPod] | None) -> list[Row]:
    return [Row("", obj.namespace, obj.name, "predictor", pods=None if pods is None else len(pods))]


def numbers(current: RowCache) -> dict[str, int | None]:
    current.update()
    return {row.name: row.pods for row in current.rows()}


def test_a_pod_counts_for_the_service_it_belongs_to_now() -> None:
    current = RowCache(counted)
    current.service(service("one"))
    current.service(service("two"))
    current.pod(pod("p", "one"))
    assert numbers(current) == {"one": 1, "two": 0}
    current.pod(pod("p", "two"))
    assert numbers(current) == {"one": 0, "two": 1}
    current.pod(pod("p", ""))
    assert numbers(current) == {"one": 0, "two": 0}


def test_rows_that_cannot_be_built_stay_unchanged_and_are_built_later() -> None:
    current = RowCache(counted)
    current.service(service("one"))
    assert numbers(current) == {"one": 0}

    def fail(obj: Object, pods: Sequence[RunningPod] | None) -> list[Row]:
        raise ClusterError("The server is away.")

    current.make = fail
    current.pod(pod("p", "one"))
    with pytest.raises(ClusterError):
        current.update()
    assert [row.pods for row in current.rows()] == [0]
    current.make = counted
    assert numbers(current) == {"one": 1}


def test_rows_are_built_from_the_whole_service_without_managed_fields() -> None:
    seen: list[Any] = []

    def make(obj: Object, pods: Sequence[RunningPod] | None) -> list[Row]:
        seen.append(obj.data)
        return []

    data = data_of("one") | {"spec": {"predictor": {"logger": {"mode": "all", "metadataAnnotations": ["größe"]}}}}
    current = RowCache(make)
    managed = {"managedFields": [{"manager": "kubectl"}]}
    current.service(pack_service(data | {"metadata": data["metadata"] | managed}))
    current.update()
    assert seen == [data]


def test_thirty_thousand_services_with_two_pods_each_are_kept() -> None:
    settings = RowSettings(select_rules(Installation(), Policy()))
    account = CountingAccount()
    current = RowCache(lambda obj, pods: service_rows(obj, pods or (), settings), account)
    (one,), (its_pod,) = (
        [item.data for item in load(read_file(str(SETTING / file)), ()) if isinstance(item, Object)]
        for file in ("service.yaml", "pods.yaml")
    )
    for number in range(20):
        name = f"iris-{number}"
        current.service(pack_service(json.loads(json.dumps(one).replace("iris", name))))
        for copy in ("a", "b"):
            current.pod(pack_pod(json.loads(json.dumps(its_pod).replace("iris", name).replace("6b7d-1", copy))))
    current.update()
    assert [row.pods for row in current.rows()] == [2] * 20
    assert 30_000 / 20 * account.total < memory.MOST_KEPT - WATCHED


class CountingAccount(Account):
    """Counts what is charged."""

    total = 0

    def charge(self, size: int, *, for_good: bool = False) -> None:
        self.total += size
        super().charge(size, for_good=for_good)


def test_all_that_is_deleted_is_given_back() -> None:
    account = CountingAccount()
    current = RowCache(counted, account)
    for _ in range(2):
        current.service(service("one"))
        current.pod(pod("p", "one"))
        current.update()
    current.pod(pod("p", "one"), deleted=True)
    current.service(service("one"), deleted=True)
    current.update()
    assert account.total == 0
    assert list(current.rows()) == []


def test_findings_are_kept_without_their_texts() -> None:
    found = [Finding("f", NOWHERE, Severity.ERROR, "a-rule", f"text {number}") for number in range(2)]
    current = RowCache(lambda obj, pods: [Row("", obj.namespace, obj.name, "predictor", findings=tuple(found))])
    current.service(service("one"))
    current.update()
    (row,) = current.rows()
    assert [(finding.severity, finding.message) for finding in row.findings] == [(Severity.ERROR, "")] * 2
