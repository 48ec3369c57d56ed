"""A cluster as its objects: read, listed, watched and patched, as plain JSON data."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Self

from isvclog.cluster.access import Access
from isvclog.cluster.impersonation import impersonation
from isvclog.cluster.listing import Listing
from isvclog.cluster.patching import Patched, parse_warnings
from isvclog.cluster.resources import RequestTarget, Resource
from isvclog.cluster.retries import Sleep
from isvclog.cluster.selection import Selection, select_context
from isvclog.cluster.session import Session
from isvclog.cluster.watching import WatchEvent, watch
from isvclog.cluster.wire import ApiRequest

Operations = list[dict[str, Any]]
"""A JSON patch (RFC 6902)."""

WATCH_SECONDS = 290
"""How long one watch lasts: less than the five minutes after which many load balancers cut a connection."""


def connect(access: Access, sleep: Sleep = time.sleep) -> "Cluster":
    """The cluster that kubectl would choose. Reads the kubeconfig and runs its exec plugin; asks the server nothing.

    `sleep` is given the seconds between two attempts. Raises ClusterError for a bad kubeconfig or unknown context.
    """
    selection = select_context(access)
    return Cluster(selection, Session(selection, impersonation(access, selection), access.timeout, sleep))


class Cluster:
    """One cluster; to be closed. Every method raises ClusterError, and may be used by several threads at once.

    `context` is the name of the context, or "in-cluster"; `namespace` the default one; `server` a URL without secrets.
    An empty namespace means all of them for lists and watches, and the default one for a single object.
    """

    def __init__(self, selection: Selection, session: Session) -> None:
        self.context = selection.context
        self.namespace = selection.namespace
        self.server = session.server
        self._session = session

    def get(self, resource: Resource, name: str, namespace: str = "") -> dict[str, Any]:
        """One object. Raises NotFound, and MissingKind if the server does not know the resource."""
        return self._session.json(ApiRequest(self._one("get", resource, name, namespace)))[0]

    def list(
        self, resource: Resource, namespace: str = "", selector: str = "", limit: int = 500, name: str = ""
    ) -> Listing:
        """The objects that a label selector matches (kubectl's `-l`), asked for in pages of `limit` as they are read.

        With a name, that object alone.
        """
        return Listing(self._session, RequestTarget("list", resource, namespace, name), selector, limit)

    def watch(
        self,
        resource: Resource,
        namespace: str = "",
        selector: str = "",
        resource_version: str = "",
        seconds: int = WATCH_SECONDS,
        name: str = "",
        opened: Callable[[], None] | None = None,
    ) -> Iterator[WatchEvent]:
        """Changes since a resource version; without one, first an ADDED for each object. With a name, that one alone.

        `opened` is called when the server has agreed to it.

        Raises Gone when it is too old. Ends after `seconds`, and quietly when the connection does: watch on from the
        last resource version that came.
        """
        return watch(
            self._session,
            RequestTarget("watch", resource, namespace, name),
            selector,
            resource_version,
            seconds,
            opened,
        )

    def patch(
        self, resource: Resource, name: str, namespace: str, operations: Operations, *, dry_run: bool = False
    ) -> Patched:
        """Apply a JSON patch (RFC 6902) to one object; with `dry_run` the server does all but keep the result.

        Raises Conflict if the object changed in between, or a `test` operation of the patch failed.
        """
        query = (("fieldManager", "isvclog"), ("fieldValidation", "Warn"), *((("dryRun", "All"),) if dry_run else ()))
        target = self._one("patch", resource, name, namespace)
        item, warnings = self._session.json(ApiRequest(target, query, operations))
        return Patched(item, parse_warnings(warnings))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _one(self, verb: str, resource: Resource, name: str, namespace: str) -> RequestTarget:
        if not resource.namespaced:
            return RequestTarget(verb, resource, "", name)
        return RequestTarget(verb, resource, namespace or self.namespace, name)
