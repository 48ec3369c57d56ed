"""Fixes of findings, done to a file: only those after which the file says exactly what it should, and nothing else."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from isvclog.changes import Change
from isvclog.findings import Edit, Finding, Fix
from isvclog.keypath import KeyPath
from isvclog.manifest import Source
from isvclog.manifest.refusal import CannotEdit

if TYPE_CHECKING:
    from isvclog.manifest.apply import Intent

_ROUNDS = 10


class Fixed(NamedTuple):
    """The bytes of a file after its fixes.

    `refused` has one sentence for each finding whose fix would change something else. A finding whose edits overlap
    those of another is in neither list: its turn comes when the result is checked again.
    """

    data: bytes
    applied: tuple[Finding, ...] = ()
    refused: tuple[tuple[Finding, str], ...] = ()


class _Group(NamedTuple):
    """Findings with the same edits: what they share by an alias changes for all of them at once."""

    edits: tuple[Edit, ...]
    findings: list[Finding]

    @property
    def intents(self) -> "list[Intent]":
        return [_intent(finding.document, finding.fix) for finding in self.findings if finding.fix]


def fix_until_done(
    source: Source, findings: Sequence[Finding], check: Callable[[Source], Sequence[Finding]], *, unsafe: bool
) -> Fixed:
    """The file with all fixes of its findings, checked again after each round, since one may make room for another."""
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
    """The file with the fixes of its findings, as many as go together; `unsafe` ones only when asked for."""
    groups = _without_overlaps(_groups(findings, unsafe))
    if not groups:
        return Fixed(source.data)
    accepted: list[_Group] = []
    refused: list[tuple[Finding, str]] = []
    data = _accept(source.data, source.data, groups, accepted, refused)
    kept = {id(finding) for group in accepted for finding in group.findings}
    return Fixed(data, tuple(finding for finding in findings if id(finding) in kept), tuple(refused))


def _groups(findings: Sequence[Finding], unsafe: bool) -> list[_Group]:
    groups: dict[tuple[Edit, ...], _Group] = {}
    for finding in findings:
        if finding.fix and finding.fix.edits and (finding.fix.safe or unsafe):
            edits = finding.fix.edits
            groups.setdefault(edits, _Group(edits, [])).findings.append(finding)
    return sorted(groups.values(), key=lambda group: group.edits[0].span)


def _without_overlaps(groups: list[_Group]) -> list[_Group]:
    """The groups, in the order of the text, that leave the edits of those before them alone."""
    from isvclog.manifest.edit import overlap

    chosen: list[_Group] = []
    taken: list[Edit] = []
    for group in groups:
        if not any(overlap(edit, other) for edit in group.edits for other in taken if edit != other):
            chosen.append(group)
            # Those far above cannot overlap any more what is sorted by its start.
            taken = [edit for edit in taken if edit.span[2:] >= group.edits[0].span[:2]] + list(group.edits)
    return chosen


def _accept(
    original: bytes, data: bytes, batch: list[_Group], accepted: list[_Group], refused: list[tuple[Finding, str]]
) -> bytes:
    """`data`, which is `original` with what was accepted so far, with those of the batch that can be accepted too."""
    from isvclog.manifest.apply import apply, verify

    together = [*accepted, *batch]
    try:
        result = apply(original, [edit for group in together for edit in group.edits])
        verify(original, result, [intent for group in together for intent in group.intents])
    except CannotEdit as error:
        if len(batch) == 1:
            refused += [(finding, str(error)) for finding in batch[0].findings]
            return data
        middle = len(batch) // 2
        data = _accept(original, data, batch[:middle], accepted, refused)
        return _accept(original, data, batch[middle:], accepted, refused)
    accepted += batch
    return result


def _intent(document: int, fix: Fix) -> "Intent":
    from isvclog.manifest.apply import Intent

    return Intent(document, tuple(_moved(change, fix.root) for change in fix.changes))


def _moved(change: Change, root: KeyPath) -> Change:
    return change._replace(path=(*root, *change.path))
