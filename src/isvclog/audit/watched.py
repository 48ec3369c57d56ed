"""Audits that stay current: the rows of watched clusters, side by side, whenever something has changed."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, Queue
from time import monotonic

from isvclog.audit.clusters import AuditPlan
from isvclog.audit.model import Failure, Row, shown_failure
from isvclog.audit.state import ClusterState
from isvclog.audit.watcher import (
    WATCHED,
    Abandoned,
    Changed,
    Connected,
    Failed,
    Reconnected,
    Stopped,
    WatcherEvent,
    watch_cluster,
)
from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, SYNCED, ClusterError, Resource, TooManyObjects
from isvclog.live.reader import Notify

_SETTLED, _LONGEST = 0.5, 3.0
"""Seconds without an event, or since the first event, after which the results are yielded."""
_QUEUED = 16 << 20
"""The bytes of events that may wait: they arrive faster than rows are built."""
_CLUSTER, _FACTS = "", "facts"
"""Failures of no resource: the cluster cannot be reached, and its facts cannot be read."""


class WatchQueue(Queue[tuple["WatchedCluster", WatcherEvent]]):
    """Events, each with the cluster that it is about, whose size is counted in bytes."""

    def __init__(self) -> None:
        self._bytes = 0
        super().__init__(_QUEUED)

    def _qsize(self) -> int:
        return self._bytes

    def _put(self, item: tuple["WatchedCluster", WatcherEvent]) -> None:
        super()._put(item)
        self._bytes += _size(item[1])

    def _get(self) -> tuple["WatchedCluster", WatcherEvent]:
        item = super()._get()
        self._bytes -= _size(item[1])
        return item


def _size(event: WatcherEvent) -> int:
    return event.size if isinstance(event, Changed) else 1


def watch_clusters(plan: AuditPlan, notify: Notify) -> Iterator[list[Row | Failure]]:
    """Yield the rows and failures of all clusters at first, and then whenever something may have changed.

    Ends when no cluster can be watched any more. `notify` takes sentences for people, from several threads.
    """
    queue = WatchQueue()
    clusters = [WatchedCluster(plan, context, notify) for context in (plan.contexts or (None,))]
    for cluster in clusters:
        cluster.start(queue)
    start = monotonic()
    while not all(cluster.stopped for cluster in clusters):
        _take_all(queue)
        # The rows of other clusters do not wait for a cluster that does not answer.
        if not any(cluster.waiting for cluster in clusters) or monotonic() - start > _LONGEST:
            yield _results(clusters)
    yield _results(clusters)


def _results(clusters: list["WatchedCluster"]) -> list[Row | Failure]:
    return [item for cluster in clusters for item in cluster.results()]


def _take_all(queue: WatchQueue) -> None:
    """Wait some time for events, and apply those that follow until there is a short pause."""
    end, patience = monotonic() + _LONGEST, _LONGEST
    with suppress(Empty):
        while patience > 0:
            cluster, event = queue.get(timeout=patience)
            cluster.take(event)
            patience = min(_SETTLED, end - monotonic())


class WatchedCluster:
    """The state of one watched cluster.

    `waiting` are the resources whose first list has not arrived yet; `failures` are sentences by resource. `stopped` is
    True while the cluster cannot be reached at all, and when its services can no longer be watched. `abandoned` is True
    from the time on when it has more objects than are kept: none is kept then.
    """

    def __init__(self, plan: AuditPlan, context: str | None, notify: Notify) -> None:
        self.waiting = set(WATCHED)
        self.failures: dict[str, str] = {}
        self.stopped = self.abandoned = False
        self._plan, self._context, self._notify = plan, context, notify
        self._state: ClusterState | None = None

    def start(self, queue: WatchQueue) -> None:
        """Start a thread that puts all events of this cluster into the queue."""

        def put(event: WatcherEvent) -> None:
            if self.abandoned:
                raise Abandoned
            queue.put((self, event))

        arguments = (self._plan, self._context, self._notify, put)
        threading.Thread(target=watch_cluster, args=arguments, daemon=True).start()

    def take(self, event: WatcherEvent) -> None:
        """Apply one event. Raises an error of a watch's thread that is not a ClusterError."""
        if not self.abandoned:
            try:
                self._apply(event)
            except TooManyObjects as error:
                self._abandon(error)

    def _apply(self, event: WatcherEvent) -> None:
        match event:
            case Connected(scope):
                self._state = ClusterState(scope, self._plan, self._context, self._notify)
                self.stopped = False
                self.failures.pop(_CLUSTER, None)
            case Changed(resource, change):
                self.failures.pop(resource.plural, None)
                if change.type == SYNCED:
                    self.waiting.discard(resource)
                elif change.type != "BOOKMARK" and self._state:
                    self._state.observe(resource, change)
            case Reconnected(resource):
                self.failures.pop(resource.plural, None)
            case Failed(resource, error):
                self.failures[resource.plural] = str(error)
            case Stopped(resource, error):
                self._lose(resource, error)

    def results(self) -> Iterator[Row | Failure]:
        """Yield the present rows, and then the failures.

        Rows that cannot be built stay unchanged, and are tried again the next time.
        """
        try:
            self._renew()
        except TooManyObjects as error:
            self._abandon(error)
        yield from self._state.rows() if self._state else ()
        for sentence in dict.fromkeys(self.failures.values()):
            yield shown_failure(self._context, sentence, self._plan.reveal)
        if not self.failures and self.waiting:
            yield shown_failure(self._context, "the server has not answered yet.", self._plan.reveal)

    def _renew(self) -> None:
        if self._state:
            self.failures.pop(_FACTS, None)
            for error in self._state.renew():
                self.failures[_FACTS] = str(error)

    def _abandon(self, error: TooManyObjects) -> None:
        """Stop watching for good, and keep nothing."""
        if self._state:
            self._state.close()
        self._state = None
        self.waiting.clear()
        self.failures = {_CLUSTER: str(error)}
        self.stopped = self.abandoned = True

    def _lose(self, resource: Resource | None, error: Exception) -> None:
        if not isinstance(error, ClusterError) or isinstance(error, TooManyObjects):
            raise error
        if resource is None:
            self.waiting.clear()
            self.failures[_CLUSTER] = str(error)
            self.stopped = True
            return
        self.waiting.discard(resource)
        if resource is CONFIG_MAPS:  # services and pods are still worth watching
            self.failures.pop(resource.plural, None)
            return
        self.failures[resource.plural] = str(error)
        if resource is INFERENCE_SERVICES:
            self.stopped = True
        elif self._state:
            self._state.lose_pods()
