"""Rows that are kept current: which ones are built again, and what happens to rows that cannot be built."""

from collections.abc import Sequence
from typing import Any

import pytest

from isvclog.audit import Row
from isvclog.audit.cache import RowCache
from isvclog.cluster import ClusterError
from isvclog.drift import RunningPod
from isvclog.manifest import Object


def service(name: str) -> dict[str, Any]:
    return {"kind": "InferenceService", "metadata": {"namespace": "ml", "name": name}}


def pod(name: str, of: str) -> dict[str, Any]:
    labels = {"serving.kserve.io/inferenceservice": of, "component": "predictor"}
    return {"kind": "Pod", "metadata": {"namespace": "ml", "name": name, "labels": labels}}


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

    data = service("one") | {"spec": {"predictor": {"logger": {"mode": "all", "metadataAnnotations": ["größe"]}}}}
    current = RowCache(make)
    current.service(data | {"metadata": data["metadata"] | {"managedFields": [{"manager": "kubectl"}]}})
    current.update()
    assert seen == [data]
