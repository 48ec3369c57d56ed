"""An audit of a large cluster: within a time and a memory that a laptop has, and with one progress bar."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from apiserver import ApiServer

from evaluations.fleet import PODS_EACH, objects

SERVICES = 10_000
SECONDS, MEGABYTES = 60, 400

MEASURED = """
import resource, sys
from pathlib import Path
from isvclog.cli.main import main
code = main(sys.argv[1:])
sys.stdout.flush()
status = Path("/proc/self/status")
if status.exists():
    kilobytes = int(status.read_text().partition("VmHWM:")[2].split()[0])
else:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(f"{code} {kilobytes // 1024} MB", file=sys.stderr)
"""
"""On Linux, getrusage counts the peak of the process that started this one: that of all tests before."""


@pytest.mark.skipif(os.name == "nt", reason="there is no pseudo terminal")
def test_ten_thousand_services(tmp_path: Path, environment: dict[str, str]) -> None:
    import pty

    with ApiServer() as api:
        api.add_all(objects(SERVICES))
        environment |= {"KUBECONFIG": api.kubeconfig(tmp_path), "TERM": "xterm"}
        terminal, errors = pty.openpty()
        with open(tmp_path / "out.csv", "wb") as output:
            command = [sys.executable, "-c", MEASURED, "audit", "-A", "-o", "csv"]
            process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment, cwd=tmp_path)
        os.close(errors)
        shown = b"".join(iter(lambda: _read(terminal), b"")).decode()
        assert process.wait(SECONDS) == 0
        lists = [request for request in api.requests if request.path.endswith("/pods")]
    rows = (tmp_path / "out.csv").read_text().splitlines()
    assert len(rows) == SERVICES + 1
    assert sum(",stale," in row for row in rows) == SERVICES
    code, memory = re.findall(r"(\d+) (\d+) MB", shown)[-1]
    assert code == "0", shown[-500:]
    print(f"{memory} MB")
    assert int(memory) < MEGABYTES
    assert len(lists) == SERVICES * PODS_EACH / 500
    bars = shown.split("\r")
    assert any(re.search(r"\[#+-*\] [\d,]+ of 10,000 InferenceServices, 20,000 pods", bar) for bar in bars)
    assert "\n" not in shown[: shown.rindex("\x1b[K")], "the bar is one line"


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""
