"""Fixes applied to a file.

A fix is applied only if the file then says exactly what it should, and nothing else changes.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from isvclog.changes import Change, Insert, Rename, Replace, SetCollection
from isvclog.findings import Edit, Finding, Span
from isvclog.keypath import KeyPath
from isvclog.manifest import Source
from isvclog.manifest.editing.edit_error import EditError
from isvclog.records import NamedTuple

_ROUNDS = 10
_TRIALS = 64
"""The most trials of the fixes of one document, to find those that change something else. Each trial parses it."""

_UNTRIED = "many other fixes of this document would change something else; fix those findings first."


class Fixed(NamedTuple):
    """The bytes of a file after its fixes, and the findings that were fixed or could not be.

    `rejected` has one sentence for each finding whose fix would change something else. A finding whose edits overlap
    those of another one, or whose fix gives the same key something else, is in neither list: its fix is tried again
    when the result is checked again.
    """

    data: bytes
    applied: tuple[Finding, ...] = ()
    rejected: tuple[tuple[Finding, str], ...] = ()


class _Group(NamedTuple):
    """Findings with the same edits: text that they share through an alias changes for all of them at once."""

    edits: tuple[Edit, ...]
    findings: list[Finding]

    def written(self) -> dict[tuple[int, KeyPath], Change]:
        """Collect the places, each a document and a key path, that get another value or a new key, and the change."""
        return {
            (finding.document, (*finding.fix.root, *path)): change
            for finding in self.findings
            if finding.fix
            for change in finding.fix.changes
            if (path := _written(change)) is not None
        }


class _Part(NamedTuple):
    """A file or one document of it; `lines` and `documents` count what is above it in the file."""

    data: bytes
    lines: int = 0
    documents: int = 0

    def with_fixes(self, groups: Sequence[_Group]) -> bytes:
        """Apply the fixes to this part. Raise EditError if anything else would change."""
        from isvclog.manifest.editing.apply import Intent, apply, verify

        edits = [Edit(_raised(edit.span, self.lines), edit.text) for group in groups for edit in group.edits]
        intents = [
            Intent(
                finding.document - self.documents,
                tuple(_moved(change, finding.fix.root) for change in finding.fix.changes),
            )
            for group in groups
            for finding in group.findings
            if finding.fix
        ]
        result = apply(self.data, edits)
        verify(self.data, result, intents)
        return result


def fix_until_done(
    source: Source, findings: Sequence[Finding], check: Callable[[Source], Sequence[Finding]], *, unsafe: bool
) -> Fixed:
    """Apply all fixes of a file's findings in several rounds.

    `check` finds the remaining findings after each round, because one fix may make another one possible.
    """
    applied: list[Finding] = []
    done = fix(source, findings, unsafe=unsafe)
    for _ in range(_ROUNDS - 1):
        if not done.applied:
            break
        applied += done.applied
        now = Source(source.name, done.data)
        done = fix(now, check(now), unsafe=unsafe)
    return done._replace(applied=(*applied, *done.applied))


def fix(source: Source, findings: Sequence[Finding], *, unsafe: bool) -> Fixed:
    """Apply as many fixes of the findings as are compatible.

    Fixes that are not safe are applied only if `unsafe` is True.
    """
    groups = _without_rivals(_without_overlaps(_groups(findings, unsafe)))
    if not groups:
        return Fixed(source.data)
    rejected: list[tuple[Finding, str]] = []
    try:
        data, accepted = _Part(source.data).with_fixes(groups), groups
    except EditError:
        data, accepted = _fix_by_document(source.data, groups, rejected)
    kept = {id(finding) for group in accepted for finding in group.findings}
    return Fixed(data, tuple(finding for finding in findings if id(finding) in kept), tuple(rejected))


def _fix_by_document(
    data: bytes, groups: list[_Group], rejected: list[tuple[Finding, str]]
) -> tuple[bytes, list[_Group]]:
    """Apply the fixes that are compatible within their document; return the bytes and the groups of these fixes.

    Add the other findings to `rejected`, with the reasons.
    """
    accepted = [group for part, own in _by_document(data, groups) for group in _acceptable(part, own, rejected)]
    try:
        return _Part(data).with_fixes(accepted), accepted
    except EditError as error:
        rejected += [(finding, str(error)) for group in accepted for finding in group.findings]
        return data, []


def _groups(findings: Sequence[Finding], unsafe: bool) -> list[_Group]:
    groups: dict[tuple[Edit, ...], _Group] = {}
    for finding in findings:
        if finding.fix and finding.fix.edits and (finding.fix.safe or unsafe):
            edits = finding.fix.edits
            groups.setdefault(edits, _Group(edits, [])).findings.append(finding)
    return sorted(groups.values(), key=lambda group: group.edits[0].span)


def _without_overlaps(groups: list[_Group]) -> list[_Group]:
    """Select the groups, in the order of the text, whose edits do not overlap those of a group selected before."""
    from isvclog.manifest.editing.ordering import overlap

    chosen: list[_Group] = []
    taken: list[Edit] = []
    for group in groups:
        if not any(overlap(edit, other) for edit in group.edits for other in taken if edit != other):
            chosen.append(group)
            # Those far above cannot overlap any more what is sorted by its start.
            taken = [edit for edit in taken if edit.span[2:] >= group.edits[0].span[:2]] + list(group.edits)
    return chosen


def _without_rivals(groups: list[_Group]) -> list[_Group]:
    """Select the groups that write no place to which a group selected before writes something else.

    Otherwise each rival, such as one of several misspellings of a field, would be found by trying: too slow for many.
    """
    chosen: list[_Group] = []
    taken: dict[tuple[int, KeyPath], Change] = {}
    for group in groups:
        written = group.written()
        if all(taken.get(place, change) == change for place, change in written.items()):
            chosen.append(group)
            taken |= written
    return chosen


def _by_document(data: bytes, groups: list[_Group]) -> list[tuple[_Part, list[_Group]]]:
    """Assign the groups to their documents, so that finding incompatible fixes takes no longer in a larger file."""
    from isvclog.manifest.syntax.decode import to_utf8
    from isvclog.manifest.syntax.split import count_lines, split_documents

    text, line, place = to_utf8(data), 0, 0
    found: list[tuple[_Part, list[_Group]]] = []
    last_lines: list[int] = []
    for number, start, end in split_documents(text):
        line += count_lines(text, place, start)
        found.append((_Part(text[start:end], line, number - 1), []))
        line, place = line + count_lines(text, start, end), end
        last_lines.append(line)
    for group in groups:
        index = bisect_left(last_lines, group.findings[0].span.line)
        found[min(index, len(found) - 1)][1].append(group)
    return found


def _acceptable(part: _Part, batch: list[_Group], rejected: list[tuple[Finding, str]]) -> list[_Group]:
    """Select the groups of the batch whose fixes are compatible.

    Add the findings of the other groups to `rejected`, with the reasons.
    """
    accepted: list[_Group] = []
    waiting = [batch] if batch else []
    for _ in range(_TRIALS):
        if not waiting:
            break
        batch = waiting.pop()
        try:
            part.with_fixes([*accepted, *batch])
        except EditError as error:
            middle = len(batch) // 2
            if middle:
                waiting += (batch[middle:], batch[:middle])
            else:
                rejected += [(finding, str(error)) for finding in batch[0].findings]
        else:
            accepted += batch
    rejected += [(finding, _UNTRIED) for batch in waiting for group in batch for finding in group.findings]
    return accepted


def _written(change: Change) -> KeyPath | None:
    """Return the path of the key or item that a change writes; None for removals and for additions to a list."""
    match change:
        case Rename(path, key):
            return (*path[:-1], key)
        case Replace(path) | Insert(path) | SetCollection(path):
            return path
    return None


def _moved(change: Change, root: KeyPath) -> Change:
    return change._replace(path=(*root, *change.path))


def _raised(span: Span, lines: int) -> Span:
    return Span(span.line - lines, span.column, span.end_line - lines, span.end_column)
