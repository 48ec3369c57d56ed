"""Findings: what a check reports about a place in a manifest. Every report format prints these and nothing else."""

import re
from collections.abc import Sequence
from enum import IntEnum

from isvclog.changes import Change
from isvclog.keypath import KeyPath
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_LONGEST, _LONGEST_READ = 60, 8192
_LONGEST_TEXT, _TEXT_START, _TEXT_END = 600, 250, 300
_NAME = late_pattern(r"`([^`]*)`")
_HALF_ESCAPE = late_pattern(r"(?<!\\)(?:\\\\)*\\(?:x.?|u.{,3}|U.{,7})?\Z")


class Severity(IntEnum):
    """The severity of a finding. Larger is worse, so that `finding.severity >= threshold` reads well."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


class Span(NamedTuple):
    """A range of text. Lines and columns count from 1, in characters; `end_column` is the first column after it."""

    line: int
    column: int
    end_line: int
    end_column: int

    @property
    def exists(self) -> bool:
        """True if the range is in a text. False for `NOWHERE`, the span of everything in an object of a cluster."""
        return self.line > 0


NOWHERE = Span(0, 0, 0, 0)


class Edit(NamedTuple):
    """A replacement of the text of a file at `span`, which may be empty, with `text`.

    With `masked`, a secret in the text is replaced by a placeholder, so the edit can be shown and not be made.
    """

    span: Span
    text: str
    masked: bool = False


class Fix(NamedTuple):
    """A way to fix a finding. `title` is a sentence in the imperative: "Write `X-Request-Id`."

    A safe fix does what the author intended, without doubt; any other fix is made only on request. `changes` describe
    the changes to the data, with key paths that start at the object; `root` is the key path of the object in its
    document. `edits` make the same changes to the text. `edits` and `root` are empty until the manifest layer has
    located them.
    """

    title: str
    changes: tuple[Change, ...]
    safe: bool = True
    edits: tuple[Edit, ...] = ()
    root: KeyPath = ()


class SourcePlace(NamedTuple):
    """The place that a finding of rendered text comes from: in a template of a chart, or in a file of an overlay.

    `span` is the position of the key or item; if that is not known, `is_exact` is False and it is the first line.
    `values` are file and position of the value, where the template takes it from a values file. `shown_by` are the
    values files with which a chart has the finding, if it was rendered with several, each on its own. `fix` is the fix
    of the rendered text, which may be made in the source.
    """

    file: str
    span: Span
    is_exact: bool = False
    values: tuple[str, Span] | None = None
    shown_by: tuple[str, ...] = ()
    fix: Fix | None = None


class Suppression(NamedTuple):
    """The cause for which a finding is not reported.

    `kind` is `comment`, `project` for an entry of the project file, or `baseline`. `reason` is the text that the
    comment or entry gives, or empty.
    """

    kind: str
    reason: str = ""


class Finding(NamedTuple):
    """One issue at one place, as it is reported to the user.

    `file` is the name of a file, or the result of `filenames.live_name` for an object of a cluster, whose span is
    NOWHERE. `rule` is the rule's name in kebab case, `message` says what will happen in the cluster and `remedy` what
    to do instead (each is one sentence, without values that may be secret). `path` is the key path inside the object,
    `object` its `Kind/namespace/name` as far as the manifest gives them, `document` counts from 1.
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
    """A few hex digits that distinguish the value at `path` from others; empty if the value may be secret."""
    key_line: int = 0
    """The line of the key, where a comment about the finding may be, if `span` is in or behind it; else 0."""
    origin: SourcePlace | None = None
    """The source of rendered text; None for all other text. `file` and `span` are those of the rendered text."""
    suppression: Suppression | None = None
    """The cause why it is not reported, or None if it is."""

    @property
    def sentence(self) -> str:
        """The position, the message and the remedy in one line, for a document that cannot be read."""
        return f"{self.file}:{self.span.line}:{self.span.column}: {self.message} {self.remedy}".rstrip()


def code(text: str) -> str:
    """Format a name from a manifest for display: in backticks, special characters escaped as in Python.

    `shorten_names` cuts it, but not before its secrets are masked: half of a secret does not look like one.
    """
    return "`" + repr(text[:_LONGEST_READ])[1:-1].replace("`", "'") + "`"


def shorten_names(sentence: str) -> str:
    """Cut each name in backticks to 60 characters; nothing that is still secret may be in there."""
    return _NAME.sub(_shortened, sentence) if len(sentence) > _LONGEST else sentence


def _shortened(name: re.Match[str]) -> str:
    if len(name[1]) <= _LONGEST:
        return name[0]
    return f"`{_HALF_ESCAPE.sub('', name[1][: _LONGEST - 1])}…`"


def enumerated(parts: Sequence[str], most: int | None = None) -> str:
    """Join the parts: `a`, `a and b`, or `a, b and c`. If there are more than `most`, show that many and `2 more`."""
    if most is not None and len(parts) > most:
        parts = [*parts[:most], f"{len(parts) - most:,} more"]
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def shorten_text(text: str) -> str:
    """Put a text of others on one line, and leave out the middle of a long one. Mask the secrets in it before."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_TEXT else f"{line[:_TEXT_START]} ... {line[-_TEXT_END:]}"


def counted(number: int, noun: str) -> str:
    """Format a number with its noun: `1 file`, `1,000 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
