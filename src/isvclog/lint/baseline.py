"""The baseline: findings that existed when isvclog was introduced, so that only new ones count.

A finding is identified by its file, rule, object, pointer and fingerprint. Its line number does not matter, so text may
be added above it. If its file no longer exists, the other four identify it, so a file may be moved.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from isvclog.atomic import replace_file
from isvclog.errors import IsvclogError, UsageError
from isvclog.filenames import STDIN, is_live, relative_name
from isvclog.findings import Finding, code
from isvclog.keypath import pointer
from isvclog.lint.json_text import dumps
from isvclog.manifest import read_file
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction, SecretRedaction

SCHEMA_VERSION = 1
"""The version of the file format. It increases when a reader of the old format could misread the new one."""

_UNKNOWN = SecretRedaction()
_REWRITE = "write it again with `isvclog lint --write-baseline`."


class BaselineEntry(NamedTuple):
    """The identity of one finding in a baseline; `file` is relative to the baseline's folder.

    The order of the fields is their order in the file, and entries are sorted by it.
    """

    file: str
    object: str
    pointer: str
    rule: str
    fingerprint: str


class Baseline:
    """The known findings with how often each occurs, counted down during one run. `path` is the name of the file."""

    def __init__(self, path: str, entries: Counter[BaselineEntry]) -> None:
        self.path, self.entries = path, entries
        self._left = Counter(entries)
        self._folder = os.path.dirname(os.path.abspath(path))
        self._checked: set[str] = set()
        self._moved: dict[BaselineEntry, list[BaselineEntry]] | None = None

    def apply(
        self, file: str, findings: Iterable[Finding], redaction: Redaction = _UNKNOWN
    ) -> tuple[list[Finding], list[Finding]]:
        """Split the findings of one file into new and known ones. Call this once for every checked file.

        A known finding is used up: if the baseline has two of a kind, a third one is new. `redaction` masks secrets as
        they are masked in the baseline.
        """
        name = relative_name(redaction.text(file) if is_live(file) else file, self._folder)
        self._checked.add(name)
        new: list[Finding] = []
        known: list[Finding] = []
        for finding in findings:
            entry = _entry(redaction.finding(finding), name)
            (known if self._use(entry) else new).append(finding)
        return new, known

    def stale(self) -> list[tuple[BaselineEntry, int]]:
        """List the entries that no longer occur, with how many times each. Call this after all files.

        These entries should be removed from the baseline. Only entries of files that were checked or no longer exist
        are listed, because a run over some files says nothing about the others.
        """
        over = ((entry, count) for entry, count in self._left.items() if count > 0)
        return sorted(
            (entry, count) for entry, count in over if entry.file in self._checked or self._is_deleted(entry.file)
        )

    def _use(self, entry: BaselineEntry) -> bool:
        candidates = [entry]
        if self._left[entry] <= 0:
            if self._moved is None:
                self._moved = self._of_deleted_files()
            candidates = self._moved.get(entry._replace(file=""), [])
        for candidate in candidates:
            if self._left[candidate] > 0:
                self._left[candidate] -= 1
                return True
        return False

    def _of_deleted_files(self) -> dict[BaselineEntry, list[BaselineEntry]]:
        deleted = {file for file in {entry.file for entry in self.entries} if self._is_deleted(file)}
        found: dict[BaselineEntry, list[BaselineEntry]] = {}
        for entry in self.entries:
            if entry.file in deleted:
                found.setdefault(entry._replace(file=""), []).append(entry)
        return found

    def _is_deleted(self, file: str) -> bool:
        return file != STDIN and not is_live(file) and not os.path.lexists(os.path.join(self._folder, file))


def is_baseline(data: bytes) -> bool:
    """Check whether the bytes of a file are a baseline, of this version or another one, however it is indented."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(content, dict) and content.keys() == {"schemaVersion", "findings"}


def read_baseline(path: str) -> Baseline:
    """Read the baseline file at `path`.

    Raise UsageError, with one sentence, if the file cannot be read or is not a baseline.
    """
    try:
        content = json.loads(read_file(path).data)
    except IsvclogError as error:
        raise UsageError(str(error)) from None
    except json.JSONDecodeError as error:
        problem = f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise UsageError(f"{path}:{error.lineno}:{error.colno}: the baseline {problem}; {_REWRITE}") from None
    except (ValueError, RecursionError):
        raise UsageError(f"The baseline {path} is not JSON; {_REWRITE}") from None
    if not isinstance(content, dict) or not isinstance(content.get("findings"), list):
        raise UsageError(f"{path} is not a baseline: it has no list of findings; name another file, or {_REWRITE}")
    if content.get("schemaVersion") != SCHEMA_VERSION or isinstance(content["schemaVersion"], bool):
        raise UsageError(f"The baseline {path} was written by another version of isvclog; {_REWRITE}")
    entries: Counter[BaselineEntry] = Counter()
    for number, item in enumerate(content["findings"], 1):
        try:
            entry, count = _read_entry(item)
        except ValueError as error:
            raise UsageError(f"Finding {number} of the baseline {path} {error}; {_REWRITE}") from None
        entries[entry] += count
    return Baseline(path, entries)


def write_baseline(path: str, findings: Iterable[Finding]) -> int:
    """Write the findings as a baseline file and return its number of entries. An existing file is overwritten.

    The file contains no values, and what looks secret in names is masked: the findings have passed the gate. It is
    sorted ASCII text with one entry per line, so the same findings give the same bytes. It is replaced atomically.
    Raise IsvclogError if it cannot be written.
    """
    folder = os.path.dirname(os.path.abspath(path))
    counts = Counter(_entry(finding, relative_name(finding.file, folder)) for finding in findings)
    with replace_file(path) as write:
        write(map(str.encode, _lines(counts)))
    return len(counts)


def _entry(finding: Finding, name: str) -> BaselineEntry:
    return BaselineEntry(name, finding.object, pointer(finding.path), finding.rule, finding.fingerprint)


def _lines(counts: Counter[BaselineEntry]) -> Iterator[str]:
    yield f'{{"schemaVersion": {SCHEMA_VERSION}, "findings": ['
    separator = "\n"
    for entry, count in sorted(counts.items()):
        item = entry._asdict() | ({"count": count} if count > 1 else {})
        yield separator + "  " + dumps(item)
        separator = ",\n"
    yield "\n]}\n"


def _read_entry(item: Any) -> tuple[BaselineEntry, int]:
    if not isinstance(item, dict):
        raise ValueError("is not an object")
    known = {*BaselineEntry._fields, "count"}
    if unknown := sorted(item.keys() - known):
        raise ValueError(f"has the unknown member {code(unknown[0])}")
    for field in BaselineEntry._fields:
        if not isinstance(item.get(field), str):
            raise ValueError(f"has no text {code(field)}")
    count = item.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise ValueError("has a count that is not a number above zero")
    return BaselineEntry(*(item[field] for field in BaselineEntry._fields)), count
