"""A sidecar for the benchmark, with metadata in memory or, by one switch, with a lookup for each event.

The switch is not in `isvclog simulate`: nobody should use it.
"""

import argparse
import asyncio
import sys

from evaluations.sidecar.lookup import lookup_worker
from isvclog.httpserver import Address, parse_address, stop_event
from isvclog.kserve.agent.startup import start
from isvclog.sidecar.delivery import Worker
from isvclog.sidecar.server import Plan, SidecarServer
from isvclog.sidecar.simulation.agent import default_environment
from isvclog.sidecar.sinks.connection import SinkOptions


async def run(plan: Plan, listen: Address, worker: type[Worker]) -> None:
    """Run a sidecar until SIGTERM."""
    stopped = stop_event()
    server = SidecarServer(plan, lambda message: print(message, file=sys.stderr), worker)
    await server.listen(listen)
    await stopped.wait()
    await server.drain(5)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--listen", type=parse_address, required=True)
    parser.add_argument("--model", type=parse_address, required=True)
    parser.add_argument("--lookup", type=parse_address, help="the API server to ask for each event")
    parser.add_argument("--cache", type=float, default=0, help="seconds for which an answer is used")
    parser.add_argument("arguments", nargs="*", help="the agent's arguments, behind --")
    given = parser.parse_args()
    started = start(given.arguments, default_environment({}))
    plan = Plan(started.settings, given.model, SinkOptions())
    worker = lookup_worker(given.lookup, given.cache) if given.lookup else Worker
    asyncio.run(run(plan, given.listen, worker))


if __name__ == "__main__":
    main()
