"""Programs of the user's own, run with arguments and without a shell."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO

from isvclog.errors import IsvclogError
from isvclog.findings import shorten_text
from isvclog.manifest.syntax.files import MAX_FILE_BYTES

TIMEOUT = 120
"""Seconds after which a program is stopped; a chart that loads its dependencies needs some."""
_MOST_ERRORS = 16 * 1024


def find_program(name: str, hint: str) -> str:
    """Find a program. As in Go, one of the working directory is not run. Raise IsvclogError if there is none."""
    program = shutil.which(name)
    if program is None or not os.path.isabs(program):
        raise IsvclogError(f"{name} is not installed; {hint}")
    return program


def run_program(command: Sequence[str], name: str, environment: Mapping[str, str] | None = None) -> bytes:
    """Run a program, and return what it writes to standard output.

    Raise IsvclogError if it fails or writes more than MAX_FILE_BYTES.
    """
    with program_output(command, name, environment=environment) as output:
        if output.seek(0, os.SEEK_END) > MAX_FILE_BYTES:
            raise IsvclogError(f"{name} wrote more than {MAX_FILE_BYTES >> 20} MiB; render less at a time.")
        return _content(output, MAX_FILE_BYTES)


@contextmanager
def program_output(
    command: Sequence[str], name: str, given: bytes = b"", environment: Mapping[str, str] | None = None
) -> Iterator[IO[bytes]]:
    """Run a program with `given` as its standard input; yield a file with what it writes to standard output.

    `environment` is added to that of this process. Raise IsvclogError if the program fails.
    """
    with tempfile.TemporaryFile() as entered, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        entered.write(given)
        entered.seek(0)
        try:
            with _stopped_by_sigterm():
                ended = subprocess.run(
                    command,
                    stdin=entered,
                    stdout=output,
                    stderr=errors,
                    timeout=TIMEOUT,
                    check=False,
                    env={**os.environ, **(environment or {})},
                )
        except subprocess.TimeoutExpired:
            raise IsvclogError(f"{name} did not end within {TIMEOUT} seconds; run it to see why.") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise IsvclogError(f"{name} cannot be run: {reason}; run it to see why.") from None
        if ended.returncode:
            said = shorten_text(_content(errors, _MOST_ERRORS).decode("utf-8", "replace")) or "it says nothing"
            raise IsvclogError(f"{name} failed with exit code {ended.returncode}: {said}")
        output.seek(0)
        yield output


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """Make SIGTERM raise SystemExit, so that `subprocess.run` kills the program, which would go on alone."""
    own = signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    if not own or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _content(file: IO[bytes], most: int) -> bytes:
    file.seek(0)
    return file.read(most)
