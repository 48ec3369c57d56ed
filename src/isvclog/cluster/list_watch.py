"""List and watch without end, as client-go's Reflector does: list, watch, and recover from what ends a watch."""

import sys
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any

from isvclog.cluster.cluster import WATCH_SECONDS, Cluster
from isvclog.cluster.errors import ClusterError, Forbidden, Gone, NotFound, TooManyObjects, Unauthorized
from isvclog.cluster.memory import weigh
from isvclog.cluster.resources import Resource
from isvclog.cluster.retries import Sleep, pause
from isvclog.cluster.session import Convert, whole
from isvclog.cluster.watching import WatchEvent
from isvclog.keypath import mapping_at
from isvclog.records import NamedTuple

SYNCED = "SYNCED"
"""The type of the event that follows a list: all objects have been yielded. Its object is empty."""

_LONGEST = 300
"""The characters that are kept of a name or version; those of Kubernetes have 253 at most."""
_REJECTIONS = 5
"""Rejections in a row after which the watch ends. A server that has just started knows neither roles nor CRDs."""


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
    read: Convert = whole,
) -> Iterator[WatchEvent]:
    """Yield ADDED for each existing object, then SYNCED, and then changes and bookmarks without end.

    Close the generator to stop it. After 410 Gone, everything is listed again, but only differences are yielded: ADDED,
    MODIFIED, or DELETED with only the metadata that identify the object, and then SYNCED. After a disconnect or a
    restart of the server, the watch is retried with growing pauses.

    `on_error` is called with failures other than Gone (with a rejection only if it is repeated), and `on_open` when a
    watch is open. `seconds` is how long one watch lasts. With `name`, only that object is watched. `read` is called
    with each object at once; its result is the object of the event.

    Raises ClusterError when the first list fails, and when the server repeatedly denies the permission or no longer has
    the resource, and TooManyObjects when the account of the cluster is overdrawn by what has to be kept of its objects.
    """
    reflector = _Reflector(cluster, resource, namespace, selector, name, on_open, read)
    yield from reflector.relist()
    failures = 0
    while True:
        error = yield from reflector.watch(seconds)
        failures = 0 if reflector.progress else failures + 1
        if error and not isinstance(error, Gone):
            _report(error, failures, on_error)
        if failures or error:
            sleep(pause(max(failures, 1)))


def _report(error: ClusterError, failures: int, on_error: Callable[[ClusterError], None] | None) -> None:
    """Pass the error on; raise it if the server has rejected the watch too often in a row."""
    rejected = isinstance(error, (Unauthorized, Forbidden, NotFound))
    if rejected and failures >= _REJECTIONS:
        raise error
    if on_error and (failures > 1 or not rejected):
        on_error(error)


class _Seen(NamedTuple):
    """The identity and version of an object already reported, to detect changes and deletions on relist."""

    namespace: str
    name: str
    version: str


class _Read(NamedTuple):
    """An object as it was read: its key (its uid, or else its namespace and name), its identity, and the result."""

    key: str
    seen: _Seen
    object: Any


class _Reflector:
    """The state of one list and watch.

    `progress` is True if the last watch yielded an event or lasted longer than a second.
    """

    def __init__(
        self,
        cluster: Cluster,
        resource: Resource,
        namespace: str,
        selector: str,
        name: str,
        on_open: Callable[[], None] | None,
        read: Convert,
    ) -> None:
        self.progress = False
        self._cluster = cluster
        self._resource = resource
        self._selection = (namespace, selector)
        self._name = name
        self._on_open = on_open
        self._convert = read
        self._version = ""  # the resource version to watch from; empty when the objects must be listed again
        self._seen: dict[str, _Seen] = {}

    def watch(self, seconds: int) -> Generator[WatchEvent, None, ClusterError | None]:
        """Yield the events of one watch, after those of a relist if one is due; return the error that ended it."""
        self.progress = False
        try:
            if not self._version:
                yield from self.relist()
            start = time.monotonic()
            for event in self._cluster.watch(
                self._resource, *self._selection, self._version, seconds, self._name, self._on_open, self._read
            ):
                self.progress = True
                self._store(event.type, event.object)
                yield WatchEvent(event.type, event.object.object)
            # A watch may be quiet for long. One that ends at once, again and again, shows that the server has failed.
            self.progress = self.progress or time.monotonic() - start > 1
        except Gone as error:
            self._version = ""
            return error
        except TooManyObjects:
            raise
        except ClusterError as error:
            return error
        return None

    def relist(self) -> Iterator[WatchEvent]:
        """List all objects, and yield those that are new or changed, then those that were deleted, then SYNCED."""
        listing = self._cluster.list(self._resource, *self._selection, name=self._name, read=self._read)
        listed, names = set(), set()
        for key, current, item in listing:
            listed.add(key)
            names.add(current[:2])
            before = self._seen.get(key)
            if before != current:
                self._keep(key, current)
                yield WatchEvent("MODIFIED" if before else "ADDED", item)
        for key in [key for key in self._seen if key not in listed]:
            deleted = self._seen[key]
            self._drop(key)
            if deleted[:2] not in names:  # else it was created again with another uid, and has been yielded as ADDED
                yield WatchEvent("DELETED", self._convert(self._deleted_object(key, deleted)))
        self._version = listing.resource_version
        yield WatchEvent(SYNCED, {})

    def _store(self, change: str, item: _Read) -> None:
        self._version = item.seen.version or self._version
        if change in ("ADDED", "MODIFIED"):
            self._keep(item.key, item.seen)
        elif change == "DELETED":
            self._drop(item.key)

    def _keep(self, key: str, seen: _Seen) -> None:
        self._drop(key)
        self._cluster.account.charge(_weight(key, seen))
        self._seen[key] = seen

    def _drop(self, key: str) -> None:
        if seen := self._seen.pop(key, None):
            self._cluster.account.charge(-_weight(key, seen))

    def _read(self, item: dict[str, Any]) -> _Read:
        return _Read(*_identify(item), self._convert(item))

    def _deleted_object(self, key: str, deleted: _Seen) -> dict[str, Any]:
        metadata = {"namespace": deleted.namespace, "name": deleted.name, "uid": key}
        return {"apiVersion": self._resource.api_version, "kind": self._resource.kind, "metadata": metadata}


def _weight(key: str, seen: _Seen) -> int:
    """Estimate the memory of an entry, which includes its part of the dictionary."""
    return weigh((key, *seen[1:])) + 100


def _identify(item: dict[str, Any]) -> tuple[str, _Seen]:
    """Return the key of an object (its uid, or else its namespace and name), and its identity and version."""
    fields = mapping_at(item, ("metadata",))
    texts = (str(fields.get(name) or "")[:_LONGEST] for name in ("namespace", "name", "resourceVersion", "uid"))
    namespace, name, version, uid = texts
    return uid or f"{namespace}/{name}", _Seen(sys.intern(namespace), name, version)
