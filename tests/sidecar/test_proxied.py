"""Exchanges through a running sidecar, with and without a batcher, against KServe's, Knative's and Go's own code."""

import asyncio
import json
from pathlib import Path

import pytest
from exchanges import PROBE, RELEASE

from isvclog.httpserver import Address
from isvclog.kserve.agent import startup as agent
from isvclog.sidecar.server import Plan, SidecarServer
from oracles.agent.exchanges import CASES, Case, Recorded, exchange, model

RECORDED = json.loads((Path(__file__).parent / "proxied.json").read_text("ascii"))
BATCHER = agent.start(["--enable-batcher", "--max-batchsize", "1", "--max-latency", "50"], PROBE, RELEASE).batcher


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_exchange(case: Case) -> None:
    assert asyncio.run(run(case)) == RECORDED[case.name]


async def run(case: Case) -> Recorded:
    async with model() as serving:
        plan = Plan(None, Address("127.0.0.1", serving.port), batcher=BATCHER if case.batched else None)
        server = SidecarServer(plan, pytest.fail)
        address = await server.listen(Address("127.0.0.1", 0))
        described = await exchange(case, address.port, serving)
        await server.drain(5)
        return described
