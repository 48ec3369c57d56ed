"""A run of the command line in a process of its own: bounded in time and in what it prints, and ended when asked."""

import subprocess
import sys
from threading import Lock

from isvclog.agents.tools import ToolError, ToolRun
from isvclog.records import NamedTuple

MOST_SECONDS = 60.0
MOST_OUTPUT = 8 * 1024 * 1024
"""The longest answer, in bytes: an agent reads far less."""


class Printed(NamedTuple):
    """The output of a run, and its exit code: 0, 1 if there are findings, another if it failed."""

    out: str
    err: str
    code: int


class ToolProcess:
    """One run, which another thread may end."""

    def __init__(self) -> None:
        self.is_cancelled = False
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def cancel(self) -> None:
        """End the process, also one that is not started yet."""
        with self._lock:
            self.is_cancelled = True
            if self._process is not None:
                self._process.kill()

    def run(self, line: ToolRun) -> Printed:
        """Run a command line and wait for it. Raises ToolError if it takes too long or prints too much."""
        # With -P, a module in the current folder, which belongs to whoever wrote the manifests, is not imported.
        command = [sys.executable, "-P", "-m", "isvclog.cli.confined", *line.arguments]
        with self._lock:
            if self.is_cancelled:
                raise ToolError("cancelled.")
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
        try:
            out, err = self._process.communicate(line.stdin.encode("utf-8", "surrogatepass"), timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise ToolError(f"took more than {MOST_SECONDS:.0f} seconds; name fewer files.") from None
        if len(out) > MOST_OUTPUT:
            raise ToolError(f"the answer has more than {MOST_OUTPUT // 1024 // 1024} MiB; name fewer files.")
        return Printed(out.decode(errors="replace"), err.decode(errors="replace"), self._process.returncode)
