"""`audit --watch`: the table, kept current by watches of services, pods and the ConfigMap of each cluster."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from queue import Empty, SimpleQueue
from time import monotonic
from typing import NamedTuple

from isvclog.audit import Failure, Row
from isvclog.audit.current import Current
from isvclog.cli.auditing import Judge, Plan, in_context, teller
from isvclog.cli.audittable import Table
from isvclog.cli.live import Look, looking
from isvclog.cli.main import INTERRUPTED
from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, PODS, SYNCED, ClusterError, Event, Resource, follow
from isvclog.errors import IsvclogError
from isvclog.kserve.constants import CONFIGMAP, SERVICE_LABEL
from isvclog.live import read_facts

_SETTLED, _LONGEST = 0.5, 3.0
"""Seconds without news, or since the first news, after which the table is printed."""


class News(NamedTuple):
    """What a watch of one resource told: an event, or `trouble`, after which it is over if `lost`; else it is well."""

    watched: "Watched"
    resource: Resource
    event: Event | None = None
    trouble: ClusterError | None = None
    lost: bool = False


class Watched:
    """One cluster. It is `waiting` for the first list of each resource; `failures` are sentences by resource.

    It is `over` when its services cannot be watched any more.
    """

    def __init__(self, look: Look | None, plan: Plan, context: str | None) -> None:
        self.look, self.plan, self.context = look, plan, context or ""
        self.waiting = {INFERENCE_SERVICES, PODS, CONFIG_MAPS} if look else set()
        self.failures: dict[str, str] = {}
        self.over = look is None
        self._tell = teller(context)
        if look:
            self._current = Current(Judge(look.facts, plan, self.context).rows)

    def follow(self, news: "SimpleQueue[News]") -> None:
        """Start the watches, each in a thread that ends with the process."""
        for resource in (INFERENCE_SERVICES, PODS, CONFIG_MAPS):
            threading.Thread(target=self._follow, args=(resource, news), daemon=True).start()

    def take(self, news: News) -> None:
        """Note what was told."""
        name = news.resource.plural
        if news.lost:
            self.waiting.discard(news.resource)
            self.over = self.over or news.resource is INFERENCE_SERVICES
            if news.resource is PODS:
                self._current.pods_known = False
                self._current.all_due()
        if news.trouble is not None:
            self.failures[name] = str(news.trouble)
        else:
            self.failures.pop(name, None)
        if news.event is not None:
            self._take(news.resource, news.event)

    def results(self) -> Iterator[Row | Failure]:
        """The rows as they are now, and what fails."""
        try:
            if self.look:
                yield from self._current.rows()
        except ClusterError as error:
            self.failures["facts"] = str(error)
        for sentence in dict.fromkeys(self.failures.values()):
            yield Failure(self.context, sentence)

    def _take(self, resource: Resource, event: Event) -> None:
        gone = event.type == "DELETED"
        if event.type == SYNCED:
            self.waiting.discard(resource)
        elif event.type == "BOOKMARK":
            return
        elif resource is INFERENCE_SERVICES:
            if self._is_meant(event):
                self._current.service(event.object, gone)
        elif resource is PODS:
            self._current.pod(event.object, gone)
        elif CONFIG_MAPS not in self.waiting:  # what comes first has been read
            self._read_again()

    def _is_meant(self, event: Event) -> bool:
        metadata = event.object.get("metadata")
        if not self.look or not self.look.names or not isinstance(metadata, dict):
            return True
        namespace, name = metadata.get("namespace"), metadata.get("name")
        wanted = self.look.names
        return f"{namespace}/{name}" in wanted or (namespace == self.look.cluster.namespace and name in wanted)

    def _read_again(self) -> None:
        assert self.look
        wishes = self.plan.wishes._replace(many=True, everywhere=self.look.options.all_namespaces)
        facts = read_facts(self.look.cluster, wishes, self._tell)
        self._current.make = Judge(facts, self.plan, self.context).rows
        self._current.all_due()

    def _follow(self, resource: Resource, news: "SimpleQueue[News]") -> None:
        assert self.look
        options, cluster = self.look.options, self.look.cluster
        everywhere = options.all_namespaces or any("/" in name for name in self.look.names)
        namespace = "" if everywhere else cluster.namespace
        place, selector, name = {
            INFERENCE_SERVICES: (namespace, options.selector or "", ""),
            PODS: (namespace, SERVICE_LABEL, ""),
            CONFIG_MAPS: (self.plan.wishes.namespace, "", CONFIGMAP),
        }[resource]

        def trouble(error: ClusterError) -> None:
            news.put(News(self, resource, trouble=error))

        def well() -> None:
            news.put(News(self, resource))

        try:
            for event in follow(cluster, resource, place, selector, trouble=trouble, well=well, name=name):
                news.put(News(self, resource, event))
        except ClusterError as error:
            # Without the ConfigMap's changes the rest is still of use.
            news.put(News(self, resource, trouble=None if resource is CONFIG_MAPS else error, lost=True))


def run_watch(plan: Plan, quiet: bool, color: str) -> int:
    """Print the table whenever something changes, until Ctrl-C or until no cluster can be watched; the exit code."""
    news: SimpleQueue[News] = SimpleQueue()
    with ExitStack() as stack:
        watched = [_open(plan, context, stack) for context in (plan.contexts or (None,))]
        for each in watched:
            if each.look:
                each.follow(news)
        table = Table(not quiet, color)
        try:
            while not all(each.over for each in watched):
                _take_all(news)
                if not any(each.waiting for each in watched):
                    table.show([item for each in watched for item in each.results()])
        except KeyboardInterrupt:
            return INTERRUPTED
        table.show([item for each in watched for item in each.results()])
        return IsvclogError.exit_code


def _open(plan: Plan, context: str | None, stack: ExitStack) -> Watched:
    try:
        options = in_context(plan.options, context)
        look = stack.enter_context(looking(plan.names, None, options, plan.wishes, teller(context)))
    except ClusterError as error:
        failed = Watched(None, plan, context)
        failed.failures["cluster"] = str(error)
        return failed
    return Watched(look, plan, context)


def _take_all(news: "SimpleQueue[News]") -> None:
    """Wait for news, and take what follows until there is none for a while."""
    item = news.get()
    end = monotonic() + _LONGEST
    while True:
        item.watched.take(item)
        try:
            item = news.get(timeout=max(min(_SETTLED, end - monotonic()), 0))
        except Empty:
            return
