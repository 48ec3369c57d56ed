"""Clients that break the protocol: each request is answered, nothing is shown, and the server ends when they do."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pygls", reason="pygls is not installed: pip install 'isvclog[editor]'")

from editor_client import TIMEOUT

EXAMPLE = Path(__file__).parents[2] / "examples" / "11-comma.yaml"
TEXT = EXAMPLE.read_text(encoding="utf-8")
NO_METHOD, INVALID_PARAMS, INVALID_REQUEST, NOT_INITIALIZED, CANCELLED = -32601, -32602, -32600, -32002, -32800
URI = "file:///project/isvc.yaml"
DOCUMENT = {"uri": URI}


class RawClient:
    """A client that sends what it is told. `others` are the messages that were no answer."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process, self.others = process, list[Any]()
        self._id = 0

    async def write(self, data: bytes) -> None:
        """Send bytes."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        await self.process.stdin.drain()

    async def send(self, **message: Any) -> None:
        """Send a message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        await self.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    async def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        await self.send(method=method, params=params)

    async def ask(self, method: str, params: Any = None) -> int:
        """Send a request; return its number."""
        self._id += 1
        await self.send(id=self._id, method=method, params=params)
        return self._id

    async def receive(self) -> Any:
        """Wait for the next message."""
        output = self.process.stdout
        assert output is not None
        length = 0
        while (line := await asyncio.wait_for(output.readline(), TIMEOUT)) != b"\r\n":
            assert line, "the server has ended"
            name, _, value = line.partition(b":")
            length = int(value) if name == b"Content-Length" else length
        return json.loads(await output.readexactly(length))

    async def answer(self, number: int) -> Any:
        """Wait for the answer to a request."""
        while True:
            message = await self.receive()
            if message.get("id") == number and "method" not in message:
                return message
            self.others.append(message)

    async def error(self, method: str, params: Any = None) -> int | None:
        """Send a request; return the code of the error in its answer, or None."""
        answer = await self.answer(await self.ask(method, params))
        code: int | None = answer.get("error", {}).get("code")
        return code

    async def greet(self, **capabilities: Any) -> None:
        """Begin."""
        assert (
            await self.error("initialize", {"processId": None, "rootUri": None, "capabilities": capabilities}) is None
        )
        await self.notify("initialized", {})

    async def open(self, text: str = TEXT, uri: str = URI) -> None:
        """Open a document."""
        item = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        await self.notify("textDocument/didOpen", {"textDocument": item})

    async def change(self, text: str, uri: str = URI, **more: Any) -> None:
        """Change a document."""
        identifier = {"uri": uri, "version": 2}
        params = {"textDocument": identifier, "contentChanges": [{"text": text, **more}]}
        await self.notify("textDocument/didChange", params)

    async def rules(self, uri: str = URI) -> list[str]:
        """Wait for the diagnostics of a document; return their rules."""
        while True:
            message = await self.receive()
            params = message.get("params", {})
            if message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == uri:
                return [each["code"] for each in params["diagnostics"]]
            self.others.append(message)

    async def end(self) -> tuple[int, bytes]:
        """Close the pipe; return the exit code and what was written to standard error."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        _, errors = await asyncio.wait_for(self.process.communicate(), TIMEOUT)
        return self.process.returncode or 0, errors


def talk(folder: Path, steps: Callable[[RawClient], Coroutine[Any, Any, None]]) -> RawClient:
    """Start a server, take the steps, and wait for its end, of which it writes nothing."""

    async def run() -> RawClient:
        pipe = asyncio.subprocess.PIPE
        code = "from isvclog.cli.main import run; run()"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", code, "server"),
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            cwd=folder,
            env={**os.environ, "TMPDIR": str(folder)},
        )
        client = RawClient(process)
        await steps(client)
        _, errors = await client.end()
        assert errors == b""
        return client

    return asyncio.run(run())


def position(line: int, character: int) -> dict[str, Any]:
    return {"textDocument": DOCUMENT, "position": {"line": line, "character": character}}


async def nothing(client: RawClient) -> None:
    pass


async def only_exit(client: RawClient) -> None:
    await client.notify("exit")


async def exit_without_shutdown(client: RawClient) -> None:
    await client.greet()
    await client.notify("exit")


async def shutdown_and_exit(client: RawClient) -> None:
    await client.greet()
    assert await client.error("shutdown") is None
    assert await client.error("textDocument/hover", position(0, 0)) == INVALID_REQUEST
    await client.notify("exit")


@pytest.mark.parametrize(
    ("steps", "code"), [(nothing, 0), (only_exit, 1), (exit_without_shutdown, 1), (shutdown_and_exit, 0)]
)
def test_the_exit_code_says_whether_the_end_was_announced(
    steps: Callable[[RawClient], Coroutine[Any, Any, None]], code: int, tmp_path: Path
) -> None:
    assert talk(tmp_path, steps).process.returncode == code


def test_messages_at_the_wrong_time(tmp_path: Path) -> None:
    async def steps(client: RawClient) -> None:
        assert await client.error("textDocument/hover", position(0, 0)) == NOT_INITIALIZED
        await client.open()
        await client.greet()
        assert (
            await client.error("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
            == INVALID_REQUEST
        )
        await client.change(TEXT)
        await client.notify("textDocument/didClose", {"textDocument": DOCUMENT})
        await client.open()
        assert await client.rules() == ["crashing-annotation"]
        await client.notify("textDocument/didClose", {"textDocument": DOCUMENT})
        assert await client.rules() == []
        await client.change(TEXT)
        await client.notify("textDocument/didClose", {"textDocument": DOCUMENT})
        await client.open("kind: InferenceService\n")
        await client.open()
        while not await client.rules():
            pass

    assert talk(tmp_path, steps).others == []


def test_requests_that_are_none_of_the_protocol(tmp_path: Path) -> None:
    async def steps(client: RawClient) -> None:
        await client.greet()
        hover = "textDocument/hover"
        for method, params, code in (
            ("foo/bar", {}, NO_METHOD),
            ("$/foo", {}, NO_METHOD),
            ("workspace/executeCommand", {"command": "foo"}, INVALID_PARAMS),
            ("workspace/executeCommand", {"command": "isvclog.preview", "arguments": [URI]}, INVALID_PARAMS),
            ("workspace/executeCommand", {"command": "isvclog.preview", "arguments": [URI, "x", ""]}, INVALID_PARAMS),
            (hover, None, INVALID_PARAMS),
            (hover, {"textDocument": DOCUMENT, "position": {"line": -1, "character": 0}}, INVALID_PARAMS),
            (hover, position(2**31 - 1, 2**31 - 1), None),
        ):
            assert await client.error(method, params) == code, (method, params)
        for body in (b'{"a":', b"[]", b"null", b'"x"', b'{"jsonrpc": "2.0", "id": 99, "result": 1}', b"\xff"):
            await client.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        await client.write(b"no header\r\n\r\n")
        await client.notify("textDocument/didOpen", {"x": 1})
        await client.notify("$/cancelRequest", {"id": "never sent"})
        assert await client.error(hover, position(0, 0)) is None

    assert talk(tmp_path, steps).others == []


def test_places_that_a_document_does_not_have(tmp_path: Path) -> None:
    def span(*numbers: int) -> dict[str, Any]:
        line, character, end_line, end = numbers
        return {"start": {"line": line, "character": character}, "end": {"line": end_line, "character": end}}

    async def steps(client: RawClient) -> None:
        await client.greet()
        await client.open(TEXT.replace("alice", "\U0001f600alice"))
        assert await client.rules() == ["non-ascii-annotation", "crashing-annotation"]
        for line in (0, 7, 10_000):
            for character in (0, 31, 32, 10_000):
                assert await client.error("textDocument/hover", position(line, character)) is None
                assert await client.error("textDocument/completion", position(line, character)) is None
        for at in (span(9000, 0, 9000, 9), span(9, 0, 2, 0)):
            params = {"textDocument": DOCUMENT, "range": at, "context": {"diagnostics": []}}
            assert await client.error("textDocument/codeAction", params) is None
        # The server asks for whole texts, so a range says nothing.
        await client.change(TEXT, range=span(9000, 0, 9001, 5))
        assert await client.rules() == ["crashing-annotation"]
        for uri in ("file:///a%00b.yaml", "file:///%zz.yaml", "untitled:Untitled-1", "::", "file://server/x.yaml"):
            await client.open(uri=uri)
            assert await client.rules(uri) == ["crashing-annotation"]

    assert talk(tmp_path, steps).others == []


def test_a_request_can_be_cancelled(tmp_path: Path) -> None:
    async def steps(client: RawClient) -> None:
        await client.greet()
        await client.open("\n---\n".join([TEXT] * 100))
        await client.ask("textDocument/codeLens", {"textDocument": DOCUMENT})
        numbers = [await client.ask("textDocument/hover", position(0, 0)) for _ in range(3)]
        for number in numbers:
            await client.notify("$/cancelRequest", {"id": number})
        for number in numbers:
            answer = await client.answer(number)
            # One that is answered already cannot be cancelled.
            assert answer.get("error", {"code": CANCELLED})["code"] == CANCELLED
        assert await client.error("textDocument/hover", position(0, 0)) is None

    talk(tmp_path, steps)


def test_settings_that_a_client_does_not_give(tmp_path: Path) -> None:
    answers: list[dict[str, Any]] = [
        {"error": {"code": NO_METHOD, "message": "no"}},
        {"error": 5},
        {"result": None},
        {"result": 5},
        {"result": []},
    ]

    async def steps(client: RawClient) -> None:
        await client.greet(workspace={"configuration": True})
        for answer in answers:
            asked = await client.receive()
            assert asked["method"] == "workspace/configuration"
            await client.send(id=asked["id"], **answer)
            await client.notify("workspace/didChangeConfiguration", {"settings": None})
        await client.open()
        assert await client.rules() == ["crashing-annotation"]

    (asked,) = talk(tmp_path, steps).others
    assert asked["method"] == "workspace/configuration"


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of Unix")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_server_and_removes_its_files(name: str, tmp_path: Path) -> None:
    number = signal.Signals[name]

    async def steps(client: RawClient) -> None:
        await client.greet()
        await client.open()
        preview = {"command": "isvclog.preview", "arguments": [URI, 0, ""]}
        assert await client.error("workspace/executeCommand", preview) is None
        assert list(tmp_path.glob("isvclog-*/*.preview.txt"))
        client.process.send_signal(number)
        await asyncio.wait_for(client.process.wait(), TIMEOUT)

    assert talk(tmp_path, steps).process.returncode == 128 + number
    assert list(tmp_path.iterdir()) == []


def test_the_server_ends_with_its_client(tmp_path: Path) -> None:
    """A client that is killed says nothing: its pipes close, while the server is busy."""

    async def steps(client: RawClient) -> None:
        await client.greet()
        await client.open("kind: InferenceService\nspec: " + "[" * 100_000)
        await client.open("\n---\n".join([TEXT] * 300), "file:///project/other.yaml")
        reads: Awaitable[Any] = client.receive()
        await reads

    assert talk(tmp_path, steps).process.returncode == 0
