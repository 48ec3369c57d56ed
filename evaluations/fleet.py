"""Measure an audit of many clusters, of which one cannot be reached and one is slow: its seconds and its memory.

The clusters are stand-ins of `tests/cluster` in a process of their own, which shares the processors with isvclog.
"""

import argparse
import copy
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
CASE = ROOT / "tests" / "audit" / "cases" / "setting"
CLUSTERS, SERVICES, PODS_EACH = 20, 500, 2
DELAY = 1.5
"""The seconds that each answer of the slow cluster takes."""
MOST_SECONDS, MOST_MEGABYTES = 60, 400

_MEASURED = """
import sys
from pathlib import Path
from isvclog.cli.main import main
code = main(sys.argv[1:])
sys.stdout.flush()
kilobytes = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
print(f"{code} {kilobytes // 1024} MB", file=sys.stderr)
"""


class FleetRun(NamedTuple):
    """One audit of all clusters: its time, its peak of memory, what it printed, and its exit code."""

    seconds: float
    megabytes: int
    output: str
    errors: str
    exit_code: int


def objects(services: int) -> Iterator[dict[str, Any]]:
    """Yield the objects of a cluster: the configuration of KServe, services with stale agents, and their pods."""
    from isvclog.manifest import Object, load, read_file

    def read(file: str) -> list[dict[str, Any]]:
        return [item.data for item in load(read_file(str(CASE / file)), ()) if isinstance(item, Object)]

    yield from read("config.yaml")
    (service,), (pod,) = read("service.yaml"), read("pods.yaml")
    for number in range(services):
        for template, copies in ((service, 1), (pod, PODS_EACH)):
            for place in range(copies):
                item = copy.deepcopy(template)
                metadata = item["metadata"]
                metadata["name"] = f"isvc-{number}" if copies == 1 else f"isvc-{number}-predictor-{place}"
                metadata["annotations"]["example.com/team"] = f"team-{number % 50}"
                if copies > 1:
                    metadata["labels"]["serving.kserve.io/inferenceservice"] = f"isvc-{number}"
                yield item


def serve(folder: Path, clusters: int, services: int, delay: float) -> None:
    """Serve all clusters but one until standard input ends; their kubeconfigs are files of the folder.

    The first cluster takes no connection, and the second one is slow.
    """
    sys.path.insert(0, str(ROOT / "tests" / "cluster"))
    server = import_module("apiserver").ApiServer
    with ExitStack() as stack:
        for number in range(1, clusters):
            api = stack.enter_context(server())
            api.add_all(objects(services))
            if number == 1:
                api.delay("/", delay, times=-1)
            api.kubeconfig(folder, context=f"cluster-{number:02}", file=f"{number:02}")
        print("ready", flush=True)
        sys.stdin.read()


@contextmanager
def unreachable(folder: Path) -> Iterator[None]:
    """Listen at an address that answers no connection, as behind a firewall, and write its kubeconfig."""
    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # what waits fills the queue, and the kernel drops the next
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        (folder / "00").write_text(
            "apiVersion: v1\nkind: Config\ncurrent-context: cluster-00\n"
            "contexts: [{name: cluster-00, context: {cluster: cluster-00, user: none}}]\n"
            f"clusters: [{{name: cluster-00, cluster: {{server: '{url}'}}}}]\nusers: [{{name: none, user: {{}}}}]\n",
            encoding="utf-8",
        )
        yield


def measure(clusters: int, services: int, delay: float, *arguments: str) -> FleetRun:
    """Start the clusters, and audit all of them at once."""
    with tempfile.TemporaryDirectory() as name, unreachable(Path(name)):
        folder = Path(name)
        command = [sys.executable, "-m", "evaluations.fleet", "--serve", name]
        command += [f"--clusters={clusters}", f"--services={services}", f"--delay={delay}"]
        with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as servers:
            assert servers.stdout
            servers.stdout.readline()
            kubeconfig = os.pathsep.join(map(str, sorted(folder.iterdir())))
            environment = {**os.environ, "KUBECONFIG": kubeconfig, "COLUMNS": "160", "NO_PROXY": "*"}
            audit = [sys.executable, "-c", _MEASURED, "audit", "--all-contexts", "-A", *arguments]
            start = time.monotonic()
            ended = subprocess.run(audit, env=environment, cwd=folder, capture_output=True, text=True, check=False)
            seconds = time.monotonic() - start
            if servers.stdin:
                servers.stdin.close()
    code, megabytes = re.findall(r"^(\d+) (\d+) MB$", ended.stderr, re.MULTILINE)[-1]
    return FleetRun(seconds, int(megabytes), ended.stdout, ended.stderr, int(code))


def main() -> int:
    """Print the figures, and return 1 if they are above the limits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clusters", type=int, default=CLUSTERS)
    parser.add_argument("--services", type=int, default=SERVICES, help="of each cluster")
    parser.add_argument("--delay", type=float, default=DELAY, help="seconds of each answer of the slow cluster")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.clusters, options.services, options.delay)
        return 0
    for output in ("text", "html", "openmetrics"):
        run = measure(options.clusters, options.services, options.delay, "-o", output)
        print(f"{output:12} {run.seconds:5.1f} s  {run.megabytes:4} MB  exit code {run.exit_code}", flush=True)
        if run.seconds > MOST_SECONDS or run.megabytes > MOST_MEGABYTES:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
