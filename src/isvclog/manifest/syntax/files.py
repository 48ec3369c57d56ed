"""Functions that find and read the files a user named."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial

from isvclog import filenames
from isvclog.errors import IsvclogError
from isvclog.manifest import gitignore
from isvclog.records import NamedTuple

STDIN = "-"
MAX_FILE_BYTES = 256 * 1024 * 1024
"""The limit for reading one file or standard input. A hundred thousand services are smaller."""

_SUFFIXES = (".yaml", ".yml", ".json")
_BLOCK = 1024 * 1024
_SMALL = 32 * 1024
# Opening a named pipe waits for a writer otherwise.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

_respects_gitignore = True
_limit: str | None = None
"""The real path, with a separator at its end, that no link in a folder leads out of; None for no limit."""


class Source(NamedTuple):
    """The name and bytes of a file; `name` is as the user wrote it, `stdin_name()` for standard input."""

    name: str
    data: bytes


def respect_gitignore(respect: bool) -> None:
    """Choose whether folders are walked without what git ignores from now on, as a command does with its option."""
    global _respects_gitignore
    _respects_gitignore = respect


def stay_below(folder: str) -> None:
    """Skip links in folders that lead to something outside of `folder` from now on."""
    global _limit
    _limit = os.path.join(os.path.realpath(folder), "")


def find_files(paths: Iterable[str]) -> Iterator[str]:
    """Yield the named files, and the .yaml, .yml and .json files in named folders, which are sorted by name.

    The paths keep their order. `-` is passed through. Hidden folders inside a folder are skipped, and so is what git
    ignores (see `respect_gitignore`). A folder that links lead to twice is walked once. A folder that cannot be listed
    is yielded like a file, so that `read_file` reports the reason. Raise IsvclogError if nothing exists at a path.
    """
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path != STDIN and os.path.isdir(path):
            yield from _walk(path, seen)
        elif path == STDIN or os.path.lexists(path):
            yield path
        else:
            raise IsvclogError(f"There is no file or folder {path}; check the path and the working directory.")


class _Found(NamedTuple):
    """A folder or manifest that a walk has found, and what git ignores in the folder that it is in."""

    path: str
    is_folder: bool
    rules: gitignore.IgnoreRules | None


def _walk(folder: str, seen: set[tuple[int, int]]) -> Iterator[str]:
    waiting = [_Found(folder, True, gitignore.rules_above(folder) if _respects_gitignore else None)]
    while waiting:
        path, is_folder, rules = waiting.pop()
        if not is_folder:
            yield path
            continue
        try:
            status = os.stat(path)
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                waiting.extend(_listing(path, rules))
        except OSError:
            yield path


def _listing(folder: str, rules: gitignore.IgnoreRules | None) -> list[_Found]:
    """List the folders and manifests in a folder that git does not ignore, sorted by name in reverse."""
    with os.scandir(folder) as entries:
        by_name = sorted(entries, key=lambda entry: entry.name, reverse=True)
    rules = _rules_inside(folder, {entry.name for entry in by_name}, rules) if _respects_gitignore else None
    found = [_Found(entry.path, is_folder, rules) for entry in by_name if (is_folder := _is_folder(entry)) is not None]
    if rules is None or rules.is_empty:
        return found
    return [each for each in found if not rules.ignores(os.path.abspath(each.path), each.is_folder)]


def _rules_inside(
    folder: str, names: Collection[str], rules: gitignore.IgnoreRules | None
) -> gitignore.IgnoreRules | None:
    """Return the rules for the content of a folder, which has `names`; `rules` are those for the folder itself."""
    if gitignore.REPOSITORY in names:
        return gitignore.rules_of_repository(os.path.abspath(folder))
    if rules and gitignore.FILE in names:
        return rules.inside(os.path.abspath(folder))
    return rules


def _is_folder(entry: os.DirEntry[str]) -> bool | None:
    """Return True for a folder, False for a manifest, and None for what is not read.

    Hidden folders, files with other suffixes, pipes, and links that lead nowhere or to themselves are not read, and
    neither are links that `stay_below` excludes.
    """
    try:
        if _limit is not None and entry.is_symlink() and not os.path.realpath(entry.path).startswith(_limit):
            return None
        if entry.is_dir():
            return None if entry.name.startswith(".") else True
        return False if entry.name.lower().endswith(_SUFFIXES) and entry.is_file() else None
    except OSError:
        return None


def read_small(name: str) -> bytes | None:
    """Read a file that `find_files` found in a folder, so it is a regular one; None if `read_file` has to read it.

    A regular file gives fewer bytes than it is asked for only at its end, so three system calls are enough for it.
    """
    try:
        descriptor = os.open(name, _READING)
        try:
            data = os.read(descriptor, _SMALL)
        finally:
            os.close(descriptor)
    except (OSError, ValueError):
        return None
    return None if len(data) == _SMALL or name.startswith("<") else data


def read_file(name: str, keywords: Sequence[bytes] = ()) -> Source:
    """Read the bytes of a file; `-` is standard input.

    Raise IsvclogError if the file cannot be read, for folders, for pipes and devices that could block forever, and for
    more than MAX_FILE_BYTES. A larger file that contains none of the keywords is returned empty; it is searched in
    pieces.
    """
    try:
        if name == STDIN:
            if sys.stdin is None:
                raise IsvclogError("Standard input is closed; pipe a manifest into it, or name a file.")
            return Source(filenames.stdin_name(), _read(sys.stdin.buffer.read, _BLOCK, "Standard input"))
        descriptor = os.open(name, _READING)
        try:
            data = _read_named(descriptor, name, keywords)
            # A file may have such a name.
            taken = name == filenames.STDIN or filenames.is_live(name)
            return Source(os.path.join(".", name) if taken else name, data)
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise IsvclogError(f"{name} cannot be read: {reason}; check the path and its permissions.") from error


def _read_named(descriptor: int, name: str, keywords: Sequence[bytes]) -> bytes:
    # System calls instead of file objects, which take three times as long on the thousands of small files of a tree.
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        _accept_pipe(descriptor, status.st_mode, name)
    elif status.st_size > MAX_FILE_BYTES:
        if keywords and not _holds_any(descriptor, keywords):
            return b""
        raise _too_large(name)
    return _read(partial(os.read, descriptor), status.st_size + 1, name)


def _accept_pipe(descriptor: int, mode: int, name: str) -> None:
    """Accept a pipe that a shell opened for <(helm template ...), because it has a writer.

    Raise IsvclogError for any other pipe or device except the null device, because it may never end.
    """
    if name == os.devnull:
        return
    if not (stat.S_ISFIFO(mode) and name.startswith(("/dev/fd/", "/dev/stdin", "/proc/self/fd/"))):
        raise IsvclogError(f"{name} is not a regular file; pass its text on standard input, as `-`.")
    os.set_blocking(descriptor, True)


def _read(read: Callable[[int], bytes], block: int, name: str) -> bytes:
    """Read everything up to the end.

    A file that is one byte shorter than `block`, which is the normal case, takes one call.
    """
    piece = read(block)
    if len(piece) == block - 1:
        return piece
    pieces = [piece]
    room = MAX_FILE_BYTES - len(piece)
    while piece and room >= 0:
        piece = read(min(_BLOCK, room + 1))
        pieces.append(piece)
        room -= len(piece)
    if room < 0:
        raise _too_large(name)
    return b"".join(pieces)


def _too_large(name: str) -> IsvclogError:
    return IsvclogError(f"{name} is larger than {MAX_FILE_BYTES >> 20} MiB; split it, or pass only the manifests.")


def _holds_any(descriptor: int, keywords: Sequence[bytes]) -> bool:
    overlap = max(map(len, keywords)) - 1
    piece = tail = b""
    while piece := tail + os.read(descriptor, _BLOCK):
        if any(needle in piece for needle in keywords):
            return True
        if len(piece) == len(tail):
            return False
        tail = piece[len(piece) - overlap :] if overlap else b""
    return False
