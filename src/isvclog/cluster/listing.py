"""Lists that are read page by page, so that only one page is in memory at a time.

https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

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
        seen: set[str] = set()
        for page in self._pages():
            for number, item in enumerate(page.items, 1):
                self.remaining = None if page.after is None else page.after + len(page.items) - number
                if _is_new(item, seen):
                    yield self._typed(item)

    def _pages(self) -> Iterator["_Page"]:
        """Yield all pages, and set `resource_version` after the last one.

        If a continue token has expired, go on with the token that the server offers instead, or else list from the
        start. That is done only once: a list that takes longer than its tokens are valid would never end.
        """
        version, token, restarted = "", "", False
        while True:
            try:
                page = self._page(token)
            except Gone as error:
                if not token or (restarted and not error.fresh):
                    raise
                restarted = restarted or not error.fresh
                token = error.fresh
                continue
            version = version or page.version
            yield page
            if not page.token:
                break
            token = page.token
        self.resource_version = version

    def _page(self, token: str) -> "_Page":
        query = (("limit", str(self._limit)), *self._query, *((("continue", token),) if token else ()))
        page, _ = self._session.json(ApiRequest(self._target, query))
        items, metadata = page.get("items"), page.get("metadata")
        if items is None:  # as Go writes an empty list
            items = []
        if not isinstance(items, list) or not isinstance(metadata, dict):
            raise self._session.malformed()
        token = string_at(metadata, ("continue",))
        remaining = metadata.get("remainingItemCount")
        known = isinstance(remaining, int) and remaining >= 0
        after = remaining if known else None if token else 0
        return _Page(items, string_at(metadata, ("resourceVersion",)), token, after)

    def _typed(self, item: dict[str, Any]) -> dict[str, Any]:
        """Add the `apiVersion` and `kind` that the API server omits from the items of a list."""
        resource = self._target.resource
        head = {"apiVersion": item.get("apiVersion") or resource.api_version, "kind": item.get("kind") or resource.kind}
        return head | {key: value for key, value in item.items() if key not in head}


class _Page(NamedTuple):
    """One page of a list: its items, its resource version, and the token of the next page (empty for the last one).

    `after` is the number of objects on later pages, or None if the server does not report it.
    """

    items: list[Any]
    version: str
    token: str
    after: int | None


def _is_new(item: Any, seen: set[str]) -> bool:
    """Check whether the item is an object that was not seen before, and add its uid to `seen`."""
    if not isinstance(item, dict):
        return False
    uid = string_at(item, ("metadata", "uid"))
    new = uid not in seen
    if uid:
        seen.add(uid)
    return new
