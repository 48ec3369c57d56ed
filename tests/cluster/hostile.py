"""A server that means harm: it answers each connection with the bytes of a script, as fast or as slowly as that says.

with HostileServer(lambda: drip(b"HTTP/1.1 200 OK\r\n")) as server:
    connect(Access(kubeconfig=server.kubeconfig(tmp_path)))
"""

import socket
import ssl
import threading
import time
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


class HostileServer:
    """`script` yields what is sent after a request.

    With `certificate`, that is over TLS; with `at_once`, it is sent before the request, and without TLS.
    """

    def __init__(self, script: Script, certificate: Path | None = None, *, at_once: bool = False) -> None:
        self._script = script
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

    def __enter__(self) -> "HostileServer":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
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
                while self._at_once or connection.recv(1 << 16):
                    for block in self._script():
                        connection.sendall(block)
                    if self._at_once:
                        return
