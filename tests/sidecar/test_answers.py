"""Answers of the sink, and connections to it that break."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from deliveries import Result, Running, run_events
from exchanges import RELEASE
from serving import serving
from sidecars import CLOSED, read_message

from isvclog.kserve.apis.releases import Release, find_release
from isvclog.sidecar.limits import Limits
from isvclog.sidecar.sinks.connection import SinkOptions

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
URL = "http://sink.example.com/logs"
PREFIX = f'Send did not return an HTTP response: Post "{URL}": '
NONE = Limits()
WAIT, CLOSE, RESET = b"<wait>", b"<close>", b"<reset>"


class ScriptedSink:
    """Answers each event with the next script: pieces of bytes, or WAIT for ever, CLOSE or RESET."""

    def __init__(self, *scripts: list[bytes]) -> None:
        self._scripts: Iterator[list[bytes]] = iter(scripts)
        self.connections = 0
        self.events = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while await read_message(reader):
            self.events += 1
            if not await self._play(next(self._scripts, [OK]), writer):
                break

    async def _play(self, script: list[bytes], writer: asyncio.StreamWriter) -> bool:
        for piece in script:
            if piece == WAIT:
                await asyncio.Event().wait()
            elif piece == CLOSE:
                return False
            elif piece == RESET:
                writer.transport.abort()
                return False
            else:
                writer.write(piece)
                await writer.drain()
        return True


def deliver(
    *scripts: list[bytes],
    count: int = 1,
    between: Callable[[Running], Awaitable[object]] | None = None,
    limits: Limits = NONE,
    grace: float = 5,
    release: Release = RELEASE,
) -> tuple[Result, ScriptedSink]:
    async def run() -> tuple[Result, ScriptedSink]:
        sink = ScriptedSink(*scripts)
        async with serving(sink.serve) as address:
            result = await run_events(
                "--log-url", URL, "--log-mode=request",
                sink=SinkOptions(address), count=count, between=between, limits=limits, grace=grace,
                release=release,
            )  # fmt: skip
        return result, sink

    return asyncio.run(run())


SENT, REJECTED, FAILED = ("request", "sent"), ("request", "rejected"), ("request", "failed")


BROKEN = f"{PREFIX}net/http: HTTP/1.x transport connection broken: malformed HTTP response"
TOO_LONG = f"{PREFIX}net/http: server response headers exceeded 10485760 bytes; aborted"


def head(status: str, *lines: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode()


KEPT = {
    "empty": [OK],
    "without a body": [head("204 No Content")],
    "small body": [head("200 OK", "Content-Length: 2") + b"{}"],
    "early answers": [head("100 Continue"), head("103 Early Hints", "Link: x") + OK],
    "in pieces": [OK[:9], OK[9:20], OK[20:]],
}
ENDED = {
    "unfinished body": [head("200 OK", "Content-Length: 9999999") + b"{", WAIT],
    "body until the end": [head("200 OK") + b"{", WAIT],
    "closed": [head("200 OK", "Connection: close", "Content-Length: 0"), CLOSE],
    "HTTP/1.0": [OK.replace(b"1.1", b"1.0"), CLOSE],
    "two answers": [OK + OK],
}
REFUSED = {
    "body in pieces": (500, [head("500 Error", "Content-Length: 4"), b"te", b"xt"]),
    "body until the end": (500, [head("500 Error"), b"text", CLOSE]),
    "endless body": (404, [head("404 Not Found"), b"x" * 300_000, WAIT]),
    "another protocol": (101, [head("101 Switching", "Connection: Upgrade", "Upgrade: x"), WAIT]),
}
NO_ANSWERS = {
    "closed": (f"{PREFIX}EOF", [CLOSE]),
    "half a header": (f"{PREFIX}EOF", [b"HTTP/1.1 200 O", CLOSE]),
    "reset": (PREFIX, [RESET]),
    "no HTTP": (BROKEN, [b"no HTTP\r\n\r\n", WAIT]),
    "endless header": (TOO_LONG, [b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2_000_000, WAIT]),
}


@pytest.mark.parametrize("script", KEPT.values(), ids=KEPT)
def test_connections_that_are_kept(script: list[bytes]) -> None:
    assert deliver_two(script) == ({SENT: 2}, [], 1)


def test_an_answer_that_comes_again_means_the_same() -> None:
    failed = [head("500 Error", "Content-Length: 4") + b"text"]
    result, sink = deliver(failed, failed, [OK], [OK], failed, count=5, between=until_idle)
    assert result.counts == {REJECTED: 3, SENT: 2}
    assert result.reports == ["Sent with status code 500"] * 3
    assert sink.connections == 1


@pytest.mark.parametrize("script", ENDED.values(), ids=ENDED)
def test_connections_that_are_not_kept(script: list[bytes]) -> None:
    assert deliver_two(script) == ({SENT: 2}, [], 2)


@pytest.mark.parametrize(("status", "script"), REFUSED.values(), ids=REFUSED)
def test_events_that_the_sink_does_not_want(status: int, script: list[bytes]) -> None:
    counts, reports, _ = deliver_two(script)
    assert counts == {REJECTED: 1, SENT: 1}
    assert reports == [f"Sent with status code {status}"]


@pytest.mark.parametrize(
    ("release", "refused", "unsent"),
    [
        ("0.11.2", "while sending event: error sending cloudevent: 500 Error", "while sending event: "),
        ("0.13.1", "Sent with status code 500", ""),
        ("0.14.1", "Sent with status code 500", "Send did not return an HTTP response: "),
    ],
)
def test_messages_are_those_of_the_release(release: str, refused: str, unsent: str) -> None:
    failed = [head("500 Error", "Content-Length: 0")]
    result, _ = deliver(failed, [CLOSE], count=2, between=until_idle, release=find_release(release))
    assert result.reports == [refused, f'{unsent}Post "{URL}": EOF']


@pytest.mark.parametrize(("reason", "script"), NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_events_without_an_answer(reason: str, script: list[bytes]) -> None:
    counts, reports, connections = deliver_two(script)
    assert counts == {FAILED: 1, SENT: 1}
    assert [report[: len(reason)] for report in reports] == [reason]
    assert connections == 2


def deliver_two(script: list[bytes]) -> tuple[dict[tuple[str, str], int], list[str], int]:
    """Deliver an event that is answered by the script, and then one that is taken."""
    result, sink = deliver(script, count=2, between=until_idle)
    assert sink.events == 2
    return result.counts, result.reports, sink.connections


async def until_idle(sidecar: Running) -> None:
    await sidecar.wait_until(lambda: not sidecar.server.queue.pending)


def test_a_connection_that_ends_between_two_events_is_replaced() -> None:
    result, sink = deliver([OK, CLOSE], [OK], count=2, between=until_idle)
    assert result.counts == {SENT: 2}
    assert sink.connections == 2


def test_a_sink_that_is_not_there() -> None:
    result = asyncio.run(run_events("--log-url", URL, "--log-mode=request", sink=SinkOptions(CLOSED)))
    assert result.counts == {FAILED: 1}
    assert result.reports == [f"{PREFIX}dial tcp 127.0.0.1:9: connect: connection refused"]


def test_a_sink_whose_name_is_unknown() -> None:
    result = asyncio.run(run_events("--log-url", "http://nowhere.invalid/", "--log-mode=request"))
    assert result.counts == {FAILED: 1}
    assert "dial tcp: lookup nowhere.invalid: " in result.reports[0]


def test_a_sink_that_hangs_holds_its_worker_for_ever() -> None:
    result, _ = deliver([WAIT], count=3, grace=0.05)
    assert result.counts == {}
    assert result.lost == 3


def test_timeout() -> None:
    result, sink = deliver([WAIT], [b"HTTP/1.1 500 E\r\n\r\n", WAIT], count=3, limits=Limits(timeout=0.05))
    assert result.counts == {FAILED: 2, SENT: 1}
    assert result.reports == [f"{PREFIX}no answer within 0.05 s"] * 2
    assert sink.connections == 3


def test_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isvclog.sidecar.delivery.RETRY_SECONDS", 0.001)
    scripts = [[CLOSE], [b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"], [OK]]
    result, sink = deliver(*scripts, limits=Limits(retries=2))
    assert result.counts == {SENT: 1}
    assert not result.reports
    assert sink.events == 3


def test_retries_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isvclog.sidecar.delivery.RETRY_SECONDS", 0.001)
    result, sink = deliver([CLOSE], [CLOSE], [CLOSE], limits=Limits(retries=1), count=2)
    assert result.counts == {FAILED: 1, SENT: 1}
    assert result.reports == [f"{PREFIX}EOF"]
    assert sink.events == 4


def test_a_retry_begins_at_the_log_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isvclog.sidecar.delivery.RETRY_SECONDS", 0.001)
    moved = b"HTTP/1.1 307 Moved\r\nContent-Length: 0\r\nLocation: /elsewhere\r\n\r\n"
    result, sink = deliver([moved], [CLOSE], [OK], limits=Limits(retries=1))
    assert result.counts == {SENT: 1}
    assert sink.events == 3


def test_what_the_sink_does_not_want_is_not_sent_again() -> None:
    result, sink = deliver([b"HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n"], limits=Limits(retries=3))
    assert result.counts == {REJECTED: 1}
    assert sink.events == 1
