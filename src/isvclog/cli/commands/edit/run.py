"""One run of `add-annotation` or `remove-annotation` on files."""

import sys
from collections.abc import Sequence
from typing import NamedTuple

from isvclog.cli.commands.edit.options import EditOptions
from isvclog.cli.commands.edit.select import select_services
from isvclog.cli.commands.edit.summary import summary
from isvclog.cli.terminal.messages import error, note
from isvclog.edit.review import MakePlan, Review, ServiceFilter, review_file
from isvclog.errors import IsvclogError, UsageError
from isvclog.filenames import STDIN
from isvclog.lint.engine import LintSettings
from isvclog.manifest import Source
from isvclog.manifest.editing.edit_error import EditError
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
    """Edit the files, and return the exit code.

    It is 1 if an edit is not made because it would cause an error or, with --check, if an edit would be made.
    """
    options = run.options
    sources, failures = select_services(run.places, run.choice, lambda name: _kept(name, options))
    if options.stdout and len(sources) > 1:
        raise UsageError("--stdout prints one file, and there are several; name the one.")
    refused = changed = False
    for source in sources:
        try:
            result = review_file(source, run.choice, make_plan, run.settings, run.suppressions)
            blocked = bool(result.blocking) and not options.force
            for finding in result.findings_in_old if blocked or options.diff or options.check else result.findings:
                print(concise_line(finding), file=sys.stderr)
            refused |= blocked
            changed |= result.data != source.data
            _finish(source, result, options, blocked)
        except EditError as refusal:
            place = f":{refusal.span.line}:{refusal.span.column}" if refusal.span else ""
            error(f"{source.name}{place}: {refusal}{_kept(source.name, options)}")
            failures += 1
        except IsvclogError as failure:
            error(str(failure))
            failures += 1
    if failures:
        return IsvclogError.exit_code
    return 1 if refused or (changed and options.check) else 0


def _kept(name: str, options: EditOptions) -> str:
    """Describe the state of a file, or of the printed output, when an edit is not made."""
    if not (options.writes or options.stdout):
        return ""
    return " Nothing is printed." if options.stdout or name == STDIN else " The file is as it was."


def _finish(source: Source, review: Review, options: EditOptions, blocked: bool) -> None:
    """Show, print or write the result for one file; if the edit is `blocked`, only show its diff."""
    where = sys.stderr if options.stdout or options.diff or source.name == STDIN else sys.stdout
    if options.diff:
        from isvclog.report.color import painter, wants_color
        from isvclog.report.diff import diff

        for text in diff(source.name, source.data, review.data, painter(wants_color(options.color, sys.stdout))):
            sys.stdout.write(text)
    if blocked:
        kept = _kept(source.name, options)
        note(f"{source.name}: the edit is refused, as it would be an error; --force makes it all the same.{kept}")
        return
    if options.stdout or (source.name == STDIN and options.writes):
        sys.stdout.flush()
        sys.stdout.buffer.write(review.data)
    elif options.writes:
        from isvclog.manifest.editing.write import write_file

        write_file(source.name, source.data, review.data)
    if not options.quiet:
        for text in summary(source.name, review.plans, "would change: " * (options.diff or options.check)):
            print(text, file=where)
