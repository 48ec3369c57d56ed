"""Atomic writing: whatever happens, the file has either its old or its new content."""

import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from isvclog.errors import IsvclogError

Write = Callable[[Iterable[bytes]], None]
"""A function that writes pieces as the new content of a file. Call it once."""

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_RANDOM_BYTES = 4
_NAME_BYTES = 200


@contextmanager
def replace_file(path: str, check: Callable[[str], None] = lambda target: None) -> Iterator[Write]:
    """Open a file for atomic replacement and yield the function that writes its new content.

    Until that function was called and has succeeded, the file stays as it is, or absent. An existing file keeps its
    mode and, as far as permitted, its owner. A link stays, and the file it points to is replaced. Pipes and devices,
    such as a shell's `>(...)`, are written to directly. `check` is called with the name of the file right before it is
    replaced, and may raise. Raise IsvclogError if nothing can be written, before yielding if that is already known.
    """
    with _sentences(path):
        target, temporary = os.path.realpath(path), ""
        status = _status(path)
        if status and not stat.S_ISREG(status.st_mode):
            descriptor = os.open(path, os.O_WRONLY)
        else:
            if status and not (status.st_mode & _WRITABLE and os.access(target, os.W_OK)):
                # A rename asks only for the folder's permission; the file's says what its owner wants, also of root.
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            _clean_up(target)
            temporary = _temporary(target)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            descriptor = os.open(temporary, flags, 0o600 if status else 0o666)
    file = open(descriptor, "wb")  # noqa: SIM115 - closed below or by `write`

    def write(pieces: Iterable[bytes]) -> None:
        with _sentences(path):
            with file:
                file.writelines(pieces)
                file.flush()
                if temporary and status:
                    _copy_owner(descriptor, status)
                if temporary:
                    os.fsync(descriptor)
            if temporary:
                check(target)
                os.replace(temporary, target)
                _sync_folder(os.path.dirname(target))

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
        kept = " and is unchanged" if os.path.isfile(path) else ""
        reason = getattr(error, "strerror", None) or str(error)
        code = getattr(error, "errno", None)
        raise IsvclogError(f"{path} cannot be written{kept}: {reason}; {_remedy(code)}.") from error


def _remedy(code: int | None) -> str:
    if code in (errno.ENOSPC, errno.EDQUOT):
        return "free some space and run the command again"
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "check the permissions of the file and of its folder"
    return "check the path and the disk"


def _status(path: str) -> os.stat_result | None:
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def _copy_owner(descriptor: int, status: os.stat_result) -> None:
    """Copy the owner before the mode, because a change of owner clears some bits of the mode."""
    if hasattr(os, "fchown"):
        for owner in ((status.st_uid, status.st_gid), (-1, status.st_gid)):
            with suppress(OSError):
                os.fchown(descriptor, *owner)
                break
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _sync_folder(folder: str) -> None:
    """Make the rename survive a loss of power, if the folder can be opened. The file is complete even without this."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _temporary(target: str) -> str:
    folder, base = _split(target)
    # The name says who is writing, so that what a killed process left can be told from what is being written now.
    return os.path.join(folder, f".{base}.isvclog-{os.getpid()}-{os.urandom(_RANDOM_BYTES).hex()}.tmp")


def _split(target: str) -> tuple[str, str]:
    """Split a path into the folder and as much of the name as leaves room for the rest of a temporary name."""
    folder, base = os.path.split(target)
    return folder, os.fsdecode(os.fsencode(base)[:_NAME_BYTES])


def _clean_up(target: str) -> None:
    """Remove the temporary files that killed runs left beside this file."""
    folder, base = _split(target)
    pattern = re.compile(rf"\.{re.escape(base)}\.isvclog-([0-9]+)-[0-9a-f]{{{2 * _RANDOM_BYTES}}}\.tmp")
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = pattern.fullmatch(entry.name)
            if match and not _is_running(int(match[1])):
                with suppress(OSError):
                    os.unlink(entry.path)


def _is_running(process: int) -> bool:
    if process == os.getpid():
        return False
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True
