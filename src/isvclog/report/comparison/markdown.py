"""A comparison as Markdown for the comment of a pull request: totals, and one table with a row for each change.

The first line is a comment that no reader sees, by which a bot finds its comment and replaces it. Everything from a
manifest or about one is inside `<code>`: there GitHub and GitLab make no mentions and no references to issues.
"""

from collections.abc import Iterator, Sequence

from isvclog.findings import counted
from isvclog.preview.comparison import PreviewComparison
from isvclog.report.comparison.shown import (
    NO_SERVICE,
    ChangeKind,
    ShownChange,
    ShownFact,
    ShownLogger,
    ShownService,
    shown_sentences,
    shown_services,
    totals,
)
from isvclog.report.comparison.words import changed_values, short_value
from isvclog.report.escape import escape_markdown, markdown_code
from isvclog.report.formats import FormatSettings

MARKER = "<!-- isvclog-preview-diff -->"
"""The first line, the same in every version."""
MOST_CHARACTERS = 60_000
"""The characters of the table: GitHub takes comments of 65,536, and this leaves room for what a bot adds."""
_MOST_CELL = 300
_MOST_SENTENCES = 5
_HEADER = "| Service | Component | Event | Before | Now |\n|---|---|---|---|---|\n"


def write(comparison: PreviewComparison, settings: FormatSettings) -> Iterator[str]:
    """Yield the comment; rows that do not fit in a comment of GitHub are counted."""
    services = shown_services(comparison, settings)
    yield f"{MARKER}\n**Events of KServe's logger:** {escape_markdown(totals(services, comparison))}\n"
    yield from _table(services)
    places = " with ".join(_code(state.name) for state in (comparison.old, comparison.new))
    is_one = comparison.old.preview.release == comparison.release
    release = f", for KServe {escape_markdown(comparison.release.name)}" if is_one else ""
    yield f"\nCompared: {places}{release}.\n"
    for title, sentences in (("Not compared", comparison.failures), ("Note", comparison.remarks)):
        yield from _sentences(title, shown_sentences(sentences, settings))


def _sentences(title: str, sentences: Sequence[str]) -> Iterator[str]:
    yield from (f"\n{title}: {_code(sentence)}\n" for sentence in sentences[:_MOST_SENTENCES])
    if len(sentences) > _MOST_SENTENCES:
        yield f"\n{title}: {len(sentences) - _MOST_SENTENCES:,} more.\n"


def _table(services: Sequence[ShownService]) -> Iterator[str]:
    if services:
        yield "\n" + _HEADER
    room, left = MOST_CHARACTERS, 0
    for row in (row for service in services for row in _rows(service)):
        room = -1 if left else room - len(row)
        if room < 0:
            left += 1
        else:
            yield row
    if left:
        yield f"\n{counted(left, 'row')} more: too many for a comment.\n"


def _rows(service: ShownService) -> Iterator[str]:
    label = service.label.partition("/")[2] or service.label
    first = _code(label)
    before, now = service.rejected
    if before != now:
        yield _row(first, "", "accepted", *_acceptance(service))
        first = ""
    for logger in service.loggers:
        for cells in _cells(logger):
            yield _row(first, *cells)
            first = ""


def _acceptance(service: ShownService) -> Iterator[str]:
    """Say of each state whether the service is accepted."""
    absent = {ChangeKind.ADDED: 0, ChangeKind.REMOVED: 1}.get(service.change)
    for state, rejection in enumerate(service.rejected):
        yield _code(NO_SERVICE) if state == absent else f"no: {_code(rejection)}" if rejection else "yes"


def _cells(logger: ShownLogger) -> Iterator[tuple[str, str, str, str]]:
    """Yield component, event, before and now."""
    name = _code(logger.name)
    if not logger.is_sent_alike:
        now = f"{_code(logger.new)} {_code(logger.remedy)}".rstrip()
        yield name, "", _code(logger.old), now
        name = ""
    for change in logger.details:
        yield name, f"{change.kind.value} {_code(change.name)}", *_sides(change)
        name = ""


def _sides(change: ShownChange) -> tuple[str, str]:
    old, new = change.old, change.new
    if change.is_masked:
        return _value(old), f"{_value(new)} **(changed, and hidden)**"
    if old is not None and new is not None and old.value and new.value:
        before, now = changed_values(old, new)
        return _code(before[1:-1]), _code(now[1:-1]) + _reason(new)
    return _value(old), _value(new) + _reason(new)


def _reason(fact: ShownFact | None) -> str:
    """Say why a value arrives differently, or that it looks sensitive."""
    return f"; {_code(fact.message)}" if fact is not None and fact.value is not None and fact.message else ""


def _value(fact: ShownFact | None) -> str:
    """Format a value, or say in words why there is none."""
    if fact is None:
        return ""
    if fact.value is None and fact.message and not fact.arrives:
        return f"{escape_markdown(fact.status)}: {_code(fact.message)}"
    return _code(short_value(fact.words) or "''")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


def _code(text: str) -> str:
    text = text if len(text) <= _MOST_CELL else f"{text[:_MOST_CELL]}…"
    return markdown_code(text)
