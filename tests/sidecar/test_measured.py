"""A running sidecar against KServe's own agent: the same exchange, and the same bytes at the sink."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from exchanges import wire_as_measured
from sidecars import run_case

CASES = json.loads((Path(__file__).parents[1] / "conformance" / "events.json").read_text("ascii"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_exchange(case: dict[str, Any]) -> None:
    status, events = asyncio.run(run_case(case))
    assert status == case["client_status"]
    # With one worker, the event that was queued first is sent first.
    assert [wire_as_measured(event) for event in events] == case["events"]
