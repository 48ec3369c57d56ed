import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from planting import token

from isvclog.agents import running, server
from isvclog.agents.running import ToolProcess
from isvclog.agents.tools import TOOLS, ToolError, ToolRun, build_run

COMMAND = [sys.executable, "-m", "isvclog", "mcp"]
MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  annotations: {example.com/team: "a, b", example.com/token: SECRET}
spec:
  predictor:
    logger:
      mode: all
      url: http://sink
      metadataHeaders: [x-request-id]
      metadataAnnotations: [example.com/team, example.com/token]
    model: {modelFormat: {name: sklearn}}
""".replace("SECRET", token(7))


def exchange(*messages: Any, folder: Path) -> list[dict[str, Any]]:
    """Send messages, text as it is, close standard input, and return what was answered, in the order of the ids."""
    lines = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in messages)
    done = subprocess.run(COMMAND, input=lines.encode(), cwd=folder, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert token(7).encode() not in done.stdout
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return sorted(answers, key=lambda answer: str(answer["id"]))


def request(key: Any, method: str, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": key, "method": method, "params": params}


def call(key: Any, tool: str, **arguments: Any) -> dict[str, Any]:
    return request(key, "tools/call", name=tool, arguments=arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "isvc.yaml").write_text(MANIFEST)
    (tmp_path / "outside.yaml").write_text(MANIFEST)
    (tmp_path / "work" / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (tmp_path / "work2").mkdir()
    (tmp_path / "work2" / "other.yaml").write_text(MANIFEST)
    (tmp_path / "work" / "linked").symlink_to(tmp_path / "work2")
    return tmp_path / "work"


@pytest.mark.parametrize(("asked", "answered"), [("2025-06-18", "2025-06-18"), ("1999-01-01", "2025-11-25")])
def test_the_version_of_the_protocol_is_agreed_upon(asked: str, answered: str, folder: Path) -> None:
    [answer] = exchange(request(1, "initialize", protocolVersion=asked, capabilities={}), folder=folder)
    assert answer["result"]["protocolVersion"] == answered
    assert answer["result"]["capabilities"] == {"tools": {}}


def test_each_tool_answers_and_nothing_is_written(folder: Path) -> None:
    before = (folder / "isvc.yaml").read_bytes()
    lint, text, preview, explain, fix, tools = exchange(
        call(1, "lint", paths=["isvc.yaml"]),
        call(2, "lint", manifest=MANIFEST, kserveVersion="0.14.0"),
        call(3, "preview", paths=["isvc.yaml"]),
        call(4, "explain", topic="no events arrive"),
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        "",
        folder=folder,
    ) + exchange(call(5, "fix", manifest=MANIFEST), request(6, "tools/list"), folder=folder)
    rules = [finding["rule"] for finding in lint["result"]["structuredContent"]["findings"]]
    assert "crashing-annotation" in rules
    assert "sensitive-annotation-value" in rules
    assert json.loads(lint["result"]["content"][0]["text"]) == lint["result"]["structuredContent"]
    assert "unknown-to-release" in {finding["rule"] for finding in text["result"]["structuredContent"]["findings"]}
    assert "THE AGENT DOES NOT START" in preview["result"]["content"][0]["text"]
    assert explain["result"]["content"][0]["text"].startswith("#")
    diff = fix["result"]["content"][0]["text"].splitlines()
    assert "+      metadataHeaders: [X-Request-Id]" in diff
    assert [tool["name"] for tool in tools["result"]["tools"]] == ["lint", "preview", "explain", "fix"]
    assert not any(answer["result"].get("isError") for answer in (lint, text, preview, explain, fix))
    assert (folder / "isvc.yaml").read_bytes() == before


@pytest.mark.parametrize("tool", ["lint", "fix", "preview"])
def test_no_link_in_a_folder_leads_out_of_it(tool: str, folder: Path) -> None:
    (folder / "inside").mkdir()
    (folder / "inside" / "again.yaml").write_text(MANIFEST)
    (folder / "link-inside").symlink_to(folder / "inside")
    (folder / "also.yaml").symlink_to(folder / "isvc.yaml")
    [answer] = exchange(call("a", tool, paths=["."]), folder=folder)
    text = answer["result"]["content"][0]["text"]
    assert "isvc.yaml" in text
    assert "again.yaml" in text
    assert not any(name in text for name in ("other.yaml", "link.yaml", "linked"))


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("lint", {}, "give either manifest, the text of one, or paths"),
        ("lint", {"manifest": "", "paths": ["."]}, "give either manifest"),
        ("lint", {"paths": ["../outside.yaml"]}, "'../outside.yaml' is not below the folder"),
        ("lint", {"paths": ["link.yaml"]}, "'link.yaml' is not below the folder"),
        ("lint", {"paths": ["/etc/hostname"]}, "'/etc/hostname' is not below"),
        ("lint", {"paths": ["--fix"]}, "--fix"),
        ("lint", {"paths": []}, "paths must be a list of strings with at least one"),
        ("lint", {"paths": ["a\0b"]}, "paths contains a NUL character"),
        ("lint", {"manifest": 1}, "manifest must be a string"),
        ("lint", {"manifest": "", "reveal": True}, "there is no argument 'reveal'; the arguments are manifest, paths"),
        ("lint", {"manifest": "", "kserveVersion": "9 --fix"}, "9 --fix"),
        ("fix", {"manifest": "", "unsafe": "yes"}, "unsafe must be true or false"),
        ("preview", {"paths": ["absent.yaml"]}, "absent.yaml"),
        ("explain", {"topic": "--help"}, "--help"),
    ],
)
def test_what_a_tool_cannot_take_is_told_to_the_agent(
    tool: str, arguments: dict[str, Any], sentence: str, folder: Path
) -> None:
    [answer] = exchange(call("a", tool, **arguments), folder=folder)
    assert answer["result"]["isError"]
    [content] = answer["result"]["content"]
    assert sentence in content["text"]
    assert "Usage:" not in content["text"]


@pytest.mark.parametrize(
    ("message", "key", "code"),
    [
        ("{", None, -32700),
        ("[" * 100_000, None, -32700),
        ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), None, -32700),
        ("1", None, -32600),
        ("[]", None, -32600),
        ({"id": 1, "method": "ping"}, None, -32600),
        (request(None, "ping"), None, -32600),
        (request(True, "ping"), None, -32600),
        (request(1.5, "ping"), None, -32600),
        (request(1, "resources/list"), 1, -32601),
        (request(1, "x" * 10_000), 1, -32601),
        (request(1, "tools/call", name="shell", arguments={}), 1, -32602),
        (request(1, "tools/call", name=["lint"]), 1, -32602),
        (request(1, "tools/call", name="lint", arguments=[1]), 1, -32602),
    ],
)
def test_a_bad_message_gets_an_error_and_the_next_one_an_answer(
    message: Any, key: int | None, code: int, folder: Path
) -> None:
    answers = exchange(message, {"jsonrpc": "2.0", "id": 0, "result": {}}, request("z", "ping"), folder=folder)
    by_id = {answer["id"]: answer for answer in answers}
    assert by_id["z"]["result"] == {}
    assert by_id[key]["error"]["code"] == code
    assert len(by_id[key]["error"]["message"]) < 200


def test_a_batch_is_answered_message_by_message(folder: Path) -> None:
    answers = exchange([request(1, "ping"), request(2, "ping")], folder=folder)
    assert [answer["id"] for answer in answers] == [1, 2]


def test_a_message_that_is_too_long_ends_the_session(folder: Path) -> None:
    lines = b"x" * (33 * 1024 * 1024)
    done = subprocess.run(COMMAND, input=lines, cwd=folder, capture_output=True, timeout=60, check=False)
    assert json.loads(done.stdout)["error"]["message"] == "a message has more than 33,554,432 bytes"


def test_a_module_in_the_folder_is_not_imported(folder: Path) -> None:
    for name in ("isvclog.py", "json.py", "yaml.py"):
        (folder / name).write_text("open('imported', 'w').close()\n")
    done = subprocess.run(
        [sys.executable, "-P", *COMMAND[1:]],
        input=(json.dumps(call(1, "lint", paths=["."])) + "\n").encode(),
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert not json.loads(done.stdout)["result"]["isError"]
    assert not (folder / "imported").exists()


def hanging() -> ToolRun:
    """A run that waits for an input that never ends."""
    return ToolRun(("sink", "--listen", "127.0.0.1:0"))


def test_a_run_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_SECONDS", 0.2)
    with pytest.raises(ToolError, match="took more than"):
        ToolProcess().run(hanging())


def test_a_run_that_prints_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_OUTPUT", 100)
    with pytest.raises(ToolError, match="name fewer files"):
        ToolProcess().run(build_run(TOOLS["lint"], {"manifest": MANIFEST}))


def test_a_run_can_be_cancelled_before_and_while_it_runs() -> None:
    run = ToolProcess()

    def cancel() -> None:
        while run._process is None:
            time.sleep(0.01)
        run.cancel()

    threading.Thread(target=cancel).start()
    assert run.run(hanging()).code < 0
    with pytest.raises(ToolError, match="cancelled"):
        run.run(hanging())


class HeldRun(ToolProcess):
    """A run that ends only when it is cancelled."""

    def __init__(self) -> None:
        super().__init__()
        self.end = threading.Event()

    def cancel(self) -> None:
        super().cancel()
        self.end.set()

    def run(self, line: ToolRun) -> running.Printed:
        self.end.wait()
        return running.Printed("", "", -9)


def held(monkeypatch: pytest.MonkeyPatch, *messages: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the answers to messages while no call ends on its own."""
    monkeypatch.setattr(server, "ToolProcess", HeldRun)
    monkeypatch.setattr(server, "MOST_SECONDS_AT_END", 0)
    lines, answers = "".join(json.dumps(message) + "\n" for message in messages), io.BytesIO()
    server.AgentServer(io.BytesIO(lines.encode()), answers).serve()
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_a_cancelled_call_is_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    answers = held(monkeypatch, call(1, "lint", manifest=""), cancel, request(2, "ping"))
    assert [answer["id"] for answer in answers] == [2]


