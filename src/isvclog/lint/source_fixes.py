"""Fixes of findings of rendered text, made in the templates or files that have the text literally."""

from collections.abc import Iterable, Iterator, Sequence

from isvclog.findings import Finding
from isvclog.keypath import KeyPath
from isvclog.lint.files import objects_in
from isvclog.lint.fixes import fix
from isvclog.manifest import Object, Source
from isvclog.manifest.editing.edit_error import EditError
from isvclog.records import NamedTuple
from isvclog.rendering.source_edits import RenderedEdit, SourceChange, SourceEditor, SourceHunk

_TRIALS = 16
"""The most renderings to find those fixes that would render something else."""


class SourceFixes(NamedTuple):
    """The fixes of a rendered text: the changed sources, the text as it is rendered then, and the fixed findings.

    `unmade` counts the findings whose fix is not made, because a template makes the text.
    """

    changes: Sequence[SourceChange]
    data: bytes
    applied: Sequence[Finding]
    unmade: int


def fix_sources(source: Source, findings: Sequence[Finding], editor: SourceEditor, *, unsafe: bool) -> SourceFixes:
    """Choose the fixes of a rendered text that can be made in its sources, and make the new contents of these.

    Nothing is written. Fixes that are not safe are chosen only if `unsafe` is True.
    """
    wanted = list(_fixable(findings, unsafe))
    located = _located(source, wanted, editor) if wanted else {}
    literal = [finding for finding in wanted if id(finding) in located]
    try:
        chosen = _try(source, literal, located, editor)
    except EditError:
        chosen = _one_by_one(source, literal, located, editor)
    return SourceFixes(chosen.changes, chosen.data, chosen.applied, len(wanted) - len(chosen.applied))


def _fixable(findings: Iterable[Finding], unsafe: bool) -> Iterator[Finding]:
    """Yield the findings that have a fix of the rendered text, each with this fix as its own."""
    for finding in findings:
        made = finding.origin and finding.origin.fix
        if made and made.edits and (made.safe or unsafe):
            yield finding._replace(fix=made)


class _Trial(NamedTuple):
    changes: Sequence[SourceChange]
    applied: Sequence[Finding]
    data: bytes


def _located(source: Source, findings: Sequence[Finding], editor: SourceEditor) -> dict[int, tuple[SourceHunk, ...]]:
    """Find the edits of the sources for each finding, by its identity; those that a template makes are left out."""
    objects: dict[tuple[int, KeyPath], Object] = {
        (item.document, item.root): item for item in objects_in(source) if isinstance(item, Object)
    }
    found: dict[int, tuple[SourceHunk, ...]] = {}
    for finding in findings:
        obj = finding.fix and objects.get((finding.document, finding.fix.root))
        if finding.fix and obj:
            try:
                found[id(finding)] = editor.locate(RenderedEdit(obj, finding.fix.changes, finding.fix.edits))
            except EditError:
                continue
    return found


def _try(
    source: Source, findings: Sequence[Finding], located: dict[int, tuple[SourceHunk, ...]], editor: SourceEditor
) -> _Trial:
    """Make the fixes in a copy. Raise EditError if it renders something else."""
    done = fix(source, findings, unsafe=True)
    changes = editor.changes([hunk for finding in done.applied for hunk in located[id(finding)]])
    editor.check(changes, done.data)
    return _Trial(changes, done.applied, done.data)


def _one_by_one(
    source: Source, findings: Sequence[Finding], located: dict[int, tuple[SourceHunk, ...]], editor: SourceEditor
) -> _Trial:
    chosen = _Trial([], (), source.data)
    for finding in findings[:_TRIALS]:
        try:
            chosen = _try(source, [*chosen.applied, finding], located, editor)
        except EditError:
            continue
    return chosen
