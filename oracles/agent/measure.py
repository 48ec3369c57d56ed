"""Ask the agent's proxy and batcher what they do with exchanges, and keep the answers for the tests.

    python -m oracles.agent.measure            # rewrite tests/sidecar/proxied.json
    python -m oracles.agent.measure --compare  # print what differs, and write nothing

Needs Go 1.25 or newer, which fetches KServe and Knative. Everything runs on loopback.
"""

import asyncio
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from oracles.agent.exchanges import CASES, Recorded, exchange, model

HERE = Path(__file__).parent
RECORDED = HERE.parents[1] / "tests" / "sidecar" / "proxied.json"


def main(arguments: list[str]) -> int:
    with TemporaryDirectory(prefix="agent-") as folder:
        program = Path(folder, "agent")
        subprocess.run(["go", "build", "-o", str(program), "."], cwd=HERE, check=True)
        measured = asyncio.run(measure(program))
    if arguments == ["--compare"]:
        recorded = json.loads(RECORDED.read_text(encoding="ascii"))
        differing = [name for name in measured if measured[name] != recorded.get(name)]
        for name in differing:
            print(f"{name}\n  recorded: {recorded.get(name)}\n  measured: {measured[name]}")
        return bool(differing)
    RECORDED.write_text(json.dumps(measured, indent=1, ensure_ascii=True) + "\n", encoding="ascii")
    return 0


async def measure(program: Path) -> dict[str, Recorded]:
    """Run every case; return the description of each by its name."""
    measured = {}
    async with model() as serving:
        for batched in (False, True):
            with running(program, serving.port, batch=int(batched)) as port:
                for case in CASES:
                    if case.batched == batched:
                        measured[case.name] = await exchange(case, port, serving)
    return measured


@contextmanager
def running(program: Path, model_port: int, batch: int) -> Iterator[int]:
    """Run the agent; yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-listen", f"127.0.0.1:{port}", "-model", f"http://127.0.0.1:{model_port}", "-batch", str(batch)]
    with subprocess.Popen([program, *options]) as process:
        try:
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    if process.poll() is not None:
                        raise
            yield port
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
