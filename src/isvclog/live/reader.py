"""Reading of data that a cluster may deny: a missing object is reported in one line, with what is assumed instead."""

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
    weigh,
)

Notify = Callable[[str], None]
"""Takes one sentence for people."""

Result = TypeVar("Result")


class FactReader:
    """A reader for one cluster, which reports each object that it cannot read once."""

    def __init__(self, cluster: Cluster, notify: Notify) -> None:
        self.cluster = cluster
        self._notify = notify
        self._notified: set[str] = set()
        self.failures = 0
        """The number of reads that failed. An answer that an object does not exist is no failure."""

    def get(self, resource: Resource, name: str, namespace: str, otherwise: str) -> dict[str, Any] | None:
        """Read an object; if that fails, report it and return None. `otherwise` says what is assumed then.

        Raises Unauthorized and Unreachable.
        """
        what = f"{resource.kind} {f'{namespace}/' if resource.namespaced else ''}{name}"
        return self.attempt(lambda: self.cluster.get(resource, name, namespace), what, otherwise)

    def list(
        self,
        resource: Resource,
        namespace: str,
        otherwise: str,
        read: Callable[[dict[str, Any]], Result],
        selector: str = "",
        *,
        is_optional: bool = False,
    ) -> list[Result]:
        """List the objects of a namespace, or of all namespaces if it is empty, as `read` returns them.

        If that fails, or if there are too many to keep, it is reported and the list is empty. `otherwise` says what is
        assumed then. Raises Unauthorized and Unreachable, and MissingKind if the kind `is_optional`.
        """
        where = f" of namespace {namespace}" if namespace and resource.namespaced else ""
        found: list[Result] = []

        def read_all() -> list[Result]:
            for item in self.cluster.list(resource, namespace, selector, read=read):
                self.cluster.account.charge(weigh(item))
                found.append(item)
            return found

        what = f"{resource.kind}s{where}"
        if (complete := self.attempt(read_all, what, otherwise, is_optional=is_optional)) is None:
            self.cluster.account.charge(-sum(map(weigh, found)))
        return complete or []

    def attempt(
        self, read: Callable[[], Result], what: str, otherwise: str, *, is_optional: bool = False
    ) -> Result | None:
        """Call `read`; if it fails, report that `what` cannot be read, then `otherwise`, and return None.

        Raises Unauthorized and Unreachable, and MissingKind if the kind `is_optional`.
        """
        try:
            return read()
        except (Unauthorized, Unreachable):
            raise
        except ClusterError as error:
            if is_optional and isinstance(error, MissingKind):
                raise
            self.failures += not isinstance(error, NotFound) or isinstance(error, MissingKind)
            self.notify(f"{what} cannot be read ({reason_for(error)}): {otherwise}.")
            return None

    def notify(self, sentence: str) -> None:
        """Report a sentence, unless it was reported before."""
        if sentence not in self._notified:
            self._notified.add(sentence)
            self._notify(sentence)


def reason_for(error: ClusterError) -> str:
    if isinstance(error, Forbidden):
        return "no permission"
    if isinstance(error, MissingKind):
        return "the cluster does not have this kind"
    if isinstance(error, NotFound):
        return "it does not exist"
    return str(error).rstrip(".")
