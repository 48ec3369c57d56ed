"""The files of a run, found and read: by a process of its own while the first process imports what checks them."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import chain, islice
from typing import BinaryIO

from isvclog.atomic import is_special
from isvclog.errors import IsvclogError
from isvclog.kserve.apis.kinds import INSTEAD, SERVICE, TRUSTYAI
from isvclog.lint.processes import PAYS_OFF, choose_jobs, start_process
from isvclog.lint.results import COMMENT, FileResult
from isvclog.manifest import Source, find_files, read_file
from isvclog.manifest.kustomize.nearby import NAMES
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.files import STDIN, read_small
from isvclog.manifest.syntax.split import may_contain
from isvclog.records import NamedTuple

KEYWORDS = (b"InferenceService",)
"""A document without this word is none of ours, and is not even parsed."""
OTHERS = tuple(kind for kind in INSTEAD if SERVICE not in kind and not kind.startswith("Cluster"))
OTHER_WORDS = tuple(kind.encode() for kind in OTHERS)
PATCHED = b"/logger"  # in the path of a JSON patch
_WORDS = (SERVICE, COMMENT.decode(), PATCHED.decode(), TRUSTYAI, *OTHERS)
_CHANGING = (b"atch", b"ommonAnnotations", b"omponents", b"transformers", b"replacements")
"""Words of a kustomization that may change a service; the others only list files."""
_CHUNK = 64
"""The files that the reading process sends at once."""
_LARGE = 1024 * 1024
"""The bytes from which on a file is not sent, but read by the process that needs it."""


class Unread(NamedTuple):
    """The name of a file that was not read, because it is large or because it is a stream: standard input or a pipe."""

    name: str


Item = Source | FileResult | Unread | str
"""A file; a name is that of a file that has nothing to check, a result stands for a file that cannot be read."""


class FileReader:
    """An iterator over the files below some paths, each once and in the order of the paths.

    `kustomizations` are the names of those that may change a service, and are complete after the last file. Streams are
    left to be read when they are reached, because they may be slow and can be read only once.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = list(paths)
        self.kustomizations: list[str] = []
        self._named = frozenset(self.paths)
        self._streams = frozenset(path for path in self.paths if path == STDIN or is_special(path))
        self._names = names_in(self.paths)
        self._pipe: BinaryIO | None = None

    def __iter__(self) -> Iterator[Item]:
        taken = 0
        if self._pipe:
            for items in self._sent(self._pipe):
                taken += len(items)
                yield from items
        # What the other process did not send, because it was killed or failed, is read here.
        yield from map(self.item, islice(self._names, taken, None))

    @contextmanager
    def ahead(self, jobs: int | None) -> "Iterator[FileReader]":
        """Let another process read from now on until the `with` block ends, if there are many files and `jobs` allows.

        It waits if it is ahead by more than a pipe holds.
        """
        with ExitStack() as ending:
            if jobs != 1 and not self._streams and choose_jobs(jobs, self._count(PAYS_OFF)) > 1:
                with suppress(OSError):  # no process can be started, so this one reads
                    self._pipe = start_process(self._send, ending)
            yield self

    def _count(self, limit: int) -> int:
        first = list(islice(self._names, limit))
        self._names = chain(first, self._names)
        return len(first)

    def _sent(self, pipe: BinaryIO) -> Iterator[Sequence[Item]]:
        from pickle import UnpicklingError, load

        with suppress(EOFError, OSError, UnpicklingError):
            while (part := load(pipe)) is not None:
                items, kustomizations = part
                self.kustomizations += kustomizations
                yield items
            self._names = iter(())

    def _send(self, writer: int) -> None:
        from pickle import HIGHEST_PROTOCOL, dump

        _enlarge(writer)
        with open(writer, "wb") as pipe:
            for items in self._parts():
                dump((items, self.kustomizations), pipe, HIGHEST_PROTOCOL)
                pipe.flush()
                self.kustomizations = []
            dump(None, pipe, HIGHEST_PROTOCOL)

    def _parts(self) -> Iterator[Sequence[Item]]:
        """Yield the files in lists, each of which is small enough to be sent."""
        items: list[Item] = []
        room = _LARGE
        for item in map(self.item, self._names):
            if isinstance(item, Source):
                room -= len(item.data)
                item = Unread(item.name) if len(item.data) > _LARGE else item
            items.append(item)
            if len(items) == _CHUNK or room < 0:
                yield items
                items, room = [], _LARGE
        yield items

    def item(self, name: str | FileResult) -> Item:
        """Read the file of a name that `names_in` yields, unless it is a stream."""
        if isinstance(name, FileResult):
            return name
        if name not in self._named and (data := read_small(name)) is not None:
            return self.classified(name, data)
        return Unread(name) if name in self._streams else self.read(name)

    def read(self, name: str) -> Source | FileResult | str:
        """Read a file; return its name if it has nothing to check."""
        source = read_source(name)
        return source if isinstance(source, FileResult) else self.classified(source.name, source.data)

    def classified(self, name: str, data: bytes) -> Source | str:
        """Return a file that was read, or its name if it has nothing to check."""
        if name.endswith(NAMES) and any(word in data for word in _CHANGING):
            self.kustomizations.append(name)
        return Source(name, data) if may_concern(data) else name

    def is_stream(self, name: str) -> bool:
        """Check whether a name is that of a stream."""
        return name in self._streams

    @property
    def has_streams(self) -> bool:
        """True if one of the paths is a stream."""
        return bool(self._streams)


def names_in(paths: Iterable[str]) -> Iterator[str | FileResult]:
    """Yield the name of each file once; for a path that cannot be followed, yield a failed result instead."""
    seen: set[str] = set()
    paths = list(paths)
    for path in paths:
        try:
            if len(paths) == 1:  # nothing is found twice below one folder
                yield from find_files(paths)
                continue
            for name in find_files([path]):
                place = name if name == STDIN else os.path.abspath(name)
                if place not in seen:
                    seen.add(place)
                    yield name
        except IsvclogError as error:
            yield failed_file(path, error)


def may_concern(data: bytes) -> bool:
    """Return False for the bytes of a file that has nothing to check, and no comment of isvclog."""
    # `in` of bytes raises and catches an exception inside, which takes longer than to search a small file.
    text = data.decode("latin-1")
    if any(map(text.__contains__, _WORDS)):
        return True
    # Most files are plain text, in which a word is written as it is.
    is_plain = "\\" not in text and "!" not in text and text.isascii()
    return not is_plain and may_contain(to_utf8(data), KEYWORDS)


def read_source(name: str) -> Source | FileResult:
    """Read a file, or return a failed result if it cannot be read."""
    try:
        return read_file(name, KEYWORDS)
    except IsvclogError as error:
        return failed_file(name, error)


def failed_file(name: str, error: IsvclogError) -> FileResult:
    """Build the result for a file that could not be read or written."""
    return FileResult(name, failure=str(error))


def _enlarge(pipe: int) -> None:
    """Let a pipe hold as much as a process without privileges may use, which is more than most runs need."""
    from fcntl import F_SETPIPE_SZ, fcntl

    with suppress(OSError):
        fcntl(pipe, F_SETPIPE_SZ, _LARGE)
