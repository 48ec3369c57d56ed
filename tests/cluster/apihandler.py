"""The HTTP side of the stand-in API server."""

import gzip
import json
import socket
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from apipatch import apply
from apiselector import matcher
from apistore import PLURALS

_COMPRESSED = 128 * 1024

REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    409: "Conflict",
    410: "Expired",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}


class Answered(Exception):
    """Ends a request with a Status."""

    def __init__(self, code: int, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.code = code
        self.body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
        self.body |= {"reason": REASONS.get(code, "Unknown"), "code": code} | fields


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16

    def setup(self) -> None:
        """Remember the connection."""
        super().setup()
        self.api = self.server.api  # type: ignore[attr-defined]
        self.cut: int | None = None
        self.api.opened(self.connection)

    def finish(self) -> None:
        """Forget it."""
        self.api.closed(self.connection)
        with suppress(OSError):
            super().finish()

    def handle(self) -> None:
        """Requests until the client hangs up, or is hung up on."""
        with suppress(OSError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Reads, lists and watches."""
        self._answer("GET")

    def do_PATCH(self) -> None:
        """JSON patches."""
        self._answer("PATCH")

    def do_POST(self) -> None:
        """Questions of a user about what is allowed."""
        self._answer("POST")

    def _answer(self, method: str) -> None:
        from apiserver import Request

        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): self.headers.get_all(name, []) for name in self.headers}
        self.api.requests.append(Request(method, parts.path, query, headers, body))
        try:
            if self._scripted(method, parts.path, query):
                return
            if self.api.token and self.headers.get("Authorization") != f"Bearer {self.api.token}":
                raise Answered(401, "Unauthorized")
            self._route(method, [unquote(part) for part in parts.path.strip("/").split("/")], query, body)
        except Answered as end:
            self._send(end.code, json.dumps(end.body).encode())

    def _scripted(self, method: str, path: str, query: dict[str, str]) -> bool:
        fault = self.api.fault(method, path, query)
        self.cut = None
        if fault is None:
            return False
        time.sleep(fault.delay)
        if fault.cut is not None and fault.cut < 0:
            self._hang_up()
            return True
        self.cut = fault.cut
        if not fault.status:
            return False
        status = Answered(fault.status, "scripted").body
        self._send(fault.status, json.dumps(status).encode() if fault.body is None else fault.body, fault.headers)
        return True

    def _route(self, method: str, parts: list[str], query: dict[str, str], body: bytes) -> None:
        if parts == ["version"]:
            return self._send(200, b'{"major": "1", "minor": "30", "gitVersion": "v1.30.0"}')
        if parts == ["apis"]:
            groups = sorted({group for group, *_ in PLURALS if group})
            return self._send(
                200, json.dumps({"kind": "APIGroupList", "groups": [{"name": g} for g in groups]}).encode()
            )
        if method == "POST":
            return self._review(parts, json.loads(body))
        group, version, *rest = parts[1:] if parts[0] == "apis" and len(parts) > 3 else ["", *parts[1:], ""]
        rest = [part for part in rest if part]
        namespace = rest[1] if rest[:1] == ["namespaces"] and len(rest) > 2 else ""
        plural, *names = rest[2:] if namespace else rest or [""]
        if (group, version, plural) not in PLURALS or len(names) > 1 or not self.api.serves(plural):
            return self._send(404, b"404 page not found\n", {"Content-Type": "text/plain; charset=utf-8"})
        verb = "patch" if method == "PATCH" else "get" if names else "watch" if "watch" in query else "list"
        self._permit(verb, group, plural, namespace, names)
        if verb == "get":
            return self._send(200, self._stored(group, plural, namespace, names[0]).data)
        if verb == "patch":
            return self._patch(group, plural, namespace, names[0], query, body)
        return (
            self._watch(plural, namespace, query)
            if verb == "watch"
            else self._list(group, version, plural, namespace, query)
        )

    def _review(self, parts: list[str], review: dict[str, Any]) -> None:
        if parts != ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"]:
            raise Answered(405, "the server does not allow this method on the requested resource")
        if self.headers.get("Content-Type") != "application/json":
            raise Answered(415, "the body of the request was in an unknown format")
        asked = review["spec"]["resourceAttributes"]
        denied = self.api.denied(asked["resource"], asked["verb"], asked.get("namespace", ""))
        self._send(201, json.dumps(review | {"status": {"allowed": denied is None}}).encode())

    def _permit(self, verb: str, group: str, plural: str, namespace: str, names: list[str]) -> None:
        if user := self.api.denied(plural, verb, namespace):
            where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
            what = f'User "{user}" cannot {verb} resource "{plural}" in API group "{group}" {where}'
            name = f"{plural}.{group}" if group else plural
            shown = f'{name} "{names[0]}"' if names else name
            raise Answered(403, f"{shown} is forbidden: {what}", details={"group": group, "kind": plural})

    def _stored(self, group: str, plural: str, namespace: str, name: str) -> Any:
        stored = self.api.store.stored[plural].get((namespace, name))
        if stored is None:
            full = f"{plural}.{group}" if group else plural
            details = {"name": name, "group": group, "kind": plural}
            raise Answered(404, f'{full} "{name}" not found', details=details)
        return stored

    def _list(self, group: str, version: str, plural: str, namespace: str, query: dict[str, str]) -> None:
        store, token = self.api.store, query.get("continue", "")
        at, start = json.loads(urlsafe_b64decode(token)) if token else (store.version, ["", ""])
        if token and (fresh := self.api.expiring()) is not None:
            metadata = {"continue": _token(store.version, start)} if fresh else {}
            raise Answered(410, "The provided continue parameter is too old", metadata=metadata)
        matches = self._matcher(query)
        items, following, left = store.page(plural, namespace, matches, tuple(start), int(query.get("limit") or 0))
        metadata = {"resourceVersion": str(at)}
        if following:
            metadata["continue"] = _token(at, list(following))
            if not (query.get("labelSelector") or query.get("fieldSelector")):
                metadata["remainingItemCount"] = left
        else:
            items = items + store.malformed.get(plural, [])
        kind = PLURALS[group, version, plural][0]
        head = {"kind": f"{kind}List", "apiVersion": f"{group}/{version}" if group else version, "metadata": metadata}
        self._send(200, json.dumps(head).encode()[:-1] + b', "items": [' + b", ".join(items) + b"]}")

    def _matcher(self, query: dict[str, str]) -> Any:
        try:
            return matcher(",".join(filter(None, (query.get("labelSelector"), query.get("fieldSelector")))))
        except ValueError as error:
            raise Answered(400, str(error)) from None

    def _patch(self, group: str, plural: str, namespace: str, name: str, query: dict[str, str], body: bytes) -> None:
        if self.headers.get("Content-Type") != "application/json-patch+json":
            raise Answered(415, "the body of the request was in an unknown format")
        if self.api.before_patch:
            self.api.before_patch()
        store = self.api.store
        with store.changed:
            stored = self._stored(group, plural, namespace, name)
            try:
                item = apply(json.loads(stored.data), json.loads(body))
            except ValueError:
                # What kube-apiserver says, word for word, of any patch that does not apply.
                message = "the server rejected our request due to an error in our request"
                raise Answered(422, message, details={}) from None
            item = store.put("MODIFIED", item, keep=query.get("dryRun") != "All")
        warnings = [("Warning", "299 - " + json.dumps(text)) for text in self.api.warnings]
        self._send(200, json.dumps(item).encode(), {}, warnings)

    def _watch(self, plural: str, namespace: str, query: dict[str, str]) -> None:
        store, matches = self.api.store, self._matcher(query)
        end = time.monotonic() + float(query.get("timeoutSeconds") or 3600)
        self.send_response(200)
        self.send_header("Content-Type", "application/json;stream=watch")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        with store.changed:
            bookmarks, drops = store.bookmarks, store.drops
            version = int(query.get("resourceVersion") or 0)
            if version and version < store.oldest:
                status = Answered(410, f"too old resource version: {version} ({store.oldest})").body
                self._event("ERROR", json.dumps(status).encode())
                return self._end_chunks()
            if not version:
                version = store.version
                for data in store.page(plural, namespace, matches, ("", ""), 0)[0]:
                    self._event("ADDED", data)
            self.wfile.flush()
        while True:
            with store.changed:
                for change in store.since(version):
                    if change.plural == plural and namespace in ("", change.namespace) and matches(change.labels):
                        self._event(change.type, change.data)
                    version = change.version
                if store.bookmarks > bookmarks and query.get("allowWatchBookmarks"):
                    bookmarks, version = store.bookmarks, store.version
                    self._event("BOOKMARK", json.dumps(_bookmark(plural, version)).encode())
                self.wfile.flush()
                if not store.open or store.drops > drops or time.monotonic() >= end:
                    return self._end_chunks()
                store.changed.wait(max(0.0, min(end - time.monotonic(), 0.25)))

    def _send_compressed(self, code: int, body: bytes) -> None:
        """As kube-apiserver does with what is large: compressed, in chunks, without a length."""
        self.send_response(code)
        for name, value in (("Content-Type", "application/json"), ("Content-Encoding", "gzip")):
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        data = gzip.compress(body, 1)
        for start in range(0, len(data), 32768):
            block = data[start : start + 32768]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(block), block))
        self._end_chunks()

    def _event(self, kind: str, data: bytes) -> None:
        line = b'{"type": "%s", "object": %s}\n' % (kind.encode(), data)
        if self.cut is not None:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line[: self.cut]))
            self._hang_up()
            raise ConnectionAbortedError
        self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))

    def _end_chunks(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def _send(
        self, code: int, body: bytes, headers: dict[str, str] | None = None, more: list[tuple[str, str]] | None = None
    ) -> None:
        if len(body) > _COMPRESSED and "gzip" in self.headers.get("Accept-Encoding", "") and self.cut is None:
            return self._send_compressed(code, body)
        self.send_response(code)
        fields = {"Content-Type": "application/json", "Content-Length": str(len(body))} | (headers or {})
        for name, value in [*fields.items(), *(more or [])]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if self.cut is None else body[: self.cut])
        self.wfile.flush()
        if self.cut is not None:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


def _token(version: int, start: list[str]) -> str:
    return urlsafe_b64encode(json.dumps([version, start]).encode()).decode()


def _bookmark(plural: str, version: int) -> dict[str, Any]:
    kind, group = next((kind, key[0]) for key, (kind, _) in PLURALS.items() if key[2] == plural)
    api_version = next("/".join(filter(None, key[:2])) for key in PLURALS if key[2] == plural and key[0] == group)
    return {"kind": kind, "apiVersion": api_version, "metadata": {"resourceVersion": str(version)}}
