"""Lists that are read page by page, so that only one page is in memory at a time.

https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

from collections.abc import Iterator
from typing import Any

from isvclog.cluster.errors import Gone
from isvclog.cluster.resources import RequestTarget, choosing
from isvclog.cluster.session import Session
from isvclog.cluster.wire import ApiRequest
from isvclog.keypath import string_at


class Listing:
    """The objects of a list as plain data with their kind, to be iterated once. Items that are not objects are skipped.

    `resource_version` is the version to watch from; it is empty until all objects have been yielded. `remaining` is the
    number of objects that are left, or None if the server does not report it; it is set from the first object on.
    Iterating raises ClusterError.

    If the continue token expires during the list, the rest of the list has a later state. No object is yielded twice;
    an object that was deleted or created in the meantime may be yielded or not, and a watch from `resource_version`
    reports it.
    """

    def __init__(self, session: Session, target: RequestTarget, selector: str, limit: int) -> None:
        self.resource_version = ""
        self.remaining: int | None = None
        self._session = session
        self._target = target
        self._query = choosing(target, selector)
        self._limit = limit

    def __iter__(self) -> Iterator[dict[str, Any]]:
        given: set[str] = set()
        version, token, restarted = "", "", False
        while True:
            try:
                items, metadata = self._page(token)
            except Gone as gone:
                if not token or (restarted and not gone.fresh):
                    raise
                # Not more than once: a list that takes longer than its tokens are valid would never end.
                restarted = restarted or not gone.fresh
                token = gone.fresh
                continue
            version = version or string_at(metadata, ("resourceVersion",))
            token = string_at(metadata, ("continue",))
            remaining = metadata.get("remainingItemCount")
            after = remaining if isinstance(remaining, int) and remaining >= 0 else None if token else 0
            for place, item in enumerate(items):
                self.remaining = None if after is None else after + len(items) - place - 1
                if self._is_new(item, given):
                    yield self._typed(item)
            if not token:
                break
        self.resource_version = version

    def _page(self, token: str) -> tuple[list[Any], dict[str, Any]]:
        query = (("limit", str(self._limit)), *self._query, *((("continue", token),) if token else ()))
        page, _ = self._session.json(ApiRequest(self._target, query))
        items, metadata = page.get("items"), page.get("metadata")
        if items is None:  # as Go writes an empty list
            items = []
        if not isinstance(items, list) or not isinstance(metadata, dict):
            raise self._session.malformed()
        return items, metadata

    def _is_new(self, item: Any, given: set[str]) -> bool:
        if not isinstance(item, dict):
            return False
        uid = string_at(item, ("metadata", "uid"))
        if not uid:
            return True
        known = uid in given
        given.add(uid)
        return not known

    def _typed(self, item: dict[str, Any]) -> dict[str, Any]:
        """Add the `apiVersion` and `kind` that the API server omits from the items of a list."""
        resource = self._target.resource
        head = {"apiVersion": item.get("apiVersion") or resource.api_version, "kind": item.get("kind") or resource.kind}
        return head | {key: value for key, value in item.items() if key not in head}
