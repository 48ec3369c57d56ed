"""Redirects of the sink, against requests that Go's own client sent (oracles/redirects)."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from deliveries import address_text, run_events
from sidecars import RawServer

CASES = json.loads((Path(__file__).parent / "redirects.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_redirects(case: dict[str, Any]) -> None:
    requests, counts, reports = asyncio.run(follow(case))
    assert [without_events(request) for request in requests] == [without_events(text) for text in case["requests"]]
    ok = 200 <= case["status"] < 300
    assert counts == {("request", "sent" if ok else "rejected" if case["status"] else "failed"): 1}
    expected = f"Sent with status code {case['status']}" if case["status"] else case["error"].partition('": ')[2]
    assert ok or reports[0].endswith(expected)
    assert not any("pw" in report for report in reports)


async def follow(case: dict[str, Any]) -> tuple[list[str], dict[tuple[str, str], int], list[str]]:
    """Run one exchange with the sink A; return what both servers received, in order."""
    received: list[bytes] = []
    steps = iter(case["steps"])
    names: dict[str, str] = {}

    def answer(request: bytes) -> bytes:
        received.append(request)
        step = next(steps, {"status": 200, "location": None})
        location = step["location"]
        line = "" if location is None else f"Location: {real(location, names)}\r\n"
        return f"HTTP/1.1 {step['status']} Status\r\nContent-Length: 0\r\n{line}\r\n".encode()

    async with RawServer(answer) as a, RawServer(answer) as b:
        names |= {"A": address_text(a), "B": address_text(b)}
        result = await run_events("--log-url", real(case["target"], names), "--log-mode", "request")
    return [shown(request.decode(), names) for request in received], result.counts, result.reports


def real(text: str, names: dict[str, str]) -> str:
    for name, address in names.items():
        text = text.replace(f"//{name}", f"//{address}").replace(f"@{name}", f"@{address}")
    return text


def shown(text: str, names: dict[str, str]) -> str:
    for name, address in names.items():
        text = text.replace(address, name)
    return text


def without_events(request: str) -> list[str]:
    """Return the lines of a request without those that only events have."""
    lines = request.replace('{"instances":[]}', "{}").replace("Content-Length: 16", "Content-Length: 2").split("\r\n")
    return [line for line in lines if not line.startswith("Ce-")]
