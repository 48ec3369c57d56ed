"""Metadata that is replaced while requests are in flight: none fails, and no event has anything of two generations."""

import asyncio
import contextlib
import gc
import json
import sys
from collections.abc import Awaitable, Callable

import client_load
import pytest
from exchanges import PROBE, RELEASE
from sidecars import RawServer, read_message

from isvclog.errors import IsvclogError
from isvclog.httpserver import Address
from isvclog.kserve.agent import startup as agent
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.logger.events import REQUEST as REQUEST_EVENT
from isvclog.sidecar.generation import Generation
from isvclog.sidecar.server import Plan, SidecarServer
from isvclog.sidecar.sinks.connection import SinkOptions

OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n{"predictions":[1]}'
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
REQUEST = b"POST / HTTP/1.1\r\nHost: iris\r\nContent-Length: 2\r\n\r\n{}"
KEYS = ("example.com/a", "example.com/b", "example.com/c")
LOOPBACK = Address("127.0.0.1", 0)


def settings_of(number: int, mode: str = "all", url: str = "http://sink.example/") -> AgentSettings:
    """The settings of a generation, whose number is in everything that its events show."""
    args = ["--log-url", url, "--log-mode", mode, "--component", f"c{number}"]
    args += ["--metadata-annotations", ",".join(f"{key}={number}" for key in KEYS)]
    settings = agent.start(args, PROBE, RELEASE).settings
    assert settings is not None
    return settings


def headers_of(event: bytes) -> dict[str, str]:
    lines = event.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return {"target": lines[0].split()[1], **dict(line.split(": ", 1) for line in lines[1:])}


def generation_of(event: bytes) -> int:
    """The generation of an event, after a check that everything in it belongs to that one."""
    headers = headers_of(event)
    number = int(headers["Ce-Component"].removeprefix("c"))
    assert json.loads(headers["Ce-Annotations"]) == dict.fromkeys(KEYS, str(number))
    assert headers["target"] == f"/{number - number % 10}"
    return number


async def ask(address: Address) -> bytes:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(REQUEST)
    answer = await asyncio.wait_for(read_message(reader), 5)
    writer.close()
    await writer.wait_closed()
    return answer


def run(
    test: Callable[[SidecarServer, Address, RawServer, RawServer], Awaitable[None]], settings: AgentSettings | None
) -> None:
    """Run a test with a sidecar, its model and its sink."""

    async def main() -> None:
        async with RawServer(OK) as model, RawServer(TAKEN) as sink:
            server = SidecarServer(Plan(settings, model.address, SinkOptions(sink.address)), pytest.fail)
            address = await server.listen(LOOPBACK)
            await test(server, address, model, sink)
            assert await server.drain(5) == 0

    asyncio.run(main())


def test_a_thousand_swaps_under_load() -> None:
    def url(number: int) -> str:  # each tenth generation has a sink, and so a queue, of its own
        return f"http://sink.example/{number - number % 10}"

    async def swap_under_load(server: SidecarServer, address: Address, model: RawServer, sink: RawServer) -> None:
        swapped = asyncio.Event()
        load = await asyncio.create_subprocess_exec(
            sys.executable, client_load.__file__, str(address.port), "4", stdin=-1, stdout=-1
        )
        begun = 0

        def swap() -> None:
            """Swap while exchanges are in flight, once one of the current generation has begun."""
            nonlocal begun
            if server.number <= 1000 and server.counters.due[REQUEST_EVENT] > begun:
                begun = server.counters.due[REQUEST_EVENT]
                server.swap(settings_of(server.number, url=url(server.number)))
            elif server.number > 1000:
                swapped.set()

        model.on_request = swap
        await asyncio.wait_for(swapped.wait(), 60)
        output, _ = await load.communicate(b"")
        answered, failed = map(int, output.split())
        assert failed == 0
        assert answered >= 1000
        events = await sink.wait_for(2 * answered)
        assert len(events) == 2 * answered
        check_generations(events)
        # What no exchange and no event needs any more is not kept.
        gc.collect()
        assert sum(isinstance(item, Generation) for item in gc.get_objects()) <= 2
        assert len(server.queues) <= 2

    run(swap_under_load, settings_of(0, url=url(0)))


