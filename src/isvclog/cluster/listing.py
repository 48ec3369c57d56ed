"""Lists that are read page by page, so that only one page is in memory at a time.

https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
"""

from collections.abc import Iterator
from typing import Any

from isvclog.cluster.errors import AnswerTooLarge, Gone
from isvclog.cluster.resources import INFERENCE_SERVICES, PODS, RequestTarget, Resource, choosing
from isvclog.cluster.session import Convert, Session, whole
from isvclog.cluster.wire import ApiRequest
from isvclog.keypath import string_at
from isvclog.records import NamedTuple

_SMALLER = 10
"""The factor by which pages become smaller if one is too large."""
_MOST_OBJECTS = 300_000
"""The objects of one list: twice the number of pods that Kubernetes supports in a cluster."""
_STREAMED = (INFERENCE_SERVICES, PODS)
"""Resources of which no caller keeps a whole list."""
_MOST_KEPT = 64 << 20
"""The bytes of a list of any other resource, all pages together."""
_MOST_EMPTY = 20
"""The number of empty pages in a row after which a list is taken to be endless."""


class Listing:
    """The objects of a list, to be iterated once: the results of `read` for each one as plain data with its kind.

    Items that are not objects are skipped.

    `resource_version` is the version to watch from; it is empty until all objects have been yielded. `remaining` is the
    number of objects that are left, or None if the server does not report it; it is set from the first object on.
    Iterating raises ClusterError.

    If the continue token expires during the list, the rest of the list has a later state. No object is yielded twice;
    an object that was deleted or created in the meantime may be yielded or not, and a watch from `resource_version`
    reports it.

    A page that is larger than isvclog reads is asked for again in smaller pages, and later pages are as large as they
    probably can be. A list that does not end is an error.
    """

    def __init__(
        self, session: Session, target: RequestTarget, selector: str, limit: int, read: Convert = whole
    ) -> None:
        self.resource_version = ""
        self.remaining: int | None = None
        self._session = session
        self._target = target
        self._query = choosing(target, selector)
        self._limit = self._most = limit
        self._read = read

    def __iter__(self) -> Iterator[Any]:
        seen: set[int] = set()
        for page in self._pages():
            for number, item in enumerate(page.items, 1):
                self.remaining = None if page.after is None else page.after + len(page.items) - number
                if item.uid not in seen:
                    seen.update(() if item.uid is None else (item.uid,))
                    yield item.object

    def _pages(self) -> Iterator["_Page"]:
        """Yield all pages, and set `resource_version` after the last one.

        If a continue token has expired, go on with the token that the server offers instead, or else list from the
        start. That is done only once: a list that takes longer than its tokens are valid would never end.
        """
        version, token, restarted, progress = "", "", False, _Progress(self._target.resource)
        while True:
            try:
                page = self._page(token)
            except Gone as error:
                if not token or (restarted and not error.fresh):
                    raise
                token = error.fresh
                if not token:
                    restarted, progress = True, _Progress(self._target.resource)
                elif problem := progress.problem(_Page([], "", token, None)):
                    raise self._session.endless(self._target, problem) from None
                continue
            except AnswerTooLarge:
                if self._limit <= 1:
                    raise
                self._limit = max(1, self._limit // _SMALLER)
                continue
            version = version or page.version
            if self._limit < self._most:
                self._limit = min(self._most, max(self._limit, int(self._limit / (2 * page.fullness))))
            yield page
            if not page.token:
                break
            token = page.token
            if problem := progress.problem(page):
                raise self._session.endless(self._target, problem)
        self.resource_version = version

    def _page(self, token: str) -> "_Page":
        query = (("limit", str(self._limit)), *self._query, *((("continue", token),) if token else ()))
        answer = self._session.json(ApiRequest(self._target, query), self._read_page)
        page: _Page = answer.value
        return page._replace(size=answer.size, fullness=answer.fullness)

    def _read_page(self, data: dict[str, Any]) -> "_Page":
        items, metadata = data.get("items"), data.get("metadata")
        if items is None:  # as Go writes an empty list
            items = []
        if not isinstance(items, list) or not isinstance(metadata, dict):
            raise self._session.malformed()
        token = string_at(metadata, ("continue",))
        remaining = metadata.get("remainingItemCount")
        known = isinstance(remaining, int) and remaining >= 0
        after = remaining if known else None if token else 0
        found = [self._read_item(item) for item in items if isinstance(item, dict)]
        return _Page(found, string_at(metadata, ("resourceVersion",)), token, after)

    def _read_item(self, item: dict[str, Any]) -> "_Item":
        # A hash, because only the server limits the length of what it sends as a uid.
        uid = string_at(item, ("metadata", "uid"))
        return _Item(hash(uid) if uid else None, self._read(self._typed(item)))

    def _typed(self, item: dict[str, Any]) -> dict[str, Any]:
        """Add the `apiVersion` and `kind` that the API server omits from the items of a list."""
        resource = self._target.resource
        head = {"apiVersion": item.get("apiVersion") or resource.api_version, "kind": item.get("kind") or resource.kind}
        return head | {key: value for key, value in item.items() if key not in head}


class _Progress:
    """The pages of one list so far, to notice that it does not end."""

    def __init__(self, resource: Resource) -> None:
        self._is_kept = resource not in _STREAMED
        self._tokens: set[int] = set()
        self._objects = 0
        self._size = 0
        self._empty = 0

    def problem(self, page: "_Page") -> str:
        """Count a page that is not the last one. Return what shows that the list will not end, or nothing."""
        token = hash(page.token)
        if token in self._tokens:
            return "repeats a continue token"
        self._tokens.add(token)
        self._objects += len(page.items)
        self._size += page.size
        self._empty = 0 if page.items else self._empty + 1
        if self._empty >= _MOST_EMPTY:
            return f"sends {_MOST_EMPTY} empty pages in a row"
        if self._is_kept and self._size > _MOST_KEPT:
            return f"has more than {_MOST_KEPT >> 20} MiB"
        return f"has more than {_MOST_OBJECTS:,} objects" if self._objects > _MOST_OBJECTS else ""


class _Item(NamedTuple):
    """An object as it was read, and the hash of its uid, None without one."""

    uid: int | None
    object: Any


class _Page(NamedTuple):
    """One page of a list: its items, its resource version, and the token of the next page (empty for the last one).

    `after` is the number of objects on later pages, or None if the server does not report it. `size` is in bytes;
    `fullness` is that of the answer.
    """

    items: list[_Item]
    version: str
    token: str
    after: int | None
    size: int = 0
    fullness: float = 1
