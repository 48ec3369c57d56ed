"""Reading what a cluster may keep to itself: what is missing is told in one line, with what is assumed instead."""

from collections.abc import Callable
from typing import Any, TypeVar

from isvclog.cluster import (
    Cluster,
    ClusterError,
    Forbidden,
    MissingKind,
    NotFound,
    Resource,
    Unauthorized,
    Unreachable,
)

Notify = Callable[[str], None]
"""Takes one sentence for people."""

Result = TypeVar("Result")


class FactReader:
    """Reads from one cluster, and says each thing once that cannot be read."""

    def __init__(self, cluster: Cluster, notify: Notify) -> None:
        self.cluster = cluster
        self._notify = notify
        self._told: set[str] = set()

    def get(self, resource: Resource, name: str, namespace: str, otherwise: str) -> dict[str, Any] | None:
        """An object; None where it cannot be read, and then `otherwise` says what that means.

        Raises Unauthorized and Unreachable.
        """
        what = f"{resource.kind} {f'{namespace}/' if resource.namespaced else ''}{name}"
        return self.attempt(lambda: self.cluster.get(resource, name, namespace), what, otherwise)

    def list(self, resource: Resource, namespace: str, otherwise: str) -> list[dict[str, Any]]:
        """All objects of a namespace, or of all where that is empty; none where they cannot be read."""
        where = f" of namespace {namespace}" if namespace and resource.namespaced else ""
        found = self.attempt(
            lambda: list(self.cluster.list(resource, namespace)), f"{resource.kind}s{where}", otherwise
        )
        return found or []

    def attempt(self, read: Callable[[], Result], what: str, otherwise: str) -> Result | None:
        """What `read` returns, or None once it was told that `what` could not be read, and `otherwise`."""
        try:
            return read()
        except (Unauthorized, Unreachable):
            raise
        except ClusterError as error:
            self.notify(f"{what} cannot be read ({_reason(error)}): {otherwise}.")
            return None

    def notify(self, sentence: str) -> None:
        """Say a sentence, unless it was said before."""
        if sentence not in self._told:
            self._told.add(sentence)
            self._notify(sentence)


def _reason(error: ClusterError) -> str:
    if isinstance(error, Forbidden):
        return "no permission"
    if isinstance(error, MissingKind):
        return "the cluster has no such kind"
    if isinstance(error, NotFound):
        return "it is not there"
    return str(error).rstrip(".")
