"""Manifests that are followed by looking at them: every file system has that, and it sees a file that was replaced."""

import asyncio
import os
from collections.abc import Callable, Sequence

from isvclog.errors import IsvclogError
from isvclog.kserve.prediction import Prediction
from isvclog.manifest import find_files
from isvclog.records import NamedTuple
from isvclog.sidecar.following.updates import UpdateControl, update_of


class Patience(NamedTuple):
    """Seconds between two looks, and how long a change that cannot be used may be a file that is being written."""

    between: float = 0.25
    unfinished: float = 2


async def follow_files(
    paths: Sequence[str], predict: Callable[[], Prediction], control: UpdateControl, patience: Patience | None = None
) -> None:
    """Apply each change of the files at these paths, without end.

    `predict` reads them again, in another thread; what it may raise is that of `update_of`. Files are read once they
    look the same twice, so that most writes have ended by then.
    """
    between, unfinished = patience or Patience()
    used: object = None  # what was read before the first look may be out of date
    before: object = None
    same_for = 0.0
    while True:
        seen = await asyncio.to_thread(_look, paths)
        same_for = same_for + between if seen == before else 0
        before = seen
        if same_for and seen != used:
            update = await asyncio.to_thread(update_of, predict)
            is_current = await asyncio.to_thread(_look, paths) == seen
            if is_current and not (update.refusal and same_for < unfinished):
                control.apply(update)
                used = seen
        await asyncio.sleep(between)


def _look(paths: Sequence[str]) -> object:
    """Return something that is equal as long as the files are the same; a reason if they cannot be found."""
    try:
        stats = [(file, os.stat(file)) for file in find_files(paths)]
    except (OSError, IsvclogError) as error:
        return str(error)
    return [(file, stat.st_ino, stat.st_size, stat.st_mtime_ns) for file, stat in stats]
