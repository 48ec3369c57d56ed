"""A server that means harm: it answers each connection with the bytes of a script, as fast or as slowly as that says.

with HostileServer(lambda: drip(b"HTTP/1.1 200 OK\r\n")) as server:
    connect(Access(kubeconfig=server.kubeconfig(tmp_path)))
"""

import gzip
import itertools
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import repeat
from pathlib import Path
from typing import Any

from apiserver import ApiServer

Script = Callable[[], Iterable[bytes]]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def drip(data: bytes, pause: float = 0.05) -> Iterator[bytes]:
    """Yield a byte now and then, and the last one without end."""
    for byte in data:
        time.sleep(pause)
        yield bytes([byte])
    while True:
        time.sleep(pause)
        yield data[-1:]


def endless(block: bytes, head: bytes = CHUNKED) -> Iterator[bytes]:
    """Yield a head, and a block without end."""
    yield head
    yield from repeat(block)


def chunk(data: bytes) -> bytes:
    """Frame data as a chunk."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def of_length(body: bytes, *headers: bytes) -> bytes:
    """An answer with a body."""
    return b"".join([HEAD, *(each + b"\r\n" for each in headers), b"Content-Length: %d\r\n\r\n" % len(body), body])


def bomb(size: int, byte: bytes = b" ") -> bytes:
    """Compress one byte, many times."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    blocks = [packer.compress(byte * (1 << 20)) for _ in range(size >> 20)]
    return b"".join([*blocks, packer.flush()])


SLOW: dict[str, Script] = {
    "nothing": lambda: iter(lambda: time.sleep(0.05) or b"", None),
    "head": lambda: drip(HEAD + b"X-Slow: x"),
    "body": lambda: itertools.chain([HEAD + b"Content-Length: 1000000\r\n\r\n"], drip(b"{ ")),
    "body-until-the-end": lambda: itertools.chain([HEAD + b"Connection: close\r\n\r\n"], drip(b"{ ")),
    "chunk-sizes": lambda: itertools.chain([CHUNKED], drip(b"0")),
    "chunks": lambda: itertools.chain([CHUNKED], (each for _ in drip(b"0") for each in [b"1\r\n \r\n"])),
    "trailers": lambda: itertools.chain([CHUNKED + b"2\r\n{}\r\n0\r\n"], drip(b"X-Slow: x")),
    "continue": lambda: itertools.chain.from_iterable([b"HTTP/1.1 100 Continue\r\n\r\n"] for _ in drip(b"0", 0.01)),
    "continue-at-full-speed": lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n", b""),
    "compressed": lambda: itertools.chain(
        [HEAD + b"Content-Encoding: gzip\r\nContent-Length: 1000000\r\n\r\n"], drip(gzip.compress(b"{}")[:-1])
    ),
}
"""Answers that never end and never pause for long."""


class HostileServer:
    """`script` yields what is sent after a request.

    With `certificate`, that is over TLS; with `at_once`, it is sent before the request, and without TLS.
    """

    def __init__(self, script: Script, certificate: Path | None = None, *, at_once: bool = False) -> None:
        self._script = script
        self.closed = threading.Event()
        self._certificate = certificate
        self._at_once = at_once
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def place(self) -> str:
        """Its host and port."""
        return f"127.0.0.1:{self._listening.getsockname()[1]}"

    @property
    def url(self) -> str:
        """Its URL."""
        return f"{'https' if self._certificate else 'http'}://{self.place}"

    def kubeconfig(self, folder: Path, **cluster: Any) -> str:
        """Write a kubeconfig with this server into a folder, and return its name."""
        trusted = {"certificate-authority": str(self._certificate)} if self._certificate else {}
        return ApiServer().kubeconfig(folder, cluster={"server": self.url} | trusted | cluster)

    def blocks(self, request: bytes) -> Iterable[bytes]:
        """Answer a request, which is empty with `at_once`."""
        return self._script()

    def __enter__(self) -> "HostileServer":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closed.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._listening.accept()[0]
                self._connections.append(connection)
                thread = threading.Thread(target=self._answer, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _answer(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            if self._certificate and not self._at_once:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self._certificate)
                connection = context.wrap_socket(connection, server_side=True)
                self._connections.append(connection)
            with connection:
                while (request := b"" if self._at_once else connection.recv(1 << 16)) or self._at_once:
                    for block in self.blocks(request):
                        connection.sendall(block)
                    if self._at_once:
                        return


class Pages(ApiServer):
    """Lists without end: `page` gets the number of a request, and returns the page."""

    def __init__(self, page: Callable[[int], tuple[int, dict[str, Any]]]) -> None:
        super().__init__()
        self._page = page
        self._numbers = itertools.count()

    def fault(self, method: str, path: str, query: dict[str, str]) -> Any:
        """Answer every list with the next page."""
        found = super().fault(method, path, query)
        if "limit" not in query:
            return found
        status, page = self._page(next(self._numbers))
        self.fail(path, status, body=page)
        return super().fault(method, path, query)


def page(number: int, count: int = 1, token: str = "") -> tuple[int, dict[str, Any]]:
    """A page with objects and a continue token."""
    items = [{"metadata": {"uid": f"{number}-{index}", "name": "x", "namespace": "ml"}} for index in range(count)]
    return 200, {"items": items, "metadata": {"resourceVersion": "1", "continue": token or f"t{number}"}}
