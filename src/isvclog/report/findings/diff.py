"""The changes that fixes would make, in place of findings, as unified diffs."""

from collections.abc import Iterator

from isvclog.lint.results import RunResult
from isvclog.report.color import painter
from isvclog.report.diff import diff
from isvclog.report.formats import FormatSettings


def write(run: RunResult, settings: FormatSettings) -> Iterator[str]:
    """Yield the diff of each file that fixes would change; for a rendered text, those of its sources."""
    paint = painter(settings.color)
    for checked in run:
        if checked.fixed is not None:
            yield from diff(checked.file, checked.data, checked.fixed, paint, checked.redaction)
        for change in checked.sources:
            yield from diff(change.file, change.old, change.new, paint, checked.redaction)
