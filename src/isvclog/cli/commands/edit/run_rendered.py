"""One run of `add-annotation` or `remove-annotation` on what a chart or an overlay renders."""

import shlex
import sys
from collections.abc import Iterable, Sequence

from isvclog.cli.commands.edit.run import EditRun, check_selection
from isvclog.cli.options.rendering import RenderingOptions
from isvclog.cli.terminal.messages import error, note
from isvclog.edit.review import MakePlan, Review, review_file, review_redaction
from isvclog.edit.selection import select_services_in
from isvclog.errors import IsvclogError, UsageError
from isvclog.manifest import Source
from isvclog.manifest.editing.edit_error import EditError
from isvclog.redact.gate import Redaction, redaction_for
from isvclog.rendering.programs import Rendering
from isvclog.rendering.source_edits import RenderedEdit, SourceChange, SourceEditor, SourceHunk, write_changes
from isvclog.report.edits import blocked_note, edit_summary, known_note
from isvclog.report.findings.concise import concise_line


def edit_rendered(run: EditRun, options: RenderingOptions, matrix: str | None, make_plan: MakePlan) -> int:
    """Edit the sources of what is rendered, and return the exit code.

    Nothing is written if any text of the edit is not in the sources literally, or if the changed sources do not render
    exactly the edited text, with `matrix` for each of its values files. The text of the first one is edited.
    """
    if run.options.stdout:
        raise UsageError("--stdout is about files; --diff shows what would change in a chart or an overlay.")
    rendering, *others = options.render_all(matrix, None)
    check_selection(selection := select_services_in(rendering.source, run.choice), run.options)
    if selection.unreadable:
        return IsvclogError.exit_code
    review = _review(run, rendering.source, make_plan)
    if review is None:
        return IsvclogError.exit_code
    redaction = review_redaction(review, run.options.reveal, rendering.source)
    editor = SourceEditor(rendering.source, rendering.rendered, rendering)
    _print_findings(editor, review, redaction)
    if review.blocking and not run.options.force:
        _note_known(review, run, options, redaction)
        note(f"{rendering.source.name}: {blocked_note(len(review.blocking))}")
        return 1
    changes = _changes(editor, review, redaction)
    if changes is None or not _hold(changes, others, run, make_plan):
        return IsvclogError.exit_code
    _write(changes, review, run, rendering.source, redaction)
    _note_known(review, run, options, redaction)
    return int(run.options.check and bool(changes))


def _note_known(review: Review, run: EditRun, options: RenderingOptions, redaction: Redaction) -> None:
    """Print how many findings the edit neither made nor removed."""
    if review.known and not run.options.quiet:
        note(known_note(review.known, shlex.join(["isvclog", "lint", *options.words])), redaction)


def _review(run: EditRun, source: Source, make_plan: MakePlan) -> Review | None:
    """Edit the rendered text; print why it cannot be edited, and return None."""
    try:
        return review_file(source, run.choice, make_plan, run.settings, run.suppressions)
    except EditError as refusal:
        redaction = redaction_for(run.options.reveal, texts=[source.data.decode(errors="replace")])
        error(f"{source.name}: {refusal} Nothing is changed.", redaction)
        return None


def _write(changes: Sequence[SourceChange], review: Review, run: EditRun, source: Source, redaction: Redaction) -> None:
    """Write the sources, or print what would change in them, and print what is done."""
    if run.options.diff:
        old = [Source(change.file, change.old) for change in changes]  # may have secrets that are not rendered
        _print_diffs(changes, run, review_redaction(review, run.options.reveal, source, *old))
    if run.options.writes:
        write_changes(changes)
    if run.options.quiet:
        return
    would = "" if run.options.writes else "would change: "
    names = ", ".join(change.file for change in changes) or source.name
    for text in edit_summary(names, review.plans, would, redaction):
        print(text, file=sys.stderr if run.options.diff else sys.stdout)


def _changes(editor: SourceEditor, review: Review, redaction: Redaction) -> Sequence[SourceChange] | None:
    """Find what to change in the sources; print why it cannot be changed, and return None."""
    edits = [RenderedEdit(plan.obj, plan.changes, plan.edits) for plan in review.plans if plan.changes]
    at = 0
    try:
        hunks: list[SourceHunk] = []
        for at, edit in enumerate(edits):  # noqa: B007 - the one that is refused
            hunks += editor.locate(edit)
        changes = editor.changes(hunks)
        editor.check(changes, review.data)
    except EditError as refusal:
        error(f"{editor.refusal(edits[at], refusal)} Nothing is changed.", redaction)
        return None
    return changes


def _hold(changes: Sequence[SourceChange], others: Iterable[Rendering], run: EditRun, make_plan: MakePlan) -> bool:
    """Check whether changes make the same edit of the other renderings; print where they do not."""
    for other in others:
        try:
            intended = review_file(other.source, run.choice, make_plan, run.settings).data
            SourceEditor(other.source, other.rendered, other).check(changes, intended)
        except EditError as refusal:
            redaction = redaction_for(run.options.reveal, texts=[other.source.data.decode(errors="replace")])
            error(f"with {other.variant}: {refusal} Nothing is changed.", redaction)
            return False
    return True


def _print_findings(editor: SourceEditor, review: Review, redaction: Redaction) -> None:
    """Print the findings about an edit at their sources."""
    objects = {plan.obj.label: plan.obj for plan in review.plans}
    for finding in review.findings_in_old:
        (traced,) = editor.traced(objects[finding.object], [finding])
        print(concise_line(redaction.finding(traced)), file=sys.stderr)


def _print_diffs(changes: Iterable[SourceChange], run: EditRun, redaction: Redaction) -> None:
    from isvclog.report.color import painter, wants_color
    from isvclog.report.diff import diff

    paint = painter(wants_color(run.options.color, sys.stdout))
    for change in changes:
        sys.stdout.writelines(diff(change.file, change.old, change.new, paint, redaction))
