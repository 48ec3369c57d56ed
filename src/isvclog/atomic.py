"""Atomic writing: whatever happens, the file has either its old or its new content."""

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from isvclog.errors import IsvclogError
from isvclog.patterns import late_pattern

Write = Callable[[Iterable[bytes]], None]
"""A function that writes pieces as the new content of a file. Call it once."""

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_RANDOM_BYTES = 4
_NAME_BYTES = 200
_ABANDONED_SECONDS = 24 * 3600
"""The age at which a temporary file was certainly left by a killed process, wherever that ran."""
_OWN_DESCRIPTORS = late_pattern(r"/dev/fd|/proc/(?P<process>[0-9]+)(?:/task/[0-9]+)?/fd")
_MAX_LINKS = 40
_ACCESS_LIST = "system.posix_acl_access"


@contextmanager
def replace_file(path: str, check: Callable[[str], None] = lambda target: None) -> Iterator[Write]:
    """Open a file for atomic replacement and yield the function that writes its new content.

    Until that function was called and has succeeded, the file stays as it is, or absent. An existing file keeps its
    mode and, as far as permitted, its owner and its extended attributes, such as access lists and SELinux labels. A
    link stays, and the file it points to is replaced. A file with several hard links is refused: replacing it would
    separate them, and writing into it would not be atomic. Pipes, devices and open files, such as a shell's `>(...)`
    and `/dev/stdout`, are written to directly. `check` is called with the name of the file right before it is replaced,
    and may raise. Raise IsvclogError if nothing can be written, before yielding if that is already known.
    """
    with _sentences(path):
        target, temporary = os.path.realpath(path), ""
        status = _status(path)
        if is_special(path) or os.path.isdir(path):
            descriptor = _open_special(path)
        else:
            if status:
                _check_replaceable(path, target, status)
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
                    _copy_attributes(target, descriptor)
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


def is_special(path: str) -> bool:
    """Check whether a path leads to something that is written to and never replaced.

    That is a pipe, a device, a socket, or a file that a process has open, such as `/dev/stdout` or `/proc/self/fd/3`.
    """
    try:
        status = _status(path)
        if status and not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            return True
        return _descriptor(path) is not None
    except OSError:  # whoever opens the path says what is wrong
        return False


def _descriptor(path: str) -> tuple[int, int] | None:
    """Return the process and the number of the open file that a path names, following links; None for other paths."""
    for _ in range(_MAX_LINKS):
        folder, name = os.path.split(path)
        folder = os.path.realpath(folder)
        match = _OWN_DESCRIPTORS.fullmatch(folder)
        if match and name.isdigit():
            return int(match["process"] or os.getpid()), int(name)
        path = os.path.join(folder, name)
        if not name or not os.path.islink(path):
            break
        path = os.path.join(folder, os.readlink(path))
    return None


def _open_special(path: str) -> int:
    """Open a path for `is_special` to write to it.

    An open file of this process shares its position with what the process has written before, so nothing is lost.
    """
    process, number = _descriptor(path) or (0, 0)
    if process != os.getpid():
        return os.open(path, os.O_WRONLY | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    return os.dup(number)


def _check_replaceable(path: str, target: str, status: os.stat_result) -> None:
    if not (status.st_mode & _WRITABLE and os.access(target, os.W_OK)):
        # A rename asks only for the folder's permission; the file's says what its owner wants, also of root.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if status.st_nlink > 1:
        links = f"{status.st_nlink - 1} more hard link{'' if status.st_nlink == 2 else 's'}"
        raise IsvclogError(
            f"{path} is not written and is unchanged: it has {links}, which would keep the old content; "
            f"replace it by a copy of itself first."
        )


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


def _copy_attributes(target: str, descriptor: int) -> None:
    """Copy access lists, labels and other extended attributes, as far as the system has them and permits it.

    An access list that the new file took from its folder is removed if the old one had none. This comes after the mode,
    which changes an access list.
    """
    if not hasattr(os, "listxattr"):
        return
    with suppress(OSError):
        names = os.listxattr(target)
        if _ACCESS_LIST not in names and _ACCESS_LIST in os.listxattr(descriptor):
            os.removexattr(descriptor, _ACCESS_LIST)
            os.fchmod(descriptor, stat.S_IMODE(os.stat(target).st_mode))
        for name in names:
            with suppress(OSError):
                os.setxattr(descriptor, name, os.getxattr(target, name))


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
    # The process, for people who wonder what is writing.
    return os.path.join(folder, f".{base}.isvclog-{os.getpid()}-{os.urandom(_RANDOM_BYTES).hex()}.tmp")


def _split(target: str) -> tuple[str, str]:
    """Split a path into the folder and as much of the name as leaves room for the rest of a temporary name."""
    folder, base = os.path.split(target)
    return folder, os.fsdecode(os.fsencode(base)[:_NAME_BYTES])


def _clean_up(target: str) -> None:
    """Remove the temporary files that killed runs left beside this file.

    Only their age tells: a process that is still writing may be in another container or on another machine.
    """
    folder, base = _split(target)
    pattern = re.compile(rf"\.{re.escape(base)}\.isvclog-[0-9]+-[0-9a-f]{{{2 * _RANDOM_BYTES}}}\.tmp")
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if pattern.fullmatch(entry.name):
                with suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > _ABANDONED_SECONDS:
                        os.unlink(entry.path)
