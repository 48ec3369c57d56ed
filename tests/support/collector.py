"""A sink in a thread, which keeps what it gets."""

import re
import socket
import ssl
import threading
import time
from itertools import takewhile


class Collector:
    """A sink that is a raw socket. It answers each event with a status after `delay` seconds, and keeps all bytes."""

    def __init__(
        self, status: int = 200, *, answers: bool = True, tls: ssl.SSLContext | None = None, delay: float = 0
    ) -> None:
        self.events: list[bytes] = []
        self.arrived = threading.Semaphore(0)
        self._answer = b"HTTP/1.1 %d Status\r\nContent-Length: 0\r\n\r\n" % status if answers else b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._tls = tls
        self._delay = delay
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> "Collector":
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()[0]
            except OSError:
                return
            thread = threading.Thread(target=self._read, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _read(self, connection: socket.socket) -> None:
        if self._tls:
            try:
                connection = self._tls.wrap_socket(connection, server_side=True)
            except OSError:
                connection.close()
                return
        with connection, connection.makefile("rb") as stream:
            while head := b"".join(takewhile(lambda line: line not in (b"", b"\r\n"), iter(stream.readline, None))):
                length = re.search(rb"\r\nContent-Length: (\d+)\r\n", head)
                assert length
                self.events.append(head + b"\r\n" + stream.read(int(length[1])))
                self.arrived.release()
                time.sleep(self._delay)
                connection.sendall(self._answer)

    def wait(self, count: int) -> list[bytes]:
        """Wait for so many events."""
        for _ in range(count):
            assert self.arrived.acquire(timeout=20)
        return self.events