def test_calls_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = [call(key, "lint", manifest="") for key in (0, 1, 1, *range(2, 33))]
    assert [(answer["id"], answer["error"]["message"]) for answer in held(monkeypatch, *calls)] == [
        (1, "a request with this id is running"),
        (32, "32 calls are running or waiting; wait for one of them"),
    ]


def test_calls_wait_for_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    running_now: list[int] = []
    most: list[int] = []

    class CountedRun(ToolProcess):
        def run(self, line: ToolRun) -> running.Printed:
            running_now.append(1)
            most.append(len(running_now))
            time.sleep(0.01)
            running_now.pop()
            return running.Printed(line.stdin, "", 0)

    monkeypatch.setattr(server, "ToolProcess", CountedRun)
    lines = "".join(json.dumps(call(key, "fix", manifest=str(key))) + "\n" for key in range(20))
    answers = io.BytesIO()
    server.AgentServer(io.BytesIO(lines.encode()), answers).serve()
    found = [json.loads(line) for line in answers.getvalue().splitlines()]
    assert {each["id"]: each["result"]["content"][0]["text"] for each in found} == {key: str(key) for key in range(20)}
    assert max(most) <= server.MOST_CALLS


def test_the_official_client_uses_every_tool(folder: Path) -> None:
    pytest.importorskip("mcp", reason="the official SDK is not installed: pip install --group agents")
    import asyncio

    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    async def session() -> list[Any]:
        command = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], cwd=folder, env=dict(os.environ))
        async with stdio_client(command) as (reader, writer), ClientSession(reader, writer) as client:
            await client.initialize()
            await client.send_ping()
            tools = {tool.name for tool in (await client.list_tools()).tools}
            assert tools == set(TOOLS)
            return [
                await client.call_tool(name, arguments)
                for name, arguments in (
                    ("lint", {"paths": ["."]}),
                    ("preview", {"manifest": MANIFEST}),
                    ("explain", {"topic": "crashing-annotation"}),
                    ("fix", {"paths": ["isvc.yaml"], "unsafe": True}),
                )
            ]

    for result in asyncio.run(session()):
        data = result.model_dump(by_alias=True)
        assert not data["isError"], data
        assert token(7) not in json.dumps(data, default=str)
