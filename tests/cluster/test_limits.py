"""The limits on what a server can cost, lowered so that reaching them is fast.

`test_hostile_servers.py` tries the real ones through the command line.
"""

import gzip
import itertools
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apisamples import service
from apiserver import ApiServer
from hostile import CHUNKED, HEAD, SLOW, HostileServer, Pages, bomb, chunk, drip, endless, of_length, page

from isvclog.cli.main import main
from isvclog.cluster import (
    INFERENCE_SERVICES,
    PODS,
    SERVING_RUNTIMES,
    ClusterError,
    Memory,
    Unreachable,
    answers,
    listing,
    session,
    wire,
)
from isvclog.cluster.quick import complete_names
from isvclog.cluster.resources import NAMESPACES
from isvclog.cluster.selection import Access


def preview(kubeconfig: str, *arguments: str) -> tuple[int, float]:
    """Run a command; return its exit code, and the seconds it took."""
    start = time.monotonic()
    code = main(["preview", "x", "--kubeconfig", kubeconfig, *arguments])
    return code, time.monotonic() - start


def test_the_timeout_bounds_the_search_for_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: waiting.wait(20))
    kubeconfig = ApiServer().kubeconfig(tmp_path, cluster={"server": "http://api.example.test"})
    code, seconds = preview(kubeconfig, "--request-timeout", "400ms")
    waiting.set()
    assert "did not answer in time" in capsys.readouterr().err
    assert (code, seconds < 3) == (3, True)


def test_addresses_share_the_time(connected: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.socket() as first, socket.socket() as second:
        for each in (first, second):  # nobody accepts, so the next connection waits
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        entry = (socket.AF_INET, socket.SOCK_STREAM, 0, "", full.getsockname())
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [entry] * 9)
        kubeconfig = ApiServer().kubeconfig(tmp_path, cluster={"server": "http://api.example.test"})
        start = time.monotonic()
        with pytest.raises(Unreachable, match="did not answer in time"):
            connected(kubeconfig=kubeconfig, timeout=0.4).get(PODS, "a", "ml")
        assert time.monotonic() - start < 2


def test_a_connection_may_be_used_again_after_its_time(api: ApiServer, connected: Any) -> None:
    api.add(service("a"))
    cluster = connected(timeout=0.3)
    for _ in range(3):
        cluster.get(INFERENCE_SERVICES, "a", "ml")
        time.sleep(0.2)
    assert len(api._connections) == 1


@pytest.mark.parametrize("kind", ["nothing", "continue", "continue-at-full-speed"])
def test_silence_ends_by_default(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "_SILENT_SECONDS", 0.4)
    monkeypatch.setattr(wire, "_HEAD_SECONDS", 0.5)
    with HostileServer(SLOW[kind]) as server:
        code, seconds = preview(server.kubeconfig(tmp_path))
    assert "did not answer in time" in capsys.readouterr().err
    assert (code, seconds < 3) == (3, True)


def test_a_slow_answer_has_no_end_by_default(tmp_path: Path, connected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "_SILENT_SECONDS", 0.4)
    monkeypatch.setattr(wire, "_HEAD_SECONDS", 0.5)
    body = b'{"kind": "Pod"}'
    head = HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode()
    with HostileServer(lambda: itertools.chain([head], itertools.islice(drip(body, 0.1), len(body)))) as server:
        assert connected(kubeconfig=server.kubeconfig(tmp_path)).get(PODS, "a", "ml") == {"kind": "Pod"}


