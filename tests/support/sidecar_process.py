"""A sidecar in a process of its own: what it must be, as JSON, is its argument; what became of it, its last line."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from isvclog.httpserver import Address
from isvclog.kserve.agent import startup as agent
from isvclog.kserve.apis.constants import PROBE_VARIABLE
from isvclog.kserve.apis.releases import find_release
from isvclog.sidecar.counters import TYPES
from isvclog.sidecar.limits import BOUNDED, Limits
from isvclog.sidecar.server import Plan, SidecarServer
from isvclog.sidecar.sinks.connection import SinkOptions
from isvclog.sidecar.watch.clients import BOUNDED_CLIENTS, ClientLimits

PROBE = {PROBE_VARIABLE: '{"tcpSocket":{"port":8080}}'}


async def main(wanted: dict[str, Any]) -> None:
    settings = agent.start(wanted["args"], PROBE, find_release("0.20.0")).settings
    bounded, limits, client_limits = wanted["bounded"], wanted["limits"], wanted["client_limits"]
    reports: list[str] = []
    plan = Plan(
        settings,
        Address(*wanted["model"]),
        SinkOptions(Address(*wanted["sink"])),
        BOUNDED._replace(**limits) if bounded else Limits(),
        client_limits=BOUNDED_CLIENTS._replace(**client_limits) if bounded else ClientLimits(),
    )
    server = SidecarServer(plan, reports.append)
    address = await server.listen(Address("127.0.0.1", 0))
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    print(json.dumps(address), flush=True)
    await stopped.wait()
    lost = await server.drain(wanted["grace"])
    counters = server.counters
    print(
        json.dumps(
            {
                "due": {TYPES[name]: count for name, count in counters.due.items()},
                "events": {f"{TYPES[name]} {outcome}": count for (name, outcome), count in counters.events.items()},
                "closed": counters.closed,
                "lost": lost,
                "pending": {TYPES[name]: count for name, count in server.queue.pending_types().items()},
                "reports": [*reports[:20], *reports[-20:]],
                "peak_kib": peak_kib(),
            }
        )
    )


def peak_kib() -> int:
    """Return the peak of the memory of this process, in KiB."""
    status = Path("/proc/self/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
