"""What a check says about a place in a manifest. Every report format prints these and nothing else."""

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from isvclog.changes import Change
from isvclog.keypath import KeyPath

_LONGEST = 60


class Severity(IntEnum):
    """How bad it is; larger is worse, so that `finding.severity >= threshold` reads well."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Span(NamedTuple):
    """A stretch of text: lines and columns count from 1, in characters; `end_column` is the first one after it."""

    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def exists(self) -> bool:
        """Whether there is any text; `NOWHERE` is the place of everything in an object of a cluster."""
        return self.line > 0


NOWHERE = Span(0, 0, 0, 0)


class Edit(NamedTuple):
    """The text of a file at `span`, which may be empty, becomes `text`."""

    span: Span
    text: str


class Fix(NamedTuple):
    """How a finding can be mended. `title` is a sentence in the imperative: "Write `X-Request-Id`."

    A safe fix does what the author meant beyond doubt; any other has to be asked for. `changes` say what becomes of the
    data, with key paths that start at the object, whose own path in its document is `root`; `edits` do it to the text.
    Both are empty until the manifest layer has found the places.
    """

    title: str
    changes: tuple[Change, ...]
    safe: bool = True
    edits: tuple[Edit, ...] = ()
    root: KeyPath = ()


class Finding(NamedTuple):
    """One thing to tell the user.

    `file` is the name of a file, or what `filenames.live_name` makes of an object of a cluster, whose span is NOWHERE.
    `rule` is its name in kebab case, `message` says what will happen in the cluster and `remedy` what to do instead
    (both one sentence, without values that may be secret). `path` is the key path inside the object, `object` its
    `Kind/namespace/name` as far as the manifest says it, `document` counts from 1.
    """

    file: str
    span: Span
    severity: Severity
    rule: str
    message: str
    remedy: str = ""
    path: KeyPath = ()
    object: str = ""
    document: int = 1
    fix: Fix | None = None
    fingerprint: str = ""
    """A few hex digits that tell the value at `path` from others; empty where the value may be secret."""


def code(text: str) -> str:
    """A name from a manifest, made fit to be shown: short, in backticks, special characters escaped as in Python."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "`" + repr(shown)[1:-1].replace("`", "'") + "`"


def enumerated(parts: Sequence[str], most: int | None = None) -> str:
    """`a`, `a and b`, or `a, b and c`; where there are more than `most`, that many and `2 more`."""
    if most is not None and len(parts) > most:
        parts = [*parts[:most], f"{len(parts) - most:,} more"]
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def counted(number: int, noun: str) -> str:
    """The number with its noun: `1 file`, `1,000 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
