"""Watches: changes as they happen, starting at a resource version.

https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from isvclog.cluster.resources import RequestTarget, choosing
from isvclog.cluster.session import Convert, Session, whole
from isvclog.cluster.wire import ApiRequest
from isvclog.records import NamedTuple

_LATENESS = 30.0
"""Seconds after the end of a watch in which the server must end it; otherwise the connection is treated as cut."""


class WatchEvent(NamedTuple):
    """One change of an object: `type` is ADDED, MODIFIED, DELETED, or BOOKMARK, which has only a version.

    `object` is plain data, or what the caller wanted to read of it.
    """

    type: str
    object: Any


def watch(
    session: Session,
    target: RequestTarget,
    selector: str,
    resource_version: str,
    seconds: int,
    opened: Callable[[], None] | None = None,
    read: Convert = whole,
) -> Iterator[WatchEvent]:
    """Yield the events of one watch, which the server ends after `seconds` at the latest.

    If the connection ends earlier, no error is raised. `opened` is called when the server has accepted the watch, and
    `read` with each object.
    Raises Gone when the resource version is too old, and ClusterError when the watch cannot be opened.
    """
    query = [("watch", "1"), ("allowWatchBookmarks", "true"), ("timeoutSeconds", str(seconds))]
    query += choosing(target, selector)
    query += [("resourceVersion", resource_version)] if resource_version else []
    request = ApiRequest(target, tuple(query), silence=seconds + _LATENESS)

    def read_event(event: dict[str, Any]) -> WatchEvent | None:
        kind, item = event.get("type"), event.get("object")
        if kind == "ERROR":
            status = item if isinstance(item, dict) else {}
            number = status.get("code")
            raise session.error(number if isinstance(number, int) else 500, status, request)
        return WatchEvent(kind, read(item)) if isinstance(kind, str) and isinstance(item, dict) else None

    with closing(session.stream(request, read_event)) as events:
        if opened:
            opened()
        yield from filter(None, events)
