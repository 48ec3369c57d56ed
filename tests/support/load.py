"""Load for a sidecar in another process: clients that count their answers, and a sink that counts its own."""

import asyncio
import contextlib
import itertools
import json
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

from serving import ANYWHERE, serving

from isvclog.httpserver import Address

HERE = Path(__file__).parent
_NOT_FOUND = 7
"""Each such request is answered with 404, so that it has no response event."""


class Model:
    """Answers with the number of the request, or with 404."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, body = await read_request(reader)
            number = header(head, b"x-number")
            status = b"404 Not Found" if int(number) % _NOT_FOUND == 0 else b"200 OK"
            text = b"%b:%d" % (number, len(body))
            writer.write(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(text), text))


class Sink:
    """Counts the events that it answers, by type and status. `mode` is healthy, slow, failing or gone."""

    def __init__(self) -> None:
        self.mode = "healthy"
        self.answered: Counter[tuple[str, int]] = Counter()
        self.unanswered = 0
        self.address = ANYWHERE
        self._server = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Listen, at the same address as before."""
        self.address = await self._server.enter_async_context(serving(self._serve, self.address))

    async def vanish(self) -> None:
        """Take some events without an answer, and then break off all connections and stop listening."""
        self.mode = "gone"
        await asyncio.sleep(0.1)
        await self.stop()

    async def stop(self) -> None:
        """Break off all connections."""
        await self._server.aclose()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head, _ = await read_request(reader)
            kind = header(head, b"ce-type").decode().rpartition(".")[2]
            if self.mode == "slow":
                await asyncio.sleep(0.02)
            if self.mode == "gone":
                self.unanswered += 1
                await asyncio.Event().wait()
            status = 500 if self.mode == "failing" else 200
            self.answered[kind, status] += 1
            writer.write(b"HTTP/1.1 %d Status\r\nContent-Length: 0\r\n\r\n" % status)


class Clients:
    """Clients that send requests without a pause, and count what is due and what fails."""

    def __init__(self, address: Address, seed: int = 1) -> None:
        self.due: Counter[str] = Counter()
        self.failures: list[str] = []
        self._address = address
        self._numbers = itertools.count(1)
        self._random = random.Random(seed)
        self._stopped = False

    async def run(self, connections: int, seconds: float) -> None:
        """Send requests over so many connections for so many seconds."""
        tasks = [asyncio.create_task(self._client()) for _ in range(connections)]
        await asyncio.sleep(seconds)
        self._stopped = True
        await asyncio.gather(*tasks)

    async def _client(self) -> None:
        reader, writer = await asyncio.open_connection(*self._address)
        while not self._stopped:
            number = next(self._numbers)
            size = self._random.choice((20, 33, 500, 2_000, 2_000, 64_000 if number % 50 == 0 else 100))
            try:
                await asyncio.wait_for(self._ask(reader, writer, number, size), 20)
            except (OSError, EOFError, ValueError, TimeoutError) as error:
                self.failures.append(f"request {number}: {error!r}")
                break
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async def _ask(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int, size: int) -> None:
        writer.write(
            b"POST /v1/models/m:predict HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\nX-Number: %d\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (number, size, bytes(size))
        )
        self.due["request"] += 1
        head, body = await read_request(reader)
        status = int(head.split()[1])
        if status != (404 if number % _NOT_FOUND == 0 else 200) or body != b"%d:%d" % (number, size):
            raise ValueError(f"status {status}, {body[:100]!r}")
        self.due["response"] += status == 200


async def read_request(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read a request or an answer with a length."""
    head = await reader.readuntil(b"\r\n\r\n")
    return head, await reader.readexactly(int(header(head, b"content-length")))


def header(head: bytes, name: bytes) -> bytes:
    """Return a field of a header."""
    found = next(line for line in head.split(b"\r\n") if line.lower().startswith(name + b":"))
    return found.partition(b":")[2].strip()


class SidecarProcess(NamedTuple):
    """A sidecar that runs elsewhere."""

    process: asyncio.subprocess.Process
    address: Address

    async def stop(self) -> dict[str, Any]:
        """Let it end, and return its account."""
        self.process.send_signal(signal.SIGTERM)
        out, _ = await self.process.communicate()
        assert self.process.returncode == 0
        account: dict[str, Any] = json.loads(out.splitlines()[-1])
        return account


@contextlib.asynccontextmanager
async def sidecar_process(
    model: Address, sink: Address, *, bounded: bool, limits: dict[str, int], client_limits: dict[str, float], grace: int
) -> AsyncIterator[SidecarProcess]:
    """Run a sidecar in a process of its own; `limits` and `client_limits` differ from those of --bounded."""
    args = ["--log-url", "http://sink.example.com/", "--metadata-annotations", "team=risk,version=7"]
    wanted = {
        "args": args,
        "model": model,
        "sink": sink,
        "bounded": bounded,
        "limits": limits,
        "client_limits": client_limits,
        "grace": grace,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, HERE / "sidecar_process.py", json.dumps(wanted), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        yield SidecarProcess(process, Address(*json.loads(line)))
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
