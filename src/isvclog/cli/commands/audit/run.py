"""One run of `audit`: its rows are printed as they arrive, and its exit code is computed."""

import os
import sys
import time
from collections.abc import Iterator

from isvclog.audit import Audit, Failure, Row
from isvclog.audit.clusters import AuditPlan, audit_all
from isvclog.audit.comparison import AuditComparison, EarlierAudit, read_earlier
from isvclog.audit.model import SearchedPlace
from isvclog.cli.terminal.interrupt import until_interrupted
from isvclog.cli.terminal.messages import around_document, error, note
from isvclog.cli.terminal.progress import Bar
from isvclog.cli.terminal.runs import ExitPolicy
from isvclog.cli.terminal.settings import terminal_width
from isvclog.errors import INTERRUPTED
from isvclog.findings import counted
from isvclog.records import NamedTuple
from isvclog.redact.gate import redaction_for
from isvclog.report.color import wants_color
from isvclog.report.formats import DOCUMENTS, FormatSettings, audit_changes_format, audit_format
from isvclog.rules.catalogue import describe_rule


class AuditOutput(NamedTuple):
    """Options of the output of an audit.

    Metrics are counted `by` cluster, namespace or service. With `compare`, the name of a file, only what has changed
    since that audit is printed, and only new findings make the run fail.
    """

    format: str
    color: str
    by: str = "cluster"
    compare: str | None = None


def run_audit(plan: AuditPlan, output: AuditOutput, exit_policy: ExitPolicy) -> int:
    """Run an audit and print it; return the exit code, which has the same meaning as that of `lint`."""
    settings = _settings(output, exit_policy)
    earlier = _read_earlier(output.compare, plan)
    bar, failures = Bar(exit_policy.quiet), list[Failure]()
    passed_on = output.format != "text" or earlier is not None
    with around_document(output.format in DOCUMENTS), until_interrupted(audit_all(plan, bar)) as results:
        audit = Audit(_with_failures_printed(results, bar, failures, passed_on=passed_on))
        comparison = earlier and AuditComparison(audit, earlier, lambda: results.stopped)
        for piece in _written(output.format, comparison or audit, settings):
            bar.clear()
            sys.stdout.write(piece)
    bar.clear()
    if results.stopped:
        note(f"interrupted after {counted(audit.services, 'InferenceService')}.")
        return INTERRUPTED
    if not audit.rows and not failures:
        _report_empty(audit, exit_policy)
    worst = (comparison or audit).worst()
    return exit_policy.exit_code(worst, failed=bool(failures), empty=not audit.rows)


def _settings(output: AuditOutput, exit_policy: ExitPolicy) -> FormatSettings:
    return FormatSettings(
        wants_color(output.color, sys.stdout),
        terminal_width(),
        not exit_policy.quiet,
        exit_policy.threshold,
        describe_rule,
        on_hidden=_report_hidden,
        seconds=_now(),
        by=output.by,
    )


def _report_empty(audit: Audit, exit_policy: ExitPolicy) -> None:
    places = " or ".join(place.place for place in audit.places)
    (error if exit_policy.fail_on_empty else note)(f"no InferenceService found in {places}.")


def _written(name: str, result: Audit | AuditComparison, settings: FormatSettings) -> Iterator[str]:
    if isinstance(result, AuditComparison):
        return audit_changes_format(name)(result, settings)
    return audit_format(name)(result, settings)


def _read_earlier(path: str | None, plan: AuditPlan) -> EarlierAudit | None:
    """Read the earlier audit, if one is given. Raises UsageError if nothing of it can be compared."""
    if path is None:
        return None
    earlier = read_earlier(path, redaction_for(plan.reveal))
    earlier.check_clusters(plan.contexts or [""])
    return earlier


def _now() -> int:
    """Return the time of the output in seconds since 1970: that of SOURCE_DATE_EPOCH where it is set, or now."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else int(time.time())


def _report_hidden() -> None:
    note("services have no report if their namespace is not a valid name, or is hidden as ***; --reveal shows it.")


def _with_failures_printed(
    results: Iterator[Row | Failure | SearchedPlace], bar: Bar, failures: list[Failure], *, passed_on: bool
) -> Iterator[Row | Failure | SearchedPlace]:
    """Yield the results while printing failures on stderr and adding them to `failures`.

    The failures themselves are yielded only if `passed_on`, for reports that programs read.
    """
    for item in results:
        if isinstance(item, Failure):
            failures.append(item)
            bar.clear()
            error(f"{item.context}: {item.sentence}" if item.context else item.sentence)
            if not passed_on:
                continue
        yield item
