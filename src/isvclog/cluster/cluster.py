"""One cluster, whose objects can be read, listed, watched and patched as plain JSON data."""

import time
from collections.abc import Callable, Iterator
from typing import Any, Self

from isvclog.cluster.listing import Listing
from isvclog.cluster.memory import Account
from isvclog.cluster.patching import Patched, parse_warnings
from isvclog.cluster.resources import ACCESS_REVIEWS, RequestTarget, Resource
from isvclog.cluster.retries import Sleep
from isvclog.cluster.selection import Access, Selection, impersonation, select_context
from isvclog.cluster.session import Convert, Session, whole
from isvclog.cluster.watching import WatchEvent, watch
from isvclog.cluster.wire import ApiRequest, shared_sizes
from isvclog.keypath import value_at

Operations = list[dict[str, Any]]
"""A JSON patch (RFC 6902)."""

WATCH_SECONDS = 290
"""The duration of one watch: less than the five minutes after which many load balancers cut a connection."""


def connect(access: Access, sleep: Sleep = time.sleep) -> "Cluster":
    """Create a client for the cluster that kubectl would choose.

    Reads the kubeconfig and runs its exec plugin, but sends no request to the server. `sleep` is called with the
    seconds to wait between two attempts. Raises ClusterError for a bad kubeconfig or an unknown context.
    """
    selection = select_context(access)
    sizes = shared_sizes(access.memory.clusters) if access.memory else None
    session = Session(selection, impersonation(access, selection), access.timeout, sleep, sizes)
    return Cluster(selection, session, Account(access.memory, f"{session.description},"))


class Cluster:
    """A client for one cluster, which must be closed after use.

    Every method raises ClusterError, and several threads may use it at the same time. `context` is the name of the
    context, or "in-cluster"; `namespace` is the default namespace; `server` is a URL without secrets. An empty
    namespace means all namespaces for lists and watches, and the default namespace for a single object. `account` is
    charged for what is kept of the objects.
    """

    def __init__(self, selection: Selection, session: Session, account: Account) -> None:
        self.context = selection.context
        self.namespace = selection.namespace
        self.server = session.server
        self.account = account
        self._session = session

    def get(self, resource: Resource, name: str, namespace: str = "") -> dict[str, Any]:
        """Read one object. Raises NotFound, or MissingKind if the server does not know the resource."""
        found: dict[str, Any] = self._session.json(ApiRequest(self._one("get", resource, name, namespace))).value
        return found

    def list(
        self,
        resource: Resource,
        namespace: str = "",
        selector: str = "",
        limit: int = 500,
        name: str = "",
        read: Convert = whole,
    ) -> Listing:
        """List the objects that match a label selector (kubectl's `-l`).

        They are requested in pages of `limit` while the result is iterated. With `name`, only that object is listed.
        `read` is called with each object of a page at once, and its results are yielded, so that a page of objects is
        not in memory for long.
        """
        return Listing(self._session, RequestTarget("list", resource, namespace, name), selector, limit, read)

    def watch(
        self,
        resource: Resource,
        namespace: str = "",
        selector: str = "",
        resource_version: str = "",
        seconds: int = WATCH_SECONDS,
        name: str = "",
        opened: Callable[[], None] | None = None,
        read: Convert = whole,
    ) -> Iterator[WatchEvent]:
        """Yield the changes since a resource version; without one, first yield ADDED for each object.

        With `name`, only that object is watched. `opened` is called when the server has accepted the watch. Events have
        the result of `read` as their object.

        The watch ends after `seconds`. It also ends without an error when the connection ends: watch again from the
        last resource version that was received. Raises Gone when the resource version is too old.
        """
        return watch(
            self._session,
            RequestTarget("watch", resource, namespace, name),
            selector,
            resource_version,
            seconds,
            opened,
            read,
        )

    def patch(
        self, resource: Resource, name: str, namespace: str, operations: Operations, *, dry_run: bool = False
    ) -> Patched:
        """Apply a JSON patch (RFC 6902) to one object; with `dry_run`, the server does not store the result.

        Raises Conflict if the object was changed in the meantime, or if a `test` operation of the patch failed.
        """
        query = (("fieldManager", "isvclog"), ("fieldValidation", "Warn"), *((("dryRun", "All"),) if dry_run else ()))
        target = self._one("patch", resource, name, namespace)
        answer = self._session.json(ApiRequest(target, query, operations))
        return Patched(answer.value, parse_warnings(answer.warnings))

    def allows(self, target: RequestTarget) -> bool:
        """Ask the server whether the user may send a request; an empty namespace or name means all of them.

        Every user may ask this by Kubernetes' default roles. Nothing is stored.
        """
        group, version, plural = target.resource[:3]
        attributes = {"verb": target.verb, "group": group, "version": version, "resource": plural}
        attributes |= {"namespace": target.namespace, "name": target.name}
        review = {
            "apiVersion": ACCESS_REVIEWS.api_version,
            "kind": ACCESS_REVIEWS.kind,
            "spec": {"resourceAttributes": attributes},
        }
        answer = self._session.json(ApiRequest(RequestTarget("create", ACCESS_REVIEWS), create=review))
        allowed = value_at(answer.value, ("status", "allowed"))
        if not isinstance(allowed, bool):
            raise self._session.malformed()
        return allowed

    def close(self) -> None:
        """Close the connections, and give back the memory."""
        self._session.close()
        self.account.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _one(self, verb: str, resource: Resource, name: str, namespace: str) -> RequestTarget:
        if not resource.namespaced:
            return RequestTarget(verb, resource, "", name)
        return RequestTarget(verb, resource, namespace or self.namespace, name)
