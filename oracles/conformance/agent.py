"""Run the measured cases of the agent against another build of it, and print what it does otherwise.

    python3 oracles/conformance/agent.py AGENT [NAME ...]

AGENT is the program that `go build ./cmd/agent` makes in a checkout of KServe. With names, only these cases are run. The
cases are `startup.json`, `startup_long.json` and `events.json` of `tests/conformance`. Needs Linux and Python 3.11, and nothing else: the model
and the sink are servers of this program, on loopback. The agent's port 9081 has to be free.
"""

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, NamedTuple

CASES = Path(__file__).resolve().parents[2] / "tests" / "conformance"
PORT = 9081
SECONDS = 5.0
SILENCE = 0.3
"""How long no further event may come before it is taken that none will."""
BLOB = ("s3", "gs", "abfs")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{0,8}[1-9])?Z")
UUID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CHANGING = {"Ce-Time": (TIME, "<TIME>"), "Ce-Recordedtime": (TIME, "<RECORDED>"), "Ce-Id": (UUID, "<UUID>")}

Case = dict[str, Any]


class Message(NamedTuple):
    """A message of HTTP/1.1, without what frames its body."""

    first_line: str
    headers: list[tuple[str, str]]
    body: bytes


class Ended(Exception):
    """The agent ended; the argument is its exit code, and what it wrote."""


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    agent, names = os.path.abspath(arguments[0]), set(arguments[1:])
    run, skipped, differing = 0, 0, 0
    for file, check, skip in FILES:
        for case in json.loads((CASES / f"{file}.json").read_text("ascii")):
            if names and case["name"] not in names:
                continue
            if skip(case):
                skipped += 1
                continue
            run += 1
            measured = check(agent, case)
            expected = {key: case[key] for key in measured}
            if measured != expected:
                differing += 1
                print(f"{file}.json {case['name']}")
                for key in measured:
                    if measured[key] != expected[key]:
                        print(f"  {key}\n    recorded {expected[key]!r}\n    measured {measured[key]!r}")
    print(f"Ran {run} cases, {differing} of which differ; {skipped} need storage or HTTP/2 and were not run.")
    return int(differing > 0)


def stores(case: Case) -> bool:
    """Check whether the agent of a case would reach for the storage of a cloud, which the measured one does not."""
    return case["exit"] is None and url_of(case).lower().startswith(BLOB)


def cannot_exchange(case: Case) -> bool:
    return bool(case.get("protocol") or case.get("uploads") or url_of(case).lower().startswith(BLOB))


def url_of(case: Case) -> str:
    arguments = case["args"]
    url: str = arguments[arguments.index("--log-url") + 1] if "--log-url" in arguments else ""
    return url


# Starting the agent ---------------------------------------------------------------------------------------------------


@contextmanager
def running(agent: str, case: Case, *more: str, environment: dict[str, str] | None = None) -> Iterator[None]:
    """Run the agent until it listens, and kill it afterwards. Raises Ended, and OSError if it cannot be started."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", PORT))  # fails if something else listens, which would be asked instead
    given = case.get("env")
    variables = probe(8080) if given is None else given
    with subprocess.Popen(
        [agent, *case["args"], *more],
        env=variables | (environment or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as process:
        written: list[str] = []
        assert process.stderr is not None
        reader = threading.Thread(target=lambda lines: written.extend(lines), args=(process.stderr,))
        reader.start()
        try:
            while not is_listening():
                if process.poll() is not None:
                    reader.join()
                    raise Ended(process.returncode, "".join(written))
                time.sleep(0.005)
            yield
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            reader.join()


def probe(port: int) -> dict[str, str]:
    """Return the environment of an agent whose model is ready when a port is open."""
    return {"SERVING_READINESS_PROBE": json.dumps({"tcpSocket": {"port": port, "host": "127.0.0.1"}})}


def is_listening() -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", PORT), 1):
        return True
    return False


def startup(agent: str, case: Case) -> dict[str, Any]:
    """Start the agent, and return how that ended."""
    exit_code, refused, text = None, None, ""
    try:
        with running(agent, case):
            pass
    except Ended as end:
        exit_code, text = end.args
    except OSError as error:
        refused = "E2BIG" if error.errno == 7 else str(error)
    piece = case["stderr_contains"]
    return {
        "exit": exit_code,
        "exec_error": refused,
        "stderr_contains": piece if piece is None or piece in text else text[-400:],
    }


# Exchanges ------------------------------------------------------------------------------------------------------------


class Server(ThreadingTCPServer):
    """A server on a free port of loopback; it remembers the requests, and answers with bytes or nothing."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, answer: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.requests: list[Message] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class Handler(StreamRequestHandler):
    """One connection with one exchange."""

    server: Server

    def handle(self) -> None:
        with suppress(OSError, ValueError):
            if message := read_message(self.rfile):
                self.server.requests.append(message)
                self.wfile.write(self.server.answer)