def check_generations(events: list[bytes]) -> None:
    """Check that both events of each exchange have the same generation, and that it never goes back."""
    exchanges: dict[str, list[int]] = {}
    for event in events:
        exchanges.setdefault(headers_of(event)["Ce-Id"], []).append(generation_of(event))
    assert all(len(numbers) == 2 and len(set(numbers)) == 1 for numbers in exchanges.values())
    # The load may end before an exchange begins with the last one.
    assert len({numbers[0] for numbers in exchanges.values()}) >= 1000
    latest: dict[str, int] = {}
    for identity in sorted(exchanges, key=lambda text: [int(part) for part in text.split(".")]):
        connection = identity.partition(".")[0]
        assert exchanges[identity][0] >= latest.get(connection, 0)
        latest[connection] = exchanges[identity][0]


def test_an_exchange_finishes_with_the_settings_it_began_with() -> None:
    async def main() -> None:
        asked, answer, closed = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def model(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await read_message(reader)
            asked.set()
            await answer.wait()
            writer.write(OK)
            await reader.read()
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()
            closed.set()

        slow = await asyncio.start_server(model, "127.0.0.1", 0)
        async with RawServer(TAKEN) as sink:
            model_address = Address("127.0.0.1", slow.sockets[0].getsockname()[1])
            plan = Plan(settings_of(1), model_address, SinkOptions(sink.address))
            server = SidecarServer(plan, pytest.fail)
            asking = asyncio.create_task(ask(await server.listen(LOOPBACK)))
            await asked.wait()
            # Neither the mode nor the sink of the next settings is that of the exchange.
            server.swap(settings_of(2, mode="request", url="http://other.example/other"))
            answer.set()
            assert (await asking).startswith(b"HTTP/1.1 200")
            first, second = map(headers_of, await sink.wait_for(2))
            assert [first["Ce-Component"], second["Ce-Component"]] == ["c1", "c1"]
            assert {first["Ce-Type"][-8:], second["Ce-Type"][-8:]} == {".request", "response"}
            assert await server.drain(5) == 0
        await asyncio.wait_for(closed.wait(), 5)
        slow.close()

    asyncio.run(main())


@pytest.mark.parametrize("mode", ["all", "request", "response"])
def test_later_requests_get_the_new_settings(mode: str) -> None:
    async def swap(server: SidecarServer, address: Address, _: RawServer, sink: RawServer) -> None:
        server.swap(settings_of(2, mode))
        assert server.number == 2
        await ask(address)
        events = await sink.wait_for(2 if mode == "all" else 1)
        assert {headers_of(event)["Ce-Component"] for event in events} == {"c2"}

    run(swap, settings_of(1))


def test_a_logger_that_is_removed_and_comes_back() -> None:
    async def swap(server: SidecarServer, address: Address, _: RawServer, sink: RawServer) -> None:
        server.swap(settings_of(2))
        await ask(address)
        await sink.wait_for(2)
        server.swap(None)
        assert (await ask(address)).startswith(b"HTTP/1.1 200")
        server.swap(settings_of(4))
        await ask(address)
        events = await sink.wait_for(4)
        assert [headers_of(event)["Ce-Component"] for event in events] == ["c2", "c2", "c4", "c4"]

    run(swap, None)


def test_metadata_that_is_too_large() -> None:
    large = settings_of(2)._replace(annotations={"key": "x" * 200})
    plan = Plan(settings_of(1), LOOPBACK, max_metadata=202)

    async def main() -> None:
        sentence = r"^the listed annotations have 203 bytes, and --max-metadata allows 202: list fewer"
        with pytest.raises(IsvclogError, match=sentence):
            SidecarServer(plan._replace(settings=large), pytest.fail)
        server = SidecarServer(plan, pytest.fail)
        with pytest.raises(IsvclogError, match=sentence):
            server.swap(large)
        assert (server.number, server.settings) == (1, plan.settings)
        assert server.sidecar.generation is not None
        assert server.sidecar.generation.settings == plan.settings

    asyncio.run(main())