def test_a_watch_may_be_silent_and_then_ends(tmp_path: Path, connected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from isvclog.cluster import watching

    monkeypatch.setattr(wire, "_SILENT_SECONDS", 0.2)
    monkeypatch.setattr(watching, "_LATENESS", 0.5)
    event = b'{"type": "ADDED", "object": {"kind": "Pod"}}\n'

    def quiet() -> Iterator[bytes]:
        yield CHUNKED
        time.sleep(0.8)
        yield chunk(event)
        for _ in drip(b" "):
            yield chunk(b" ")

    with HostileServer(quiet) as server:
        start = time.monotonic()
        events = list(connected(kubeconfig=server.kubeconfig(tmp_path), timeout=0.5).watch(PODS, seconds=1))
    assert [each.object for each in events] == [{"kind": "Pod"}]
    assert 1.2 < time.monotonic() - start < 3


def test_completion_waits_for_no_drip(tmp_path: Path) -> None:
    with HostileServer(SLOW["body"]) as server:
        start = time.monotonic()
        with pytest.raises(TimeoutError):
            complete_names(Access(kubeconfig=server.kubeconfig(tmp_path)), NAMESPACES, 0.3)
    assert time.monotonic() - start < 2


# Size


LARGE = {
    "plain": lambda: [of_length(b"{" + b" " * (3 << 20))],
    "promised": lambda: [HEAD + b"Content-Length: 99999999999\r\n\r\n", *[b" " * (1 << 20)] * 4],
    "chunks": lambda: endless(b"10000\r\n" + b" " * 65536 + b"\r\n"),
    "until-the-end": lambda: endless(b" " * 65536, HEAD + b"Connection: close\r\n\r\n"),
    "gzip": lambda: [of_length(bomb(50 << 20), b"Content-Encoding: gzip")],
    "gzip-members": lambda: [of_length(gzip.compress(b" " * (1 << 20)) * 5, b"Content-Encoding: gzip")],
    "gzip-empty-members": lambda: endless(
        b"14\r\n" + gzip.compress(b"")[:20] + b"\r\n",
        CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n"),
    ),
    "chunk-size": lambda: endless(b"0" * 65536),
    "chunk-extension": lambda: endless(b"x" * 65536, CHUNKED + b"1;"),
    "trailers": lambda: endless(b"X: y\r\n", CHUNKED + b"2\r\n{}\r\n0\r\n"),
    "an-error": lambda: [b"HTTP/1.1 500 Oh\r\nContent-Length: 99999999999\r\n\r\n", *[b" " * (1 << 20)] * 4],
}
MANY = {
    "numbers": b'{"items": [' + b"1," * 3000 + b"1]}",
    "objects": b'{"items": [' + b"{}," * 3000 + b"{}]}",
    "fields": b'{"a":1' + b',"a":1' * 3000 + b"}",
    "lists": b'{"items": [' + b"[[]]," * 3000 + b"{}]}",
    "behind-quotes": b'{"\\"": "\\\\", "items": [' + b"1," * 3000 + b"1]}",
}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lower limits, so that the tests are fast."""
    monkeypatch.setattr(wire, "MOST_BYTES", 2 << 20)
    monkeypatch.setattr(wire, "MOST_LINE", 1 << 20)
    monkeypatch.setattr(answers, "MOST_VALUES", 3000)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", LARGE)
def test_a_large_answer_is_not_read(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "pause", lambda *_: 0)
    with HostileServer(LARGE[kind]) as server:
        code, _ = preview(server.kubeconfig(tmp_path))
        url = server.url
    shown = capsys.readouterr().err.splitlines()[-1]
    remedy = "Ask for fewer objects with `-n`, `-l` or a name, and check that it is an API server."
    what = f"isvclog: error: `{url}`, the server of context `test`,"
    assert code == 3
    assert shown == f"{what} sent an answer of more than 64 MiB. {remedy}" or (
        # New releases of urllib3 limit this themselves.
        kind in ("chunk-size", "chunk-extension") and shown.startswith(f"{what} cut the connection.")
    )


@pytest.mark.parametrize("encoding", ["deflate", "br", "gzip, gzip", "zstd", "x"])
def test_no_other_compression_is_read(encoding: str, tmp_path: Path, connected: Any) -> None:
    script = lambda: [of_length(zlib.compress(b"{}"), f"Content-Encoding: {encoding}".encode())]  # noqa: E731
    with HostileServer(script) as server, pytest.raises(ClusterError, match="cannot be read"):
        connected(kubeconfig=server.kubeconfig(tmp_path)).get(PODS, "a", "ml")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", MANY)
def test_many_values_are_not_parsed(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers.json, "loads", None)
    with HostileServer(lambda: [of_length(MANY[kind])]) as server:
        code, _ = preview(server.kubeconfig(tmp_path))
    assert "sent an answer of more than 2,000,000 values. Ask for fewer" in capsys.readouterr().err
    assert code == 3


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("text", [b"," * 9000, b"[{" * 5000, b'\\",' * 3000, b"\\\\"])
def test_punctuation_in_a_text_is_no_value(text: bytes, tmp_path: Path, connected: Any) -> None:
    body = b'{"a": "' + text + b'", "b": [' + b"1," * 2900 + b"1]}"
    with HostileServer(lambda: [of_length(body)]) as server:
        found = connected(kubeconfig=server.kubeconfig(tmp_path)).get(PODS, "a", "ml")
    assert len(found["b"]) == 2901


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("script", "said"),
    [
        (lambda: endless(b"x" * 65536, HEAD + b"\r\n"), "more than a line of 16 MiB"),
        (lambda: endless(b"1\r\nx\r\n" * 9999, CHUNKED), "more than a line of 16 MiB"),
        (lambda: [CHUNKED, chunk(MANY["numbers"] + b"\n")], "more than 2,000,000 values"),
    ],
)
def test_a_long_line_of_a_watch_is_not_read(
    script: Callable[[], Iterable[bytes]], said: str, tmp_path: Path, connected: Any
) -> None:
    with HostileServer(script) as server, pytest.raises(ClusterError) as caught:
        list(connected(kubeconfig=server.kubeconfig(tmp_path)).watch(PODS))
    assert said in str(caught.value)


@pytest.mark.usefixtures("small")
def test_a_watch_may_be_long(tmp_path: Path, connected: Any) -> None:
    line = b'{"type": "BOOKMARK", "object": {"a": "' + b"x" * 900_000 + b'"}}\n'
    with HostileServer(lambda: [CHUNKED, *[chunk(line)] * 9]) as server:
        events = connected(kubeconfig=server.kubeconfig(tmp_path)).watch(PODS)
        assert len([next(events) for _ in range(9)]) == 9
        events.close()


# Pages


@pytest.mark.usefixtures("small")
def test_smaller_pages_are_asked_for(api: ApiServer, connected: Any) -> None:
    api.add(*(service(f"s{n:02}", annotations={"x": "y" * 200_000}) for n in range(20)))
    found = [item["metadata"]["name"] for item in connected().list(INFERENCE_SERVICES)]
    assert found == [f"s{n:02}" for n in range(20)]
    assert [request.query["limit"] for request in api.requests][:4] == ["500", "50", "5", "5"]


def test_pages_become_as_large_as_fits_if_clusters_share_the_memory(api: ApiServer, connected: Any) -> None:
    api.add_all(service(f"s{n:04}", annotations={"x": "y" * 50_000}) for n in range(600))
    found = list(connected(memory=Memory(4)).list(INFERENCE_SERVICES))
    assert len(found) == 600
    limits = [int(request.query["limit"]) for request in api.requests]
    assert limits[:2] == [500, 50]
    assert all(80 < limit < 90 for limit in limits[2:])


def test_one_object_that_is_too_large(api: ApiServer, connected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_BYTES", 1 << 10)
    api.add(service("a", annotations={"x": "y" * 2000}))
    with pytest.raises(ClusterError, match="more than 64 MiB"):
        list(connected().list(INFERENCE_SERVICES))
    assert [request.query["limit"] for request in api.requests] == ["500", "50", "5", "1"]


def test_a_list_has_an_end(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_MOST_OBJECTS", 500)
    with Pages(lambda number: page(number, count=50)) as api:
        code = main(["lint", "--live", "-A", "--kubeconfig", api.kubeconfig(tmp_path)])
        asked = [request for request in api.requests if request.path.endswith("inferenceservices")]
    assert "has more than 500 objects in the list of " in capsys.readouterr().err
    assert (code, len(asked)) == (3, 11)


def test_a_list_that_is_kept_may_have_64_mebibytes(
    api: ApiServer, connected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "_MOST_KEPT", 1000)
    for number in range(9):
        api.add(
            {"kind": "ServingRuntime", "metadata": {"namespace": "ml", "name": f"r{number}"}, "spec": {"x": "y" * 300}}
        )
    with pytest.raises(ClusterError, match="has more than 0 MiB in the list of `servingruntimes"):
        list(connected().list(SERVING_RUNTIMES, limit=1))
    api.add(*(service(f"s{number}", annotations={"x": "y" * 300}) for number in range(9)))
    assert len(list(connected().list(INFERENCE_SERVICES, limit=1))) == 9
