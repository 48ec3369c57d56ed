"""Reviewdog Diagnostic Format, from which reviewdog writes comments with suggestions on a change.

`proto/rdf/reviewdog.proto` of reviewdog describes it: columns count bytes of UTF-8 from 1, the end of a range is
exclusive, and a range without columns is about whole lines. A suggestion is a whole fix, because reviewdog offers each
one on its own (`service/github/github.go`, `buildSingleSuggestion`); fixes that are not safe are none. Paths are those
of the command line: reviewdog reads them from the current folder (`pathutil.NormalizePath`).
"""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from isvclog import home
from isvclog.filenames import STDIN, shown_name
from isvclog.findings import Edit, Finding, Span
from isvclog.keypath import dotted
from isvclog.lint.json_text import dumps
from isvclog.lint.results import FileResult, RunResult
from isvclog.manifest.editing.ordering import sorted_splices
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.records import NamedTuple
from isvclog.report.escape import printable
from isvclog.report.findings.location import rendered_note, reported_place
from isvclog.report.formats import FormatSettings

_Place = tuple[int, int]


class _Offset(NamedTuple):
    """A place in the bytes of a file: the offset of its line, and its own."""

    line: int
    own: int


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield one DiagnosticResult with one diagnostic per line; that of an unreadable file has no range."""
    source = {"name": "isvclog"} | _link(home.published(home.REPOSITORY))
    yield f'{{"source": {dumps(source)}, "diagnostics": ['
    separator = "\n"
    for checked in run:
        for diagnostic in _diagnostics(checked):
            yield separator + "  " + dumps(diagnostic)
            separator = ",\n"
    yield "\n]}\n"


def _diagnostics(checked: FileResult) -> Iterator[dict[str, Any]]:
    if checked.failure:
        code = {"value": "unreadable-file"}
        yield _diagnostic(checked.failure, "ERROR", code, _location(checked.file, {}))
    offsets = _offsets(checked.data, _places(checked))
    for finding in checked.findings:
        file, span = reported_place(finding)
        # The columns of a source are not known: only the rendered text is at hand.
        place = _range(span, {} if finding.origin else offsets) if span.exists else {}
        message = f"{finding.message}{rendered_note(finding)} {finding.remedy}".rstrip()
        if finding.path and not span.exists:
            message = f"{dotted(finding.path)}: {message}"
        code = {"value": finding.rule} | _link(home.rule_address(finding.rule))
        suggestions = _suggestions(finding, checked, offsets)
        yield _diagnostic(message, finding.severity.name, code, _location(file, place)) | suggestions


def _diagnostic(message: str, severity: str, code: dict[str, str], location: dict[str, Any]) -> dict[str, Any]:
    return {"message": printable(message), "location": location, "severity": severity, "code": code}


def _link(address: str | None) -> dict[str, str]:
    return {"url": address} if address else {}


def _location(file: str, place: dict[str, Any]) -> dict[str, Any]:
    path = "stdin" if file == STDIN else printable(shown_name(file))
    return {"path": path, **({"range": place} if place else {})}


def _range(span: Span, offsets: Mapping[_Place, _Offset]) -> dict[str, Any]:
    start, end = offsets.get(span[:2]), offsets.get(span[2:])
    if not (start and end):
        return {"start": {"line": span.line}, "end": {"line": span.end_line}}
    return {
        "start": {"line": span.line, "column": start.own - start.line + 1},
        "end": {"line": span.end_line, "column": end.own - end.line + 1},
    }


def _edits(finding: Finding) -> list[Edit]:
    """Return the edits of a fix that can be suggested, in the order of the text."""
    fix = finding.fix
    if fix is None or not fix.safe or any(edit.masked for edit in fix.edits):
        return []
    return sorted_splices(fix.edits)


def _suggestions(finding: Finding, checked: FileResult, offsets: Mapping[_Place, _Offset]) -> dict[str, Any]:
    """Join the edits of a fix to one suggestion. Nothing is suggested if a secret is in the text between them."""
    edits = _edits(finding)
    if not edits or not all(place in offsets for edit in edits for place in (edit.span[:2], edit.span[2:])):
        return {}
    text = edits[0].text
    for one, other in pairwise(edits):
        kept = checked.data[offsets[one.span[2:]].own : offsets[other.span[:2]].own].decode()
        if checked.redaction.text(kept) != kept:
            return {}
        text += kept + other.text
    whole = Span(*edits[0].span[:2], *edits[-1].span[2:])
    return {"suggestions": [{"range": _range(whole, offsets), "text": text}]}


def _places(checked: FileResult) -> set[_Place]:
    """Collect where the findings of a file, and their edits, start and end."""
    spans = [finding.span for finding in checked.findings if finding.span.exists]
    spans += [edit.span for finding in checked.findings for edit in _edits(finding)]
    return {place for span in spans for place in (span[:2], span[2:])}


def _offsets(data: bytes, places: Iterable[_Place]) -> dict[_Place, _Offset]:
    """Find places in the bytes of a file, except those behind its end.

    None is found if it is not UTF-8, or if a carriage return alone ends a line, because others count line feeds.
    """
    found: dict[_Place, _Offset] = {}
    if not data.endswith(to_utf8(data)) or b"\r" in data.replace(b"\r\n", b"\n"):
        return found
    lines = [*data.splitlines(keepends=True), b""]
    number = start = at = done = 0
    text = ""
    for line, column in sorted(places):
        if line > len(lines):
            break
        if number < line:
            start += sum(map(len, lines[max(number - 1, 0) : line - 1]))
            number, at, done = line, start, 0
            text = lines[line - 1].decode(errors="surrogateescape")
        end = column - 1 + (line == 1 and data.startswith(BOM_UTF8))  # which has no column
        # From place to place, as all of a JSON file may be one line.
        at += len(text[done:end].encode(errors="surrogateescape"))
        done = end
        found[line, column] = _Offset(start, at)
    return found
