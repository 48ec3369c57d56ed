import threading
from collections.abc import Iterator

import pytest
from apisamples import pod
from apiserver import ApiServer

from isvclog.cluster import PODS, SYNCED, Cluster, ClusterError, Forbidden, Gone, Unreachable, WatchEvent, list_watch

PATH = "/api/v1/"


def summary(event: WatchEvent) -> tuple[str, str]:
    return event.type, event.object.get("metadata", {}).get("name", "")


def version(api: ApiServer) -> str:
    return str(api.store.version)


def test_changes_come_in_order_from_a_version_on(api: ApiServer, cluster: Cluster) -> None:
    api.add(pod("old"))
    start = version(api)
    api.add(pod("a"), pod("elsewhere", "other"))
    api.update(pod("a", labels={"x": "y"}))
    api.delete("pods", "ml", "a")
    events = list(cluster.watch(PODS, "ml", resource_version=start, seconds=0))
    assert [summary(event) for event in events] == [("ADDED", "a"), ("MODIFIED", "a"), ("DELETED", "a")]
    query = {"watch": "1", "allowWatchBookmarks": "true", "timeoutSeconds": "0", "resourceVersion": start}
    assert api.requests[-1].query == query


def test_bookmarks_are_passed_on(api: ApiServer, cluster: Cluster) -> None:
    events = cluster.watch(PODS, resource_version=version(api), seconds=5)
    waiting = threading.Timer(0.1, api.store.bookmark)
    waiting.start()
    assert next(events) == WatchEvent(
        "BOOKMARK", {"kind": "Pod", "apiVersion": "v1", "metadata": {"resourceVersion": "1001"}}
    )
    events.close()  # type: ignore[attr-defined]


def test_a_version_that_is_too_old_is_gone(api: ApiServer, cluster: Cluster) -> None:
    start = version(api)
    api.store.compact()
    with pytest.raises(Gone):
        list(cluster.watch(PODS, resource_version=start))
    api.fail(PATH, 410)
    with pytest.raises(Gone):
        list(cluster.watch(PODS, resource_version=start))


def test_a_cut_connection_ends_quietly_and_drops_half_a_line(api: ApiServer, cluster: Cluster) -> None:
    start = version(api)
    api.add(pod("a"))
    api.cut(PATH, after=40)
    assert list(cluster.watch(PODS, resource_version=start, seconds=5)) == []


@pytest.mark.parametrize("line", [b"{]\n", b'"text"\n', b"\xff\n", b"[" * 100_000 + b"\n", b'{"a": NaN}\n'])
def test_a_line_that_is_no_event_is_yielded(line: bytes, api: ApiServer, cluster: Cluster) -> None:
    api.fail(PATH, 200, body=line)
    with pytest.raises(ClusterError, match="cannot be read"):
        list(cluster.watch(PODS))


def test_events_without_an_object_are_skipped(api: ApiServer, cluster: Cluster) -> None:
    lines = b'{"type": "ADDED", "object": null}\n\n{"type": 3, "object": {}}\n{"type": "ADDED", "object": {}}\n{}\n'
    api.fail(PATH, 200, body=lines)
    assert list(cluster.watch(PODS)) == [WatchEvent("ADDED", {})]


@pytest.fixture
def following(api: ApiServer, cluster: Cluster, pauses: list[float]) -> Iterator[Iterator[WatchEvent]]:
    """What is told of the pods, of which there is one."""
    api.add(pod("a"))
    events = list_watch(cluster, PODS, sleep=pauses.append, seconds=5)
    yield events
    events.close()  # type: ignore[attr-defined]


def first(events: Iterator[WatchEvent], count: int) -> list[tuple[str, str]]:
    return [summary(next(events)) for _ in range(count)]


def test_what_there_is_comes_first_and_then_what_changes(api: ApiServer, following: Iterator[WatchEvent]) -> None:
    assert first(following, 2) == [("ADDED", "a"), (SYNCED, "")]
    api.add(pod("b"))
    assert first(following, 1) == [("ADDED", "b")]


def test_a_restart_of_the_server_loses_nothing(
    api: ApiServer, cluster: Cluster, following: Iterator[WatchEvent], pauses: list[float]
) -> None:
    first(following, 2)
    api.add(pod("b"))
    first(following, 1)
    api.stop()
    api.add(pod("c"))
    failures: list[ClusterError] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            api.start()

    again = list_watch(cluster, PODS, sleep=wait, on_error=failures.append, seconds=5)
    with pytest.raises(Unreachable):  # the first list has to succeed
        next(again)
    api.start()
    again = list_watch(cluster, PODS, sleep=wait, on_error=failures.append, seconds=5)
    first(again, 4)
    api.stop()
    api.add(pod("d"))
    assert first(again, 1) == [("ADDED", "d")]
    assert len(pauses) == 3
    assert {type(failure) for failure in failures} == {Unreachable}
    again.close()  # type: ignore[attr-defined]


def test_after_gone_only_the_difference_is_yielded(api: ApiServer, following: Iterator[WatchEvent]) -> None:
    api.add(pod("b"), pod("c"))
    first(following, 4)
    uid = api.object("pods", "ml", "b")["metadata"]["uid"]
    api.delete("pods", "ml", "b")
    api.update(pod("c", labels={"x": "y"}))
    api.add(pod("d"))
    api.store.compact()
    changed, added, deleted, synced = (next(following) for _ in range(4))
    assert [summary(changed), summary(added), summary(synced)] == [("MODIFIED", "c"), ("ADDED", "d"), (SYNCED, "")]
    remains = {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "ml", "name": "b", "uid": uid}}
    assert deleted == WatchEvent("DELETED", remains)
    api.add(pod("e"))
    assert first(following, 1) == [("ADDED", "e")]


def test_watches_that_end_go_on_where_they_were(api: ApiServer, following: Iterator[WatchEvent]) -> None:
    first(following, 2)
    for number in range(3):
        api.store.drop_watches()
        api.add(pod(f"n{number}"))
        api.cut_connections()
        assert first(following, 1) == [("ADDED", f"n{number}")]
    assert sum("watch" not in request.query for request in api.requests) == 1


def test_a_server_that_ends_every_watch_at_once_is_not_hammered(
    api: ApiServer, following: Iterator[WatchEvent], pauses: list[float]
) -> None:
    first(following, 2)
    api.fail(PATH, 200, times=6, body=b"", query={"watch": "1"})
    api.add(pod("b"))
    assert first(following, 1) == [("ADDED", "b")]
    assert len(pauses) == 6
    assert pauses[-1] > 8


def test_lost_permission_ends_the_watch_only_if_it_is_repeated(api: ApiServer, following: Iterator[WatchEvent]) -> None:
    first(following, 2)
    api.fail(PATH, 403, times=3)
    api.add(pod("b"))
    assert first(following, 1) == [("ADDED", "b")]
    api.forbid("pods")
    api.cut_connections()
    with pytest.raises(Forbidden):
        next(following)


def test_an_object_that_is_created_again_during_a_disconnect_is_not_deleted(
    api: ApiServer, following: Iterator[WatchEvent]
) -> None:
    first(following, 2)
    api.stop()
    api.delete("pods", "ml", "a")
    api.add(pod("a"))
    api.store.compact()
    api.start()
    events = [
        (event.type, event.object.get("metadata", {}).get("name")) for event in (next(following), next(following))
    ]
    assert events == [("ADDED", "a"), (SYNCED, None)]
