"""Redirects as Go's `http.Client` follows them: the next request, and what it has of the first one.

Source: net/http/client.go and net/url, Go 1.25; Go 1.26 leaves the Content-Type out where the body is. The userinfo of
a URL becomes a header only when a request is sent, so a relative redirect keeps it and an absolute one does not, on the
same host either.
"""

from isvclog.kserve.golang.httpclient import HttpError, outgoing
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.kserve.golang.url import PATH, URL, UrlError, escape, parse, unescape
from isvclog.records import NamedTuple

MOST_REDIRECTS = 10
_WITHOUT_BODY, _WITH_BODY = (301, 302, 303), (307, 308)
_REWRITTEN = frozenset((b"Host", b"User-Agent", b"Content-Length", b"Authorization", b"Referer", b"Accept-Encoding"))


class Hop(NamedTuple):
    """One request of a client: where it goes, and how it differs from the first one.

    `number` is 0 for the first request. Once `has_body` is False, it remains so: the requests are GETs.
    """

    url: URL
    number: int = 0
    has_body: bool = True
    referer: str = ""


def is_redirect(status: int) -> bool:
    """Check whether the client follows an answer with this status and a location."""
    return status in _WITHOUT_BODY or status in _WITH_BODY


def next_hop(hop: Hop, status: int, location: str) -> Hop:
    """Follow a redirect; raise HttpError if the client gives up. The location is not empty."""
    try:
        url = resolve(hop.url, parse(location))
    except UrlError as error:
        raise HttpError(f"failed to parse Location header {quote(location)}: {error}") from None
    if hop.number + 1 >= MOST_REDIRECTS:
        raise HttpError(f"stopped after {MOST_REDIRECTS} redirects")
    return Hop(url, hop.number + 1, hop.has_body and status in _WITH_BODY, _referer(hop, url))


def _referer(hop: Hop, url: URL) -> str:
    if hop.url.scheme == "https" and url.scheme == "http":
        return ""
    return hop.url._replace(user=None).string()


def resolve(base: URL, reference: URL) -> URL:
    """Resolve a reference against a URL that has a host, as `URL.ResolveReference` does."""
    if reference.scheme or reference.host or reference.user:
        url = reference._replace(scheme=reference.scheme or base.scheme)
        return _with_path(url, _resolve_path(reference.escaped_path(), ""))
    query, fragment, raw_fragment = reference.raw_query, reference.fragment, reference.raw_fragment
    if not (reference.path or reference.force_query or query):
        query = base.raw_query
        if not fragment:
            fragment, raw_fragment = base.fragment, base.raw_fragment
    url = reference._replace(
        scheme=base.scheme,
        user=base.user,
        host=base.host,
        raw_query=query,
        fragment=fragment,
        raw_fragment=raw_fragment,
    )
    return _with_path(url, _resolve_path(base.escaped_path(), reference.escaped_path()))


def _with_path(url: URL, raw: str) -> URL:
    path = unescape(raw, PATH)
    return url._replace(path=path, raw_path="" if raw == escape(path, PATH) else raw)


def _resolve_path(base: str, reference: str) -> str:
    full = reference or base
    if reference and not reference.startswith("/"):
        full = base[: base.rfind("/") + 1] + reference
    if not full:
        return ""
    kept: list[str] = []
    elements = full.split("/")
    for element in elements[1:] if full.startswith("/") else elements:
        if element == "..":
            del kept[-1:]
        elif element != ".":
            kept.append(element)
    if elements[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def redirected(first: bytes, hop: Hop) -> bytes:
    """Encode the request of a hop from the bytes of the first request; raise HttpError if the client sends none."""
    sending = outgoing(hop.url, {})
    head, _, body = first.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n")[1:] if line.partition(b":")[0] not in _REWRITTEN]
    for name, value in (("Authorization", sending.authorization), ("Referer", hop.referer)):
        if value:
            lines.append(to_bytes(f"{name}: {value}"))
    method = "POST" if hop.has_body else "GET"
    start = f"{method} {sending.target} HTTP/1.1\r\nHost: {sending.host}\r\nUser-Agent: Go-http-client/1.1\r\n"
    if hop.has_body:
        start += f"Content-Length: {len(body)}\r\n"
    lines = [*sorted(lines), b"Accept-Encoding: gzip", b""]
    return to_bytes(start) + b"\r\n".join(lines) + b"\r\n" + (body if hop.has_body else b"")


def location_of(head: bytes) -> str:
    """Return the first `Location` of an answer's header, or an empty string."""
    for line in head.split(b"\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"location":
            return from_bytes(value).strip(" \t\r")
    return ""
