"""A watch without end: it lists, watches, and recovers from everything that ends a watch."""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from isvclog.cluster.cluster import WATCH_SECONDS, Cluster
from isvclog.cluster.errors import ClusterError, Forbidden, Gone, NotFound, Unauthorized
from isvclog.cluster.resources import Resource
from isvclog.cluster.retries import Sleep, pause
from isvclog.cluster.watching import WatchEvent
from isvclog.keypath import mapping_at, string_at

SYNCED = "SYNCED"
"""The type of the event that follows a list: everything there is has been told. Its object is empty."""

_PATIENCE = 5
"""How often in a row a server may refuse what it allowed: one that has just started knows neither roles nor CRDs."""


def list_watch(
    cluster: Cluster,
    resource: Resource,
    namespace: str = "",
    selector: str = "",
    *,
    on_error: Callable[[ClusterError], None] | None = None,
    on_open: Callable[[], None] | None = None,
    sleep: Sleep = time.sleep,
    seconds: int = WATCH_SECONDS,
    name: str = "",
) -> Iterator[WatchEvent]:
    """Yield ADDED for each existing object, then SYNCED, and then changes and bookmarks without end.

    Close the generator to stop it. After 410 Gone, everything is listed again, but only differences are yielded: ADDED,
    MODIFIED, or DELETED with only the metadata that identify the object, and then SYNCED. After a disconnect or a
    restart of the server, the watch is retried with growing pauses.

    `trouble` is called with failures other than Gone (with a rejection only if it is repeated), and `well` when a watch
    is open. `seconds` is how long one watch lasts. With `name`, only that object is watched. Raises ClusterError when
    the first list fails, and when the server repeatedly denies the permission or no longer has the resource.
    """
    follower = _ListWatch(cluster, resource, namespace, selector, name)
    follower.on_open = on_open
    yield from follower.relist()
    failures = 0
    while True:
        follower.progress = False
        try:
            yield from follower.go_on(seconds)
            error = None
        except ClusterError as caught:
            error = caught
        failures = 0 if follower.progress else failures + 1
        if isinstance(error, Gone):
            follower.version = ""
        elif error is not None:
            refused = isinstance(error, (Unauthorized, Forbidden, NotFound))
            if refused and failures >= _PATIENCE:
                raise error
            if on_error and (failures > 1 or not refused):
                on_error(error)
        if failures or error:
            sleep(pause(max(failures, 1)))


class _Seen(NamedTuple):
    """The identity and version of an object already reported, to detect changes and deletions on relist."""

    namespace: str
    name: str
    version: str


class _ListWatch:
    """The state of one watch without end.

    `version` is the resource version to watch from, empty when a list is due. `progress` is True if the last attempt
    yielded an event or lasted longer than a second.
    """

    def __init__(self, cluster: Cluster, resource: Resource, namespace: str, selector: str, name: str) -> None:
        self.version = ""
        self.progress = False
        self.on_open: Callable[[], None] | None = None
        self._cluster = cluster
        self._resource = resource
        self._scope = (namespace, selector)
        self._name = name
        self._known: dict[str, _Seen] = {}

    def go_on(self, seconds: int) -> Iterator[WatchEvent]:
        """Run one watch, after a list if one is due."""
        if not self.version:
            yield from self.relist()
        start = time.monotonic()
        for event in self._cluster.watch(self._resource, *self._scope, self.version, seconds, self._name, self.on_open):
            self.progress = True
            self._note(event)
            yield event
        # One that lasted was a quiet one; one that ends at once, again and again, is a server in trouble.
        self.progress = self.progress or time.monotonic() - start > 1

    def relist(self) -> Iterator[WatchEvent]:
        """List all objects, and yield those that are new or changed, then those that were deleted, then SYNCED."""
        listing = self._cluster.list(self._resource, *self._scope, name=self._name)
        seen, names = set(), set()
        for item in listing:
            key, now = _identify(item)
            seen.add(key)
            names.add(now[:2])
            before = self._known.get(key)
            if before != now:
                self._known[key] = now
                yield WatchEvent("MODIFIED" if before else "ADDED", item)
        for key in [key for key in self._known if key not in seen]:
            known = self._known.pop(key)
            if known[:2] not in names:  # else it was made anew, and has been told as that
                yield WatchEvent("DELETED", self._remains(key, known))
        self.version = listing.resource_version
        yield WatchEvent(SYNCED, {})

    def _note(self, event: WatchEvent) -> None:
        self.version = string_at(event.object, ("metadata", "resourceVersion")) or self.version
        if event.type in ("ADDED", "MODIFIED"):
            key, now = _identify(event.object)
            self._known[key] = now
        elif event.type == "DELETED":
            self._known.pop(_identify(event.object)[0], None)

    def _remains(self, key: str, known: _Seen) -> dict[str, Any]:
        metadata = {"namespace": known.namespace, "name": known.name, "uid": key}
        return {"apiVersion": self._resource.api_version, "kind": self._resource.kind, "metadata": metadata}


def _identify(item: dict[str, Any]) -> tuple[str, _Seen]:
    """Return the key of an object (its uid, or else its namespace and name), and its identity and version."""
    fields = mapping_at(item, ("metadata",))
    known = _Seen(*(str(fields.get(name) or "") for name in ("namespace", "name", "resourceVersion")))
    return str(fields.get("uid") or f"{known.namespace}/{known.name}"), known
