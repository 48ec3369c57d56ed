"""The Model Context Protocol on standard input and output: one JSON-RPC message in each line.

Source: modelcontextprotocol.io/specification/2025-11-25, basic/lifecycle, basic/transports and server/tools.
"""

import json
from collections.abc import Mapping
from threading import Lock, Semaphore, Thread
from time import monotonic
from typing import Any, BinaryIO

from isvclog import __version__
from isvclog.agents.running import ToolProcess
from isvclog.agents.tools import TOOLS, ToolError, ToolRun, build_run, describe_tools

VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
"""Versions of the protocol, the newest first. What is used of it is the same in all of them."""
MOST_LINE = 32 * 1024 * 1024
"""The longest message, in bytes."""
MOST_CALLS = 4
"""Calls that run at once; others wait."""
MOST_PENDING = 32
"""Calls that run or wait; more are refused."""
MOST_SECONDS_AT_END = 30.0
"""The time that calls have left when the client has closed its end."""

_PARSE_ERROR, _INVALID_REQUEST, _NO_METHOD, _INVALID_PARAMS = -32700, -32600, -32601, -32602
_INSTRUCTIONS = (
    "isvclog knows what KServe's inference logger really does with an InferenceService. After writing or changing a "
    "manifest with a logger, call lint; call preview to see the events it will send, explain for the reason behind a "
    "rule, and fix for a diff to apply."
)


class _Refused(Exception):
    """A message that gets an error instead of a result."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class AgentServer:
    """A server for one client. Calls of tools run beside each other; everything else is answered at once."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO) -> None:
        self._reader, self._writer = reader, writer
        self._writing, self._changing = Lock(), Lock()
        self._runs: dict[str | int, ToolProcess] = {}
        self._threads: list[Thread] = []
        self._slots = Semaphore(MOST_CALLS)

    def serve(self) -> None:
        """Answer messages until the client closes its end; calls that run then have some seconds left."""
        try:
            while line := self._reader.readline(MOST_LINE + 1):
                if len(line) > MOST_LINE:
                    self._send_error(None, _INVALID_REQUEST, f"a message has more than {MOST_LINE:,} bytes")
                    return
                if line.strip():
                    self._receive(line)
        finally:
            end = monotonic() + MOST_SECONDS_AT_END
            for thread in self._threads:
                thread.join(max(0, end - monotonic()))
            for run in list(self._runs.values()):
                run.cancel()

    def _receive(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            self._send_error(None, _PARSE_ERROR, "this is not JSON")
            return
        # A batch, which versions before 2025-06-18 have, is answered message by message.
        for each in message if isinstance(message, list) and message else [message]:
            self._answer(each)

    def _answer(self, message: Any) -> None:
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            self._send_error(None, _INVALID_REQUEST, "this is not a message of JSON-RPC 2.0")
        elif "method" in message:  # else it is an answer, though nothing was asked
            params = message.get("params")
            params = params if isinstance(params, dict) else {}
            if "id" in message:
                self._answer_request(message["method"], params, message["id"])
            elif message["method"] == "notifications/cancelled":
                self._cancel(params.get("requestId"))

    def _answer_request(self, method: Any, params: Mapping[str, Any], key: Any) -> None:
        if not isinstance(key, str | int) or isinstance(key, bool):
            self._send_error(None, _INVALID_REQUEST, "an id must be a string or a whole number")
            return
        try:
            result = self._result(method, params, key)
        except _Refused as refused:
            self._send_error(key, refused.code, str(refused))
            return
        if result is not None:
            self._send({"id": key, "result": result})

    def _result(self, name: Any, params: Mapping[str, Any], key: str | int) -> dict[str, Any] | None:
        """Return the result for a request; None if it follows later. Raises _Refused."""
        match name:
            case "initialize":
                return _greeting(params.get("protocolVersion"))
            case "ping":
                return {}
            case "tools/list":
                return {"tools": describe_tools()}
            case "tools/call":
                self._call(params, key)
                return None
        raise _Refused(_NO_METHOD, f"there is no method {name!r:.80}")

    def _call(self, params: Mapping[str, Any], key: str | int) -> None:
        name, arguments = params.get("name"), params.get("arguments", {})
        tool = TOOLS.get(name) if isinstance(name, str) else None
        if tool is None:
            raise _Refused(_INVALID_PARAMS, f"there is no tool {name!r:.80}; the tools are {', '.join(TOOLS)}")
        if not isinstance(arguments, dict):
            raise _Refused(_INVALID_PARAMS, "arguments must be an object")
        run = ToolProcess()
        with self._changing:
            if key in self._runs:
                raise _Refused(_INVALID_REQUEST, "a request with this id is running")
            if len(self._runs) >= MOST_PENDING:
                raise _Refused(_INVALID_REQUEST, f"{MOST_PENDING} calls are running or waiting; wait for one of them")
            self._runs[key] = run
        try:
            line = build_run(tool, arguments)
        except ToolError as error:
            self._finish(key, run, _failure(str(error)))
        else:
            thread = Thread(target=self._run, args=(key, run, line), daemon=True)
            self._threads = [other for other in self._threads if other.is_alive()] + [thread]
            thread.start()

    def _run(self, key: str | int, run: ToolProcess, line: ToolRun) -> None:
        """Run a call as soon as fewer than MOST_CALLS run, and answer it."""
        with self._slots:
            result = _outcome(run, line)
        self._finish(key, run, result)

    def _finish(self, key: str | int, run: ToolProcess, result: dict[str, Any]) -> None:
        with self._changing:
            del self._runs[key]
        if not run.is_cancelled:  # a client that cancels waits for no answer
            self._send({"id": key, "result": result})

    def _cancel(self, key: Any) -> None:
        run = self._runs.get(key) if isinstance(key, str | int) else None
        if run is not None:
            run.cancel()

    def _send_error(self, key: str | int | None, code: int, message: str) -> None:
        self._send({"id": key, "error": {"code": code, "message": message}})

    def _send(self, message: Mapping[str, Any]) -> None:
        line = json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n"
        with self._writing:
            self._writer.write(line)
            self._writer.flush()


def _greeting(version: Any) -> dict[str, Any]:
    return {
        "protocolVersion": version if version in VERSIONS else VERSIONS[0],
        "capabilities": {"tools": {}},
        "serverInfo": {"name": "isvclog", "title": "isvclog", "version": __version__},
        "instructions": _INSTRUCTIONS,
    }


def _outcome(run: ToolProcess, line: ToolRun) -> dict[str, Any]:
    """Run a command line, and return the result of the tool."""
    try:
        ended = run.run(line)
    except (ToolError, OSError) as error:
        return _failure(str(error))
    if ended.code not in (0, 1):
        return _failure(ended.err.strip() or ended.out.strip())
    texts = [text for text in (ended.out.rstrip("\n"), ended.err.rstrip("\n")) if text]
    result: dict[str, Any] = {"content": [{"type": "text", "text": text} for text in texts], "isError": False}
    if line.prints_json:
        result["structuredContent"] = json.loads(ended.out)
    return result


def _failure(sentence: str) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": sentence}], "isError": True}