def read_message(file: Any) -> Message | None:
    """Read a request; None if the connection ends before it does."""
    first = file.readline()
    headers = []
    while (line := file.readline()) not in (b"\r\n", b""):
        name, _, value = line.removesuffix(b"\r\n").partition(b": ")
        headers.append((name.decode("latin-1"), value.decode("latin-1")))
    lower = {name.lower(): value for name, value in headers}
    if not first or not line:
        return None
    if "chunked" in lower.get("transfer-encoding", ""):
        body = b""
        while size := int(file.readline().split(b";")[0], 16):
            body += file.read(size)
            file.readline()
    else:
        body = file.read(int(lower.get("content-length", 0)))
    return Message(first.decode("latin-1").strip(), headers, body)


def events(agent: str, case: Case) -> dict[str, Any]:
    """Send the request of a case through the agent, and return what the client saw and what arrived at the sink."""
    sink_status = case.get("sink_status") or 200
    with Server(answer_of(case)) as model, Server(close(f"HTTP/1.1 {sink_status} Any", b"")) as sink:
        if case["response"] is None:
            model.shutdown()
            model.server_close()
        # The sink is a proxy, so that a host of any name is reached.
        environment = probe(model.port) | {"HTTP_PROXY": f"http://127.0.0.1:{sink.port}"}
        try:
            with running(agent, case, "--component-port", str(model.port), environment=environment):
                status = send(case["request"])
                wait_for(sink, len(case["events"]))
        except Ended as end:
            return {"client_status": end.args, "events": []}
        arrived = [described(message) for message in sink.requests]
    order = {text: index for index, text in enumerate(map(kind, case["events"]))}
    return {"client_status": status, "events": sorted(arrived, key=lambda event: order.get(kind(event), 9))}


def answer_of(case: Case) -> bytes:
    """Return the bytes of the model's answer."""
    response = case["response"]
    if response is None:
        return b""
    headers = [f"{name}: {text(value)}" for name, value in response["headers"]]
    names = {name.lower(): value for name, value in response["headers"]}
    body = base64.b64decode(response["body_b64"])
    if "transfer-encoding" in names:
        body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    elif "content-length" not in names and response["status"] not in (204, 304):
        headers.append(f"Content-Length: {len(body)}")
    return close("\r\n".join([f"HTTP/1.1 {response['status']} Any", *headers]), body, framed=True)


def close(head: str, body: bytes, *, framed: bool = False) -> bytes:
    """Build an answer behind which the connection ends."""
    length = "" if framed else f"Content-Length: {len(body)}\r\n"
    return f"{head}\r\n{length}Connection: close\r\n\r\n".encode("latin-1") + body


def send(request: Case) -> int | None:
    """Send a request to the agent; return the status of the whole answer, or None if that is broken."""
    lines = [f"{request['method']} {request['path']} HTTP/1.1"]
    lines += [f"{name}: {text(value)}" for name, value in request["headers"]]
    wire = "".join(f"{line}\r\n" for line in [*lines, ""]).encode("latin-1") + base64.b64decode(request["body_b64"])
    from http.client import HTTPException, HTTPResponse

    with socket.create_connection(("127.0.0.1", PORT), SECONDS) as connection:
        connection.sendall(wire)
        response = HTTPResponse(connection, method=request["method"])
        try:
            response.begin()
            response.read()
        except (HTTPException, OSError):
            return None
        return response.status


def wait_for(sink: Server, count: int) -> None:
    """Wait for so many events, and for a moment in which no other comes."""
    end = time.monotonic() + SECONDS
    while len(sink.requests) < count and time.monotonic() < end:
        time.sleep(0.005)
    time.sleep(SILENCE if count == 0 else SILENCE / 6)


def described(message: Message) -> dict[str, Any]:
    """Describe an event as the recorded cases do; random and changing values become placeholders."""
    method, target = message.first_line.removesuffix(" HTTP/1.1").split(" ", 1)
    target = re.sub("^http://[^/?]*", "", target)
    result: dict[str, Any] = {"target_path": target if method == "POST" else f"{method} {target}", "headers": []}
    for name, value in message.headers:
        shown = recorded(value)
        if name == "Host":
            result["host"], shown = shown, "<HOST>"
        elif (pattern := CHANGING.get(name)) and pattern[0].fullmatch(value):
            shown = pattern[1]
        result["headers"].append([name, shown])
    return result | {"body_b64": base64.b64encode(message.body).decode()}


def kind(event: dict[str, Any]) -> str:
    """Return the type of an event, by which those of a case are sorted, because either may arrive first."""
    return next((str(value) for name, value in event["headers"] if name == "Ce-Type"), "")


def text(value: Any) -> str:
    """Return a recorded value as it is on the wire, byte by byte."""
    data = value.encode() if isinstance(value, str) else base64.b64decode(value["b64"])
    return str(data.decode("latin-1"))


def recorded(value: str) -> Any:
    data = value.encode("latin-1")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(data).decode()}


FILES = (("startup", startup, stores), ("startup_long", startup, stores), ("events", events, cannot_exchange))
"""The files of cases, the functions that measure one, and those that say which cannot be measured."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
