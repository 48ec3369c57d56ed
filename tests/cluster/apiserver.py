"""A stand-in for kube-apiserver: real HTTP on loopback, in threads, over objects that are plain dicts.

    with ApiServer() as api:
        api.add({"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "ml", "name": "a"}})
        cluster = connect(Access(kubeconfig=api.kubeconfig(tmp_path)))

It does what isvclog uses of the API, as documented: reads, lists in pages, watches with history and bookmarks, JSON
patches, `/version` and `/apis`. Whatever else a server may do is scripted, see `Script`. kmock (0.8) has neither pages
nor resource versions, so that nothing could conflict or expire.
"""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from apihandler import Handler
from apiscript import Script
from apistore import KINDS, Store

__all__ = ["KINDS", "ApiServer", "Request"]


class Request(NamedTuple):
    """One request as it came; the query has the last value of each parameter, headers have lower case names."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, list[str]]
    body: bytes


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 128
    api: "ApiServer"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up."""


class ApiServer(Script):
    """`token`: what clients must send, if anything. `certificate`: a PEM file with key and certificate, for TLS."""

    def __init__(self, token: str = "", certificate: Path | None = None) -> None:
        super().__init__()
        self.token = token
        self.store = Store()
        self.requests: list[Request] = []
        self.before_patch: Callable[[], None] | None = None
        """Called before each patch is applied, as for a change by somebody else in between."""
        self._certificate = certificate
        self._connections: set[socket.socket] = set()
        self._port = 0
        self._server: _Server | None = None

    # Objects -----------------------------------------------------------------------------------------------------

    def add(self, *objects: dict[str, Any]) -> None:
        """Create objects; each gets a uid and a resource version, and the namespace `default` if it has none."""
        for item in objects:
            self.store.put("ADDED", item)

    def add_all(self, objects: Iterable[dict[str, Any]]) -> None:
        """Create many objects."""
        for item in objects:
            self.store.put("ADDED", item)

    def add_raw(self, plural: str, *items: Any) -> None:
        """Put anything, such as None, at the end of every list of a resource."""
        self.store.malformed.setdefault(plural, []).extend(json.dumps(item).encode() for item in items)

    def update(self, item: dict[str, Any]) -> dict[str, Any]:
        """Replace an object; what is returned has the new resource version."""
        return self.store.put("MODIFIED", item)

    def delete(self, plural: str, namespace: str, name: str) -> None:
        """Delete an object."""
        self.store.delete(plural, namespace, name)

    def object(self, plural: str, namespace: str, name: str) -> dict[str, Any]:
        """A copy of an object as it is; KeyError if there is none."""
        item: dict[str, Any] = json.loads(self.store.stored[plural][namespace, name].data)
        return item

    # The server --------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where it listens; the same after a restart."""
        return f"{'https' if self._certificate else 'http'}://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Listen."""
        self._server = _Server(("127.0.0.1", self._port), Handler)
        self._server.api = self
        self._port = self._server.server_address[1]
        self.store.open = True
        if self._certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._certificate)
            # In the thread of the connection, not in the one that accepts.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections and cut those that are open; `start` goes on with the same objects at the same port."""
        if self._server:
            self.store.close()
            self._server.shutdown()
            self.cut_connections()
            self._server.server_close()
            self._thread.join()
            self._server = None

    def cut_connections(self) -> None:
        """Cut all connections, watches among them, without a word."""
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def opened(self, connection: socket.socket) -> None:
        """Remember a connection, to cut it."""
        self._connections.add(connection)

    def closed(self, connection: socket.socket) -> None:
        """Forget a connection."""
        self._connections.discard(connection)

    def __enter__(self) -> "ApiServer":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # The client --------------------------------------------------------------------------------------------------

    def kubeconfig(
        self, folder: Path, context: str = "test", namespace: str = "", file: str = "kubeconfig", **settings: Any
    ) -> str:
        """Write a kubeconfig with one context into a folder, and say where.

        `settings`: `user` and `cluster` are more fields of those entries; else the server is trusted, and the user has
        its token, or another one if it asks for none.
        """
        user = {"token": self.token or "any"}
        trusted = {"certificate-authority": str(self._certificate)} if self._certificate else {}
        document = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": context,
            "contexts": [
                {"name": context, "context": {"cluster": context, "user": context, "namespace": namespace or None}}
            ],
            "clusters": [{"name": context, "cluster": {"server": self.url} | settings.get("cluster", trusted)}],
            "users": [{"name": context, "user": settings.get("user", user)}],
        }
        path = folder / file
        path.write_text(json.dumps(document, indent=1))
        return str(path)
