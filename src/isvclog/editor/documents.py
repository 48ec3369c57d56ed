"""Open documents, and what the engine of `lint` finds in them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from isvclog.editor.lines import Lines
from isvclog.editor.projects import Project
from isvclog.findings import Finding
from isvclog.lint.linter import Linter
from isvclog.lint.reading import KEYWORDS, may_concern
from isvclog.lint.results import FileResult
from isvclog.manifest import Object, Source, load
from isvclog.records import NamedTuple
from isvclog.redact.words import use_vocabulary

MOST_FINDINGS = 1000
"""The findings of one document that are shown; an editor can do nothing with more."""
MOST_BYTES = 2 * 1024 * 1024
"""The size above which a document is left to `isvclog lint`: it is checked after each pause in typing."""


class Checked(NamedTuple):
    """A check of one state of a document.

    `result` has the findings with their fixes, for edits. `shown` has the first `MOST_FINDINGS` of them as they are
    printed, with secrets masked.
    """

    project: Project
    source: Source
    result: FileResult
    shown: Sequence[Finding]

    def pairs(self) -> Iterator[tuple[Finding, Finding]]:
        """Yield each finding as it is and as it is shown."""
        return zip(self.result.findings, self.shown, strict=False)


def _shown(result: FileResult) -> Sequence[Finding]:
    return result._replace(findings=result.findings[:MOST_FINDINGS]).shown(False).findings


class OpenDocument:
    """One state of a document that the client has opened; a change makes another one.

    `path` is None if it is no file; `encoding` is that of `Lines`. What is computed is remembered, and with
    `is_too_slow` that it took too long.
    """

    def __init__(self, uri: str, path: str | None, text: str, version: int | None, encoding: str) -> None:
        self.uri, self.path, self.text, self.version = uri, path, text, version
        self._encoding = encoding
        self.is_too_slow = False
        self._checked: Checked | None = None

    def changed(self, text: str, version: int | None) -> "OpenDocument":
        """Create the state after a change."""
        return OpenDocument(self.uri, self.path, text, version, self._encoding)

    @property
    def folder(self) -> str | None:
        """The folder of the file, or None."""
        return None if self.path is None else os.path.dirname(self.path)

    @property
    def name(self) -> str:
        """The name in findings."""
        return self.uri if self.path is None else self.path

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text."""
        return Lines(self.text, self._encoding)

    @cached_property
    def source(self) -> Source:
        """The text as a file with the same bytes."""
        return Source(self.name, self.text.encode("utf-8", "replace"))

    @property
    def is_left_out(self) -> bool:
        """True if the text is larger than `MOST_BYTES`, or was found to take too long."""
        return self.is_too_slow or len(self.source.data) > MOST_BYTES

    @cached_property
    def concerns_us(self) -> bool:
        """False if a search of the bytes shows that there is nothing of KServe in the text."""
        return may_concern(self.source.data)

    @cached_property
    def objects(self) -> Mapping[int, Sequence[Object]]:
        """The objects that may be services, by the number of their document; what cannot be read is left out."""
        found: dict[int, list[Object]] = {}
        for item in load(self.source, KEYWORDS):
            if isinstance(item, Object):
                found.setdefault(item.document, []).append(item)
        return found

    def check(self, project: Project) -> Checked:
        """Check the text with the settings of its project, unless that was done already."""
        if self._checked is None or self._checked.project is not project:
            use_vocabulary(project.config.policy.vocabulary)
            result = next(Linter(project.settings, project.config).source_results([self.source]))
            self._checked = Checked(project, self.source, result, _shown(result))
        return self._checked
