"""Requests of several clients in one batch. What one request becomes is in `test_proxied.py`."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable

from isvclog.httpserver import Address
from isvclog.kserve.agent.settings import BatcherSettings
from isvclog.sidecar.server import Plan, SidecarServer

PATH = "/v1/models/m:predict"


class Asking:
    """A batcher between clients, a task each, and a model that answers when the test says."""

    def __init__(self) -> None:
        self.batches: list[bytes] = []
        self.arrived = asyncio.Event()
        self.answering = asyncio.Semaphore(0)
        self.address = Address("", 0)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each batch with its own instances."""
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"Content-Length: (\d+)", head)
                assert length
                body = await reader.readexactly(int(length[1]))
                self.batches.append(head.split(b" ")[1] + b" " + body)
                self.arrived.set()
                await self.answering.acquire()
                answer = body.replace(b"instances", b"predictions")
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer))
        writer.close()

    async def wait_for(self, count: int) -> None:
        while len(self.batches) < count:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), 5)

    async def ask(self, *instances: object, path: str = PATH) -> tuple[bytes, str, list[object]]:
        """Return the status, the batch id and the predictions."""
        reader, writer = await asyncio.open_connection(*self.address)
        body = json.dumps({"instances": instances}).encode()
        writer.write(b"POST %b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" % path.encode())
        writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await writer.wait_closed()
        head, _, text = answer.partition(b"\r\n\r\n")
        status = head.split(b" ")[1]
        if status != b"200":
            return status, text.decode(), []
        document = json.loads(text)
        return status, document["batchId"], document["predictions"]


@contextlib.asynccontextmanager
async def batching(max_size: int, max_latency_ms: int) -> AsyncIterator[Asking]:
    asking = Asking()
    async with await asyncio.start_server(asking.serve, "127.0.0.1", 0) as model:
        address = Address("127.0.0.1", model.sockets[0].getsockname()[1])
        plan = Plan(None, address, batcher=BatcherSettings(max_size, max_latency_ms))
        server = SidecarServer(plan, lambda _: None)
        asking.address = await server.listen(Address("127.0.0.1", 0))
        yield asking
        await server.drain(5)


def run(scenario: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(scenario(), 20))  # type: ignore[arg-type]


def test_a_full_batch_is_sent_at_once_and_each_client_gets_its_part() -> None:
    async def scenario() -> None:
        async with batching(5, 60_000) as asking:
            asking.answering.release()
            answers = await asyncio.gather(asking.ask(1, 2), asking.ask("a"), asking.ask({"b": 1.5}, None))
            assert [predictions for _, _, predictions in answers] == [[1, 2], ["a"], [{"b": 1.5}, None]]
            assert len({batch_id for _, batch_id, _ in answers}) == 1
            assert len(asking.batches) == 1

    run(scenario)


def test_a_batch_is_sent_after_the_latency() -> None:
    async def scenario() -> None:
        async with batching(100, 20) as asking:
            asking.answering.release()
            assert (await asking.ask(1))[2] == [1]

    run(scenario)


def test_one_batch_is_asked_at_a_time() -> None:
    async def scenario() -> None:
        async with batching(2, 20) as asking:
            first = asyncio.ensure_future(asking.ask(1, 2))
            await asking.wait_for(1)
            others = [asyncio.ensure_future(asking.ask(number)) for number in (3, 4, 5)]
            await asyncio.sleep(0.1)  # longer than the latency, which counts when a batch begins
            assert len(asking.batches) == 1
            for _ in range(3):
                asking.answering.release()
            assert (await first)[2] == [1, 2]
            assert sorted([(await other)[2][0] for other in others]) == [3, 4, 5]
            assert len(asking.batches) == 3

    run(scenario)


def test_the_last_path_is_asked_for() -> None:
    async def scenario() -> None:
        async with batching(2, 60_000) as asking:
            asking.answering.release()
            first = asyncio.ensure_future(asking.ask(1, path="/a:predict"))
            await asyncio.sleep(0.05)
            await asking.ask(2, path="/b:predict")
            await first
            assert asking.batches == [b'/b:predict {"instances":[1,2]}']

    run(scenario)


def test_a_client_that_is_gone_takes_nothing_from_the_others() -> None:
    async def scenario() -> None:
        async with batching(2, 60_000) as asking:
            asking.answering.release()
            _, writer = await asyncio.open_connection(*asking.address)
            writer.write(b"POST /a:predict HTTP/1.1\r\nHost: h\r\nContent-Length: 17\r\n\r\n" + b'{"instances":[1]}')
            await asyncio.sleep(0.05)
            writer.close()
            await writer.wait_closed()
            assert (await asking.ask(2))[2] == [2]
            assert asking.batches == [PATH.encode() + b' {"instances":[1,2]}']

    run(scenario)


def test_a_path_that_ends_the_agent_is_answered_with_a_sentence() -> None:
    """KServe's batcher builds a request line of the decoded path, and panics if that is none."""

    async def scenario() -> None:
        async with batching(1, 60_000) as asking:
            for path in ("/a%20b:predict", "/a%0A:predict", "/a%25zz:predict"):
                status, reason, _ = await asking.ask(1, path=path)
                assert (status, "the agent exits with code 2" in reason) == (b"502", True)
            asking.answering.release()
            assert (await asking.ask(2))[2] == [2]

    run(scenario)
