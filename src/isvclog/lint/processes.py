"""Checks of many files in several processes, each of which answers through a pipe.

The processes are forked, so they have files and settings without a copy; where a system cannot fork safely (everywhere
but on Linux), one process does everything. `concurrent.futures` takes as long to import as checking eighty services,
and keeps all results that are not printed yet; a pipe holds few, and then its process waits.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from typing import Any, BinaryIO, TypeVar

from isvclog.lint.results import COMMENT, FileResult

Item = TypeVar("Item")

CAN_FORK = sys.platform == "linux"
PAYS_OFF = 100
"""The number of files from which on starting processes costs less than it saves."""
_MOST_JOBS = 8
"""The processes that are started at most unless a number is given: printing their results takes one of its own."""
_GARBAGE = 10_000
"""The objects after which garbage is collected: later, what is left of the services leaves no room in the cache."""
_CHUNK = 16
"""The files that a process checks before it answers."""


def choose_jobs(given: int | None, files: int) -> int:
    """Return how many processes to use for a number of files: the `given` ones, or those that pay off, 1 for none."""
    if not CAN_FORK:
        return 1
    if given is None:
        given = min(len(os.sched_getaffinity(0)), _MOST_JOBS) if files >= PAYS_OFF else 1
    return min(given, -(-files // _CHUNK))


def check_in_processes(
    items: Sequence[Item], check: Callable[[Item], FileResult], jobs: int
) -> Generator[FileResult, None, None]:
    """Check every item, and yield the results in the order of the items, whatever the number of processes.

    What a process does not answer, because it was killed, could not be started or the check failed, is checked here
    instead, so an exception is the one that a single process would raise. When the iterator is closed, the processes
    end.
    """
    gc.set_threshold(_GARBAGE, 20, 20)
    if jobs < 2:
        yield from map(check, items)
        return
    from pickle import UnpicklingError, load

    chunks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
    with ExitStack() as ending:
        pipes: list[BinaryIO] = []
        with suppress(OSError):
            for number in range(jobs):
                pipes.append(start_process(partial(_answer, chunks[number::jobs], check), ending, pipes))
        for number, chunk in enumerate(chunks):
            try:
                results = load(pipes[number % jobs])
            except (EOFError, IndexError, OSError, UnpicklingError):
                results = map(check, chunk)
            for result in results:
                yield FileResult(result) if isinstance(result, str) else result


def start_process(work: Callable[[int], None], ending: ExitStack, inherited: Iterable[BinaryIO] = ()) -> BinaryIO:
    """Fork a process that does the work, which writes to a pipe; return the end to read from.

    It has no use for the `inherited` pipes. It ends when the work is done, this process has ended, or `ending` is left.
    Raise OSError if the system has no room for another process or pipe.
    """
    first = os.getpid()
    reader, writer = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(reader)
        os.close(writer)
        raise
    if pid:
        os.close(writer)
        ending.callback(_end_process, pid)
        return ending.enter_context(open(reader, "rb"))
    try:
        # Without another reader, writing fails and the process ends when the one that prints has ended.
        os.close(reader)
        for pipe in inherited:
            pipe.close()
        # Ctrl-C is sent to every process of a terminal; the one that prints decides what to do.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # It may write nothing for long, as in a tree without manifests.
        signal.signal(signal.SIGALRM, lambda *_: None if os.getppid() == first else os._exit(0))
        signal.setitimer(signal.ITIMER_REAL, 1, 1)
        work(writer)
    finally:
        os._exit(0)  # without the cleaning up and the traceback of the process that was forked


def _end_process(pid: int) -> None:
    """Kill a process that was started, unless it has ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


def _answer(chunks: Sequence[Any], check: Callable[[Any], FileResult], writer: int) -> None:
    from pickle import HIGHEST_PROTOCOL, dumps

    with open(writer, "wb") as pipe:
        for chunk in chunks:
            pipe.write(dumps([_short(check(item)) for item in chunk], HIGHEST_PROTOCOL))
            pipe.flush()


def _short(result: FileResult) -> FileResult | str:
    """Shorten the result of a file in which there is nothing of interest to its name."""
    if result.findings or result.failure or result.objects or result.unlogged or COMMENT in result.data:
        return result
    return result.file
