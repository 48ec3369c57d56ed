"""One run of `add-annotation` or `remove-annotation` on files."""

import shlex
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from isvclog.cli.commands.edit.options import EditOptions
from isvclog.cli.terminal.messages import error, note
from isvclog.edit.review import MakePlan, Review, ServiceFilter, review_file, review_redaction, services_in
from isvclog.edit.selection import ServiceSelection, select_services
from isvclog.errors import IsvclogError, UsageError
from isvclog.filenames import is_stdin
from isvclog.lint.engine import LintSettings
from isvclog.manifest import Object, Source
from isvclog.manifest.editing.edit_error import EditError
from isvclog.records import NamedTuple
from isvclog.redact.gate import NoRedaction, Redaction, SecretRedaction
from isvclog.report.edits import blocked_note, edit_summary, known_note
from isvclog.report.findings.concise import concise_line
from isvclog.suppressions import Suppressions


class EditRun(NamedTuple):
    """The input of one run: files and folders, the selected services, the rules, the suppressions and the options."""

    places: Sequence[str]
    choice: ServiceFilter
    settings: LintSettings
    suppressions: Suppressions
    options: EditOptions


def run_edits(run: EditRun, make_plan: MakePlan) -> int:
    """Edit the files, and return the exit code: the highest one of a file.

    It is 1 if an edit is not made because it would cause an error or, with --check, if an edit would be made.
    """
    selection = select_services(run.places, run.choice)
    check_selection(selection, run.options)
    codes = [IsvclogError.exit_code for _ in selection.unreadable]
    codes += [_edit_file(source, run, make_plan) for source in selection.sources]
    return max(codes)


def check_selection(selection: ServiceSelection, options: EditOptions) -> None:
    """Print what cannot be read. Raises UsageError if it is unclear which services or which file to edit."""
    for name, sentence in selection.unreadable:
        error(sentence + (_unchanged(name, options) if name else ""))
    for candidate in selection.ambiguous:
        # The names alone, too: behind a slash, an address is none.
        note(f"matches: {candidate}", SecretRedaction([candidate, *candidate.split("/")]))
    if selection.ambiguous:
        raise UsageError("several services of a file match, so nothing is written; add --name, --namespace or --all.")
    if options.stdout and len(selection.sources) > 1:
        raise UsageError("--stdout prints one file, but several match; name one of them.")


def _edit_file(source: Source, run: EditRun, make_plan: MakePlan) -> int:
    """Edit one file, print what was done or would be, and return its exit code."""
    options = run.options
    redaction: Redaction = (
        NoRedaction() if options.reveal else SecretRedaction(_objects(source), [source.data.decode(errors="replace")])
    )
    try:
        if options.writes:
            _refuse_outside(source.name, run.places)
        review = review_file(source, run.choice, make_plan, run.settings, run.suppressions)
        blocked = bool(review.blocking) and not options.force
        redaction = review_redaction(review, options.reveal, source)
        _print_review(source, review, options, redaction, blocked)
        if blocked:
            _note_known(source, review, options, redaction)
            note(f"{source.name}: {blocked_note(len(review.blocking))}")
            return 1
        _write_result(source, review, options)
    except EditError as refusal:
        place = f":{refusal.span.line}:{refusal.span.column}" if refusal.span else ""
        error(f"{source.name}{place}: {refusal}{_unchanged(source.name, options)}", redaction)
        return IsvclogError.exit_code
    except IsvclogError as failure:
        error(str(failure), redaction)
        return IsvclogError.exit_code
    if not options.quiet:
        print_summary(source, review, options, redaction)
    _note_known(source, review, options, redaction)
    return int(options.check and review.data != source.data)


def _objects(source: Source) -> Iterator[Any]:
    return (item.data for item in services_in(source, ServiceFilter()) if isinstance(item, Object))


def _refuse_outside(name: str, places: Sequence[str]) -> None:
    """Raise IsvclogError for a file to which a link leads out of the named files and folders."""
    from isvclog.manifest.editing.write import leads_outside

    if not is_stdin(name) and (target := leads_outside(name, places)):
        raise IsvclogError(f"{name} is unchanged: it is a link to {target}; name that file to edit it.")


def _print_review(source: Source, review: Review, options: EditOptions, redaction: Redaction, blocked: bool) -> None:
    """Print the findings about an edit and, with --diff, what it would change."""
    for finding in review.findings_in_old if blocked or options.diff or options.check else review.findings:
        print(concise_line(redaction.finding(finding)), file=sys.stderr)
    if options.diff:
        from isvclog.report.color import painter, wants_color
        from isvclog.report.diff import diff

        paint = painter(wants_color(options.color, sys.stdout))
        sys.stdout.writelines(diff(source.name, source.data, review.data, paint, redaction))


def _note_known(source: Source, review: Review, options: EditOptions, redaction: Redaction) -> None:
    """Print how many findings the edit neither made nor removed."""
    if review.known and not options.quiet:
        lint = f"isvclog lint {'-' if is_stdin(source.name) else shlex.quote(source.name)}"
        note(known_note(review.known, lint), redaction)


def _unchanged(name: str, options: EditOptions) -> str:
    """Describe the state of a file, or of the printed output, when an edit is not made."""
    if not (options.writes or options.stdout):
        return ""
    return " Nothing is printed." if options.stdout or is_stdin(name) else " The file is unchanged."


def _write_result(source: Source, review: Review, options: EditOptions) -> None:
    """Write or print the edited file, unless it is only checked."""
    if options.stdout or (is_stdin(source.name) and options.writes):
        sys.stdout.flush()
        sys.stdout.buffer.write(review.data)
    elif options.writes:
        from isvclog.manifest.editing.write import write_file

        write_file(source.name, source.data, review.data)


def print_summary(source: Source, review: Review, options: EditOptions, redaction: Redaction) -> None:
    stream = sys.stderr if options.stdout or options.diff or is_stdin(source.name) else sys.stdout
    would = "would change: " * (options.diff or options.check)
    for text in edit_summary(source.name, review.plans, would, redaction):
        print(text, file=stream)
