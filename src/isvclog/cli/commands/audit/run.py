"""One run of `audit`: its rows are printed as they arrive, and its exit code is computed."""

import sys
from collections.abc import Iterator

from isvclog.audit import Audit, Failure, Row
from isvclog.audit.clusters import AuditPlan, SearchedPlace, audit_all
from isvclog.cli.main import INTERRUPTED
from isvclog.cli.options.common import terminal_width
from isvclog.cli.terminal.interrupt import until_interrupted
from isvclog.cli.terminal.messages import error, note
from isvclog.cli.terminal.progress import Bar
from isvclog.cli.terminal.runs import ExitPolicy
from isvclog.errors import IsvclogError
from isvclog.findings import counted
from isvclog.report.audit.formats import FORMATS
from isvclog.report.color import wants_color
from isvclog.report.findings.formats import FormatSettings
from isvclog.rules.catalogue import describe_rule


def run_audit(plan: AuditPlan, output: str, color: str, exit_policy: ExitPolicy) -> int:
    """Run an audit and print it; return the exit code, which has the same meaning as that of `lint`."""
    bar = Bar(exit_policy.quiet)
    settings = FormatSettings(
        wants_color(color, sys.stdout), terminal_width(), not exit_policy.quiet, exit_policy.threshold, describe_rule
    )
    failures: list[Failure] = []
    places: list[str] = []
    with until_interrupted(audit_all(plan, bar)) as results:
        audit = Audit(_observed(results, bar, failures, places, shown=output != "text"))
        for piece in FORMATS[output](settings)(audit):
            bar.clear()
            sys.stdout.write(piece)
    bar.clear()
    if results.stopped:
        note(f"interrupted after {counted(audit.services, 'InferenceService')}.")
        return INTERRUPTED
    if not audit.rows and not failures:
        (error if exit_policy.fail_on_empty else note)(f"no InferenceService found in {' or '.join(places)}.")
    if failures or (exit_policy.fail_on_empty and not audit.rows):
        return IsvclogError.exit_code
    worst = audit.worst()
    return 1 if worst and worst >= exit_policy.threshold and not exit_policy.exit_zero else 0


def _observed(
    results: Iterator[Row | Failure | SearchedPlace],
    bar: Bar,
    failures: list[Failure],
    places: list[str],
    *,
    shown: bool,
) -> Iterator[Row | Failure]:
    """Yield the results that the report shows, and add failures and searched places to the lists.

    Failures are printed on standard error. They are also in the report if it is for programs (`shown`).
    """
    for item in results:
        if isinstance(item, SearchedPlace):
            places.append(item.place)
            continue
        if isinstance(item, Failure):
            failures.append(item)
            bar.clear()
            error(f"{item.context}: {item.sentence}" if item.context else item.sentence)
        if shown or not isinstance(item, Failure):
            yield item
