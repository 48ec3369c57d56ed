"""Writing a file so that there is always either the old one or the new one, whatever happens in between."""

import errno
import os
import re
import stat
from contextlib import suppress

from isvclog.errors import IsvclogError
from isvclog.manifest.files import read_file

_RANDOM_BYTES = 4
_NAME_BYTES = 200


def write_file(name: str, old: bytes, new: bytes) -> None:
    """Replace the contents of a file, keeping its mode and, as far as that is allowed, its owner; links are followed.

    Does nothing when nothing changes. Raises IsvclogError, with the file as it was, when its bytes are not `old` any
    more or when it cannot be written.
    """
    if old == new:
        return
    target = os.path.realpath(name)
    _clean_up(target)
    _check_unchanged(name, target, old)
    try:
        _replace(name, target, old, new)
    except OSError as error:
        raise IsvclogError(_explained(name, error)) from error


def _replace(name: str, target: str, old: bytes, new: bytes) -> None:
    if not os.access(target, os.W_OK):
        # A rename asks only for the folder's permission; the file's says what its owner wants.
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    status = os.stat(target)
    temporary = _temporary(target)
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with open(descriptor, "wb") as file:
            file.write(new)
            file.flush()
            _copy_owner(file.fileno(), status)
            os.fsync(file.fileno())
        _check_unchanged(name, target, old)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(os.path.dirname(target))


def _copy_owner(descriptor: int, status: os.stat_result) -> None:
    """Owner before mode: a change of owner clears some bits of the mode."""
    if hasattr(os, "fchown"):
        for owner in ((status.st_uid, status.st_gid), (-1, status.st_gid)):
            with suppress(OSError):
                os.fchown(descriptor, *owner)
                break
        os.fchmod(descriptor, stat.S_IMODE(status.st_mode))


def _sync_folder(folder: str) -> None:
    """Make the rename last through a loss of power, where folders can be opened; the file is whole without it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check_unchanged(name: str, target: str, old: bytes) -> None:
    if read_file(target).data != old:
        raise IsvclogError(f"{name} was changed meanwhile, so it is left alone; run the command again.")


def _temporary(target: str) -> str:
    folder, base = _split(target)
    # The name says who is writing, so that what a killed process left can be told from what is being written now.
    return os.path.join(folder, f".{base}.isvclog-{os.getpid()}-{os.urandom(_RANDOM_BYTES).hex()}.tmp")


def _split(target: str) -> tuple[str, str]:
    """The folder, and as much of the name as leaves room for the rest of a temporary one."""
    folder, base = os.path.split(target)
    return folder, os.fsdecode(os.fsencode(base)[:_NAME_BYTES])


def _clean_up(target: str) -> None:
    """Remove what killed runs left beside this file."""
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


def _explained(name: str, error: OSError) -> str:
    reason = error.strerror or str(error)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        remedy = "free some space and run the command again"
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        remedy = "check the permissions of the file and of its folder"
    else:
        remedy = "check the path and the disk"
    return f"{name} cannot be written and is as it was: {reason}; {remedy}."
