"""Objects of a bucket as files below a folder: whatever a key contains, its file is in there."""

import os
import secrets
from contextlib import suppress

from isvclog.kserve.golang.strings import to_bytes

CAN_STORE = os.open in os.supports_dir_fd
"""True if the system can open files relative to an open folder, so that no link is followed. Windows cannot."""
if CAN_STORE:
    _FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    _FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


def file_names(key: str) -> list[bytes]:
    """Return the names of the folders and of the file for a key.

    `%`, and the names `.` and `..`, are percent-encoded. A slash behind another one is a part of the next name, one
    at the end of the last. Decoded and joined, the names are the key again.
    """
    names: list[bytes] = []
    slashes = b""
    for part in to_bytes(key).split(b"/"):
        if not part:
            slashes += b"%2F"
            continue
        name = part.replace(b"%", b"%25").replace(b"\0", b"%00")
        names.append(slashes + (name.replace(b".", b"%2E") if name in (b".", b"..") else name))
        slashes = b""
    names[-1:] = [names[-1] + slashes]
    return names


def write_object(folder: str, bucket: str, key: str, data: bytes) -> None:
    """Write an object as a whole, over an older one; raise OSError if that is impossible.

    No link below the folder is followed. The file is not forced to the disk: a crash of the machine may lose it.
    """
    *folders, name = file_names(f"{bucket}/{key}")
    parent = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for step in folders:
            with suppress(FileExistsError):
                os.mkdir(step, dir_fd=parent)
            child = os.open(step, _FOLDER, dir_fd=parent)
            os.close(parent)
            parent = child
        _replace(name, data, parent)
    finally:
        os.close(parent)


def _replace(name: bytes, data: bytes, parent: int) -> None:
    temporary = b".isvclog-" + secrets.token_hex(8).encode()
    with open(os.open(temporary, _FILE, 0o666, dir_fd=parent), "wb") as file:
        try:
            file.write(data)
            file.flush()
            os.rename(temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
        except BaseException:
            os.unlink(temporary, dir_fd=parent)
            raise
