"""The findings of an audit as SARIF 2.1.0, in the form in which `lint` reports the findings of files."""

from collections.abc import Iterator

from isvclog.audit.model import Audit
from isvclog.lint.results import FileResult, RunResult
from isvclog.report.findings import sarif
from isvclog.report.formats import FormatSettings


def write(audit: Audit, settings: FormatSettings) -> Iterator[str]:
    """Yield one SARIF log with one run and one finding per line; rows without findings are left out."""
    return sarif.write(RunResult(_checked(audit)), settings)


def _checked(audit: Audit) -> Iterator[FileResult]:
    for row in audit:
        if row.findings:
            yield FileResult(row.findings[0].file, row.findings)
    for failure in audit.failures:
        place = f"{failure.context}: " if failure.context else ""
        yield FileResult("", failure=place + failure.sentence)
