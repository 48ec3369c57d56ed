"""Files that are written as a whole or not at all."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from isvclog.errors import IsvclogError

Write = Callable[[Iterable[str]], None]
"""Writes pieces of text, in UTF-8, as the new content of a file; to be called once."""


@contextmanager
def replacing(path: str) -> Iterator[Write]:
    """A `Write` for `path`, which stays as it is, or absent, until that is called and has succeeded.

    A file that is there keeps its mode; a link stays, and what it leads to is replaced; pipes and devices, such as a
    shell's `>(...)`, are written to. Raises IsvclogError where nothing can be written, at once if that is known.
    """
    with _sentences(path):
        mode = _mode(path)
        if mode is not None and not stat.S_ISREG(mode):
            descriptor, temporary = os.open(path, os.O_WRONLY), ""
        else:
            target = os.path.realpath(path)
            temporary = os.path.join(os.path.dirname(target), f".isvclog-{os.getpid()}-{os.urandom(4).hex()}.tmp")
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    file = open(descriptor, "w", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed below or by `write`

    def write(pieces: Iterable[str]) -> None:
        with _sentences(path), file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            if temporary:
                os.fsync(descriptor)
        if temporary:
            with _sentences(path):
                if mode is not None:
                    os.chmod(temporary, stat.S_IMODE(mode))
                os.replace(temporary, target)

    try:
        yield write
    finally:
        with suppress(OSError):
            file.close()
        with suppress(OSError):
            os.unlink(temporary)


@contextmanager
def _sentences(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IsvclogError(f"{path} cannot be written: {reason}; check the folder and its permissions.") from error


def _mode(path: str) -> int | None:
    try:
        return os.stat(path).st_mode
    except FileNotFoundError:
        return None
