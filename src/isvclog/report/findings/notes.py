"""Sentences about a run of `lint`: what the findings alone do not show."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from isvclog.findings import counted, enumerated
from isvclog.lint.linter import Linter
from isvclog.lint.results import RunResult
from isvclog.report.formats import SHOW_SUPPRESSED

if TYPE_CHECKING:
    from isvclog.lint.baseline import Baseline

_SHOWN = 10
"""Maximum number of baseline entries that are listed."""


def run_notes(
    linter: Linter, formats: Sequence[str | None], *, fixable: bool, has_findings: bool = False
) -> Iterator[str]:
    """Yield the notes about a finished run, which was reported in `formats`.

    Those about what to do with its findings are left out unless `fixable`.
    """
    yield from linter.rejected
    if linter.fixing is not None:
        yield from _fixed(linter, "fixed" if linter.fixing.write else "would fix")
    elif fixable:
        yield from _fixable(linter)
    if fixable and has_findings:
        yield "`isvclog explain RULE` explains a finding; its RULE is in brackets."
    if linter.overlays:
        yield overlays_note(sorted(linter.overlays), linter.overlays.total())
    counts = ((linter.suppressed, "ignored"), (linter.known, "in the baseline"))
    if unreported := [f"{count:,} {reason}" for count, reason in counts if count]:
        yield _unreported(", ".join(unreported), linter.shows_suppressed, formats)
    if linter.baseline is not None:
        yield from _stale(linter.baseline, linter.settings.names)


def _unreported(counts: str, asked: bool, formats: Sequence[str | None]) -> str:
    if not asked:
        return f"not reported: {counts}."
    if not set(SHOW_SUPPRESSED).isdisjoint(formats):
        return f"not counted: {counts}."
    return f"not reported: {counts}. --show-suppressed works in {enumerated(SHOW_SUPPRESSED)} only."


def unfixed_note(run: RunResult, linter: Linter) -> str:
    """Describe that a diff does not show all findings; empty if the fixes would fix all of them."""
    total = sum(run.severities.values())
    return f"{counted(total, 'finding')} in all; run without --diff to see the rest." if total > linter.fixed else ""


def overlays_note(folders: Sequence[str], files: int) -> str:
    """Say that files are parts of overlays, and how to check what these build."""
    from isvclog.manifest.kustomize.overlays import build_command

    verb, noun = ("is", "part") if files == 1 else ("are", "parts")
    others = f"; also {enumerated(folders[1:], _SHOWN)}" if folders[1:] else ""
    command = build_command(folders[0], "lint")
    return f"{counted(files, 'file')} {verb} {noun} of a kustomize overlay; to check all of it: {command}{others}"


def _fixed(linter: Linter, verb: str) -> Iterator[str]:
    if linter.fixed:
        yield f"{verb} {counted(linter.fixed, 'finding')} in {counted(linter.fixed_files, 'file')}."
    if linter.rendered:
        are = "is" if linter.rendered == 1 else "are"
        yield f"{counted(linter.rendered, 'finding')} of rendered text {are} not fixed; change the source of each."
    if linter.unmade:
        are = "is" if linter.unmade == 1 else "are"
        yield f"{counted(linter.unmade, 'finding')} {are} not fixed: the text is made by a template; change it by hand."


def _fixable(linter: Linter) -> Iterator[str]:
    safe, unsafe = linter.fixable, linter.fixable_unsafely
    if safe:
        yield f"{safe:,} fixable with `--fix`" + (f", {unsafe:,} more with `--unsafe-fixes`." if unsafe else ".")
    elif unsafe:
        yield f"{unsafe:,} fixable with `--unsafe-fixes`."
    if linter.fixable_in_sources:
        yield f"{linter.fixable_in_sources:,} may be fixable in the source with `--fix`."


def _stale(baseline: "Baseline", rules: Collection[str]) -> Iterator[str]:
    """Yield the baseline entries that no longer match a finding, but only those of rules that ran."""
    stale = [(entry, count) for entry, count in baseline.stale() if entry.rule in rules]
    for entry, count in stale[:_SHOWN]:
        where = f"{entry.file}, {entry.object}" if entry.object else entry.file
        times = f" ({count} times)" if count > 1 else ""
        yield f"{baseline.path}: {entry.rule} no longer occurs in {where}{times}."
    if stale:
        rest = f"{len(stale) - _SHOWN:,} more no longer occur; " if len(stale) > _SHOWN else ""
        yield f"{rest}write the baseline again with --write-baseline to remove such entries."
