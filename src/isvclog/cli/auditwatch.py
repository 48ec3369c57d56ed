"""`audit --watch`: the table, kept current by watches of services, pods and the ConfigMap of each cluster."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, NamedTuple

from isvclog.audit import Failure, Row
from isvclog.audit.current import Current, name_of
from isvclog.cli.auditing import Plan, in_context, judge, teller
from isvclog.cli.audittable import Table
from isvclog.cli.live import Look, looking
from isvclog.cli.main import INTERRUPTED
from isvclog.cluster import CONFIG_MAPS, INFERENCE_SERVICES, PODS, SYNCED, ClusterError, Event, Resource, follow
from isvclog.errors import IsvclogError
from isvclog.kserve.constants import CONFIGMAP, SERVICE_LABEL
from isvclog.kserve.defaults import ConfigError, read_config
from isvclog.live import read_facts

_SETTLED, _LONGEST = 0.5, 3.0
"""Seconds without news, or since the first news, after which the table is printed."""
_LONGEST_PAUSE = 30
"""Seconds after which a cluster that was not reached is tried again, at most."""
_FACTS = "facts"


class News(NamedTuple):
    """What was told of one cluster: that it was reached (`look`), or of one of its resources an event, or `trouble`.

    What is `lost` ends with its trouble; without anything it is well. Trouble without a resource is the cluster's own.
    """

    watched: "Watched"
    resource: Resource | None = None
    event: Event | None = None
    trouble: Exception | None = None
    lost: bool = False
    look: Look | None = None


class Watched:
    """One cluster. It is `waiting` for the first list of each resource; `failures` are sentences by resource.

    It is `over` while it cannot be reached at all, and when its services cannot be watched any more.
    """

    def __init__(self, plan: Plan, context: str | None) -> None:
        self.waiting = {INFERENCE_SERVICES, PODS, CONFIG_MAPS}
        self.failures: dict[str, str] = {}
        self.over = False
        self._plan, self._only, self._context = plan, context is None, context or ""
        self._tell = teller(context)
        self._look: Look | None = None
        self._current: Current | None = None
        # What is judged by, None for what KServe ships; and the ConfigMap that came last, until it is judged by.
        self._config: Mapping[str, str] | None = None
        self._config_map: dict[str, Any] | None = None

    def watch(self, news: "SimpleQueue[News]") -> None:
        """Tell everything there is and what changes, for ever; to be run in a thread that ends with the process."""
        options = in_context(self._plan.options, None if self._only else self._context)
        attempt = 0
        while True:
            attempt += 1
            try:
                with looking(self._plan.names, None, options, self._plan.wishes, self._tell) as look:
                    news.put(News(self, look=look))
                    for resource in (PODS, CONFIG_MAPS):
                        threading.Thread(target=self._follow, args=(look, resource, news), daemon=True).start()
                    self._follow(look, INFERENCE_SERVICES, news)
                    return
            except Exception as error:  # which nobody else would hear of
                news.put(News(self, trouble=error, lost=True))
                if not isinstance(error, ClusterError):
                    return
                time.sleep(min(attempt, _LONGEST_PAUSE))

    def take(self, news: News) -> None:
        """Note what was told. What went wrong in a thread, but for the cluster's troubles, is raised here."""
        if news.trouble and not isinstance(news.trouble, ClusterError):
            raise news.trouble
        if news.look:
            self._look, self.over = news.look, False
            self._config = news.look.facts.config if news.look.facts.config_known else None
            self._current = Current(judge(news.look.facts, self._plan, self._context).rows)
        if news.lost:
            self.waiting.discard(news.resource) if news.resource else self.waiting.clear()
            self.over = self.over or news.resource in (None, INFERENCE_SERVICES)
            if news.resource is PODS and self._current:
                self._current.pods_known = False
                self._current.all_due()
        name = news.resource.plural if news.resource else ""
        # Without the ConfigMap's changes the rest is still of use.
        if news.trouble and not (news.lost and news.resource is CONFIG_MAPS):
            self.failures[name] = str(news.trouble)
        else:
            self.failures.pop(name, None)
        if news.event and self._current:
            self._take(self._current, news.resource, news.event)

    def results(self) -> Iterator[Row | Failure]:
        """The rows as they are now, and what fails; rows that cannot be made are those of before, and tried again."""
        if self._current:
            self.failures.pop(_FACTS, None)
            for renew in (partial(self._use_config, self._current), self._current.update):
                try:
                    renew()
                except ClusterError as error:
                    self.failures[_FACTS] = str(error)
            yield from self._current.rows()
        for sentence in dict.fromkeys(self.failures.values()):
            yield Failure(self._context, sentence)
        if not self.failures and self.waiting:
            yield Failure(self._context, "the server has not answered yet.")

    def _take(self, current: Current, resource: Resource | None, event: Event) -> None:
        gone = event.type == "DELETED"
        if event.type == SYNCED and resource:
            self.waiting.discard(resource)
        elif event.type == "BOOKMARK":
            return
        elif resource is INFERENCE_SERVICES:
            if self._is_meant(event):
                current.service(event.object, gone)
        elif resource is PODS:
            current.pod(event.object, gone)
        elif not gone:  # of one that is gone, what was read counts on
            self._config_map = event.object

    def _is_meant(self, event: Event) -> bool:
        called = name_of(event.object)
        if not self._look or not self._look.names or called is None:
            return True
        wanted = self._look.names
        return "/".join(called) in wanted or (called[0] == self._look.cluster.namespace and called[1] in wanted)

    def _use_config(self, current: Current) -> None:
        """Judge by the ConfigMap that came last from now on. Raises ClusterError, and then it is to be used again."""
        if self._look is None or self._config_map is None:
            return
        try:
            config = read_config(self._config_map)
            if config != self._config:
                facts = read_facts(self._look.cluster, self._look.wishes._replace(config=config), self._tell)
                self._config = facts.config
                current.make = judge(facts, self._plan, self._context).rows
                current.all_due()
        except (ClusterError, ConfigError) as error:
            sentence = f"what was known of KServe before counts on: {str(error).rstrip('.')}."
            raise ClusterError(sentence) from None
        self._config_map = None

    def _follow(self, look: Look, resource: Resource, news: "SimpleQueue[News]") -> None:
        options, cluster = look.options, look.cluster
        everywhere = options.all_namespaces or any("/" in name for name in look.names)
        namespace = "" if everywhere else cluster.namespace
        place, selector, name = {
            INFERENCE_SERVICES: (namespace, options.selector or "", ""),
            PODS: (namespace, SERVICE_LABEL, ""),
            CONFIG_MAPS: (look.wishes.namespace, "", CONFIGMAP),
        }[resource]

        def trouble(error: ClusterError) -> None:
            news.put(News(self, resource, trouble=error))

        def well() -> None:
            news.put(News(self, resource))

        try:
            for event in follow(cluster, resource, place, selector, trouble=trouble, well=well, name=name):
                news.put(News(self, resource, event))
        except Exception as error:  # which nobody else would hear of
            news.put(News(self, resource, trouble=error, lost=True))


def run_watch(plan: Plan, quiet: bool, color: str) -> int:
    """Print the table whenever something changes, until Ctrl-C or until no cluster can be watched; the exit code."""
    news: SimpleQueue[News] = SimpleQueue()
    watched = [Watched(plan, context) for context in (plan.contexts or (None,))]
    for each in watched:
        threading.Thread(target=each.watch, args=(news,), daemon=True).start()
    table, start = Table(not quiet, color), monotonic()
    try:
        while not all(each.over for each in watched):
            _take_all(news)
            # One that does not answer keeps nobody waiting for the others.
            if not any(each.waiting for each in watched) or monotonic() - start > _LONGEST:
                table.show([item for each in watched for item in each.results()])
    except KeyboardInterrupt:
        return INTERRUPTED
    table.show([item for each in watched for item in each.results()])
    return IsvclogError.exit_code


def _take_all(news: "SimpleQueue[News]") -> None:
    """Wait a while for news, and take what follows until there is none for a moment."""
    end, patience = monotonic() + _LONGEST, _LONGEST
    with suppress(Empty):
        while True:
            item = news.get(timeout=max(patience, 0))
            item.watched.take(item)
            patience = min(_SETTLED, end - monotonic())
