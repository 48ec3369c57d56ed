"""A watched cluster: which failures it shows, what it waits for, and when it has stopped."""

from datetime import date
from queue import Empty, Full

import pytest

from isvclog.audit import Failure
from isvclog.audit.clusters import AuditPlan
from isvclog.audit.packing import Packed
from isvclog.audit.watched import WatchedCluster, WatchQueue
from isvclog.audit.watcher import WATCHED, Changed, Failed, Reconnected, Stopped
from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, PODS, SYNCED, Access, ClusterError, Resource, WatchEvent
from isvclog.cluster.errors import TooManyObjects
from isvclog.errors import IsvclogError, UsageError
from isvclog.live.scope import ScopeSettings
from isvclog.rules.policy import Policy
from isvclog.suppressions import Suppressions

ERROR = ClusterError("the server is away.")
SILENT = "the server has not answered yet."


@pytest.fixture
def cluster() -> WatchedCluster:
    plan = AuditPlan(ScopeSettings(Access()), None, Policy(), None, Suppressions((), "", (), (), date.min))
    return WatchedCluster(plan, "prod", notify=lambda sentence: None)


def sentences(cluster: WatchedCluster) -> list[str]:
    results = list(cluster.results())
    assert all(isinstance(item, Failure) and item.context == "prod" for item in results)
    return [item.sentence for item in results if isinstance(item, Failure)]


def test_it_waits_for_the_first_list_of_each_resource(cluster: WatchedCluster) -> None:
    for resource in WATCHED:
        assert sentences(cluster) == [SILENT]
        cluster.take(Changed(resource, WatchEvent(SYNCED, {})))
    assert sentences(cluster) == []


def test_a_failure_is_shown_until_the_watch_is_connected_again(cluster: WatchedCluster) -> None:
    cluster.take(Failed(PODS, ERROR))
    cluster.take(Failed(INFERENCE_SERVICES, ERROR))
    assert sentences(cluster) == [str(ERROR)]
    cluster.take(Reconnected(PODS))
    assert sentences(cluster) == [str(ERROR)]
    cluster.take(Reconnected(INFERENCE_SERVICES))
    assert sentences(cluster) == [SILENT]
    assert not cluster.stopped


@pytest.mark.parametrize(
    ("resource", "shown", "stopped"),
    [(INFERENCE_SERVICES, True, True), (PODS, True, False), (CONFIG_MAPS, False, False)],
    ids=lambda value: value.plural if isinstance(value, Resource) else "",
)
def test_a_watch_that_has_ended_is_not_waited_for(
    resource: Resource, shown: bool, stopped: bool, cluster: WatchedCluster
) -> None:
    cluster.take(Stopped(resource, ERROR))
    assert resource not in cluster.waiting
    assert (str(ERROR) in sentences(cluster)) is shown
    assert cluster.stopped is stopped


def test_a_cluster_that_cannot_be_reached_has_stopped(cluster: WatchedCluster) -> None:
    cluster.take(Stopped(None, ERROR))
    assert (cluster.stopped, cluster.waiting, sentences(cluster)) == (True, set(), [str(ERROR)])


def test_a_cluster_with_too_many_objects_is_abandoned(cluster: WatchedCluster) -> None:
    error = TooManyObjects("there are too many.")
    cluster.take(Stopped(PODS, error))
    cluster.take(Failed(INFERENCE_SERVICES, ERROR))
    assert (cluster.stopped, cluster.abandoned, sentences(cluster)) == (True, True, [str(error)])


def test_events_wait_if_they_take_too_much_memory(cluster: WatchedCluster) -> None:
    queue = WatchQueue()
    large = Changed(PODS, WatchEvent("ADDED", Packed(("ml", "x"), bytes(10 << 20), None)))
    queue.put((cluster, large))
    queue.put((cluster, large))
    with pytest.raises(Full):
        queue.put((cluster, Reconnected(PODS)), block=False)
    assert queue.get() == queue.get() == (cluster, large)
    queue.put((cluster, Reconnected(PODS)), block=False)
    assert queue.get(block=False) == (cluster, Reconnected(PODS))
    with pytest.raises(Empty):
        queue.get(block=False)


@pytest.mark.parametrize("error", [UsageError("wrong."), IsvclogError("broken."), RuntimeError("a bug")])
def test_other_errors_of_a_thread_end_everything(error: Exception, cluster: WatchedCluster) -> None:
    with pytest.raises(type(error)):
        cluster.take(Stopped(None, error))
