"""`audit --watch`: the table, kept up to date by the events of each cluster."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, Queue
from time import monotonic

from isvclog.audit import Failure, Row
from isvclog.audit.clusters import AuditPlan
from isvclog.audit.state import ClusterState
from isvclog.audit.watcher import WATCHED, Changed, Connected, Failed, Reconnected, Stopped, WatcherEvent, watch_cluster
from isvclog.cli.commands.audit.table import LiveTable
from isvclog.cli.main import INTERRUPTED
from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, PODS, SYNCED, ClusterError, Resource
from isvclog.errors import IsvclogError

EventQueue = Queue[tuple["WatchedCluster", WatcherEvent]]
"""News, each with the cluster that it is about."""

_SETTLED, _LONGEST = 0.5, 3.0
"""Seconds without news, or since the first news, after which the table is printed."""
_MOST = 1000
"""News that wait, at most: whole objects, which come faster than rows are made of them."""
_FACTS = "facts"


class WatchedCluster:
    """The state of one watched cluster.

    `waiting` are the resources whose first list has not arrived yet; `failures` are sentences by resource. `over` is
    True while the cluster cannot be reached at all, and when its services can no longer be watched.
    """

    def __init__(self, plan: AuditPlan, context: str | None) -> None:
        self.waiting = set(WATCHED)
        self.failures: dict[str, str] = {}
        self.over = False
        self._plan, self._context = plan, context
        self._state: ClusterState | None = None

    def start(self, queue: EventQueue) -> None:
        """Start a thread that puts all events of this cluster into the queue."""
        arguments = (self._plan, self._context, lambda event: queue.put((self, event)))
        threading.Thread(target=watch_cluster, args=arguments, daemon=True).start()

    def take(self, event: WatcherEvent) -> None:
        """Apply one event. Raises an error of a watch's thread that is not a ClusterError."""
        match event:
            case Connected(scope):
                self._state, self.over = ClusterState(scope, self._plan, self._context), False
                self.failures.pop("", None)
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
        if self._state:
            self.failures.pop(_FACTS, None)
            for error in self._state.renew():
                self.failures[_FACTS] = str(error)
            yield from self._state.rows()
        for sentence in dict.fromkeys(self.failures.values()):
            yield Failure(self._context or "", sentence)
        if not self.failures and self.waiting:
            yield Failure(self._context or "", "the server has not answered yet.")

    def _lose(self, resource: Resource | None, error: Exception) -> None:
        if not isinstance(error, ClusterError):
            raise error
        self.over = self.over or resource in (None, INFERENCE_SERVICES)
        if resource is None:
            self.waiting.clear()
            self.failures[""] = str(error)
            return
        self.waiting.discard(resource)
        if resource is CONFIG_MAPS:  # without whose changes the rest is still of use
            self.failures.pop(resource.plural, None)
            return
        self.failures[resource.plural] = str(error)
        if resource is PODS and self._state:
            self._state.lose_pods()


def run_watch(plan: AuditPlan, quiet: bool, color: str) -> int:
    """Print the table whenever something changes, and return the exit code.

    Ends with Ctrl-C, or when no cluster can be watched any more.
    """
    queue: EventQueue = Queue(_MOST)
    watched = [WatchedCluster(plan, context) for context in (plan.contexts or (None,))]
    for each in watched:
        each.start(queue)
    table, start = LiveTable(not quiet, color), monotonic()
    try:
        while not all(each.over for each in watched):
            _take_all(queue)
            # One that does not answer keeps nobody waiting for the others.
            if not any(each.waiting for each in watched) or monotonic() - start > _LONGEST:
                table.show([item for each in watched for item in each.results()])
    except KeyboardInterrupt:
        return INTERRUPTED
    table.show([item for each in watched for item in each.results()])
    return IsvclogError.exit_code


def _take_all(queue: EventQueue) -> None:
    """Wait some time for events, and apply those that follow until there is a short pause."""
    end, patience = monotonic() + _LONGEST, _LONGEST
    with suppress(Empty):
        while True:
            watched, item = queue.get(timeout=max(patience, 0))
            watched.take(item)
            patience = min(_SETTLED, end - monotonic())
