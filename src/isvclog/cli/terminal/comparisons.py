"""The output and the exit code of a comparison: of two states, or of two releases of KServe."""

import sys
from collections.abc import Iterable

from isvclog.cli.terminal.messages import around_document, error, note
from isvclog.errors import IsvclogError
from isvclog.preview.comparison import PreviewComparison
from isvclog.report.formats import DOCUMENTS


def print_comparison(
    found: PreviewComparison, pieces: Iterable[str], output: str, *, exit_code: bool, fail_on_empty: bool = False
) -> int:
    """Print `pieces`, the comparison in the format `output`, and what is not compared.

    Returns 0, 1 for a change with `exit_code`, and 3 if something cannot be read, or with `fail_on_empty` if neither
    state has a service.
    """
    failures = list(found.failures)
    if fail_on_empty and found.is_empty:
        failures.append("no InferenceService found, so there is nothing to compare.")
    with around_document(output in DOCUMENTS):
        for sentence in failures:
            error(sentence)
        for sentence in found.remarks:
            note(sentence)
        sys.stdout.writelines(pieces)
    return IsvclogError.exit_code if failures else int(exit_code and bool(found.services))
