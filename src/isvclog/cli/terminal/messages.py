"""Errors and notes, which commands print in addition to their result."""

import sys

from isvclog.report.escape import printable


def error(message: str) -> None:
    """Print an error on standard error, in one line, after what was written to standard output before."""
    sys.stdout.flush()
    print(f"isvclog: error: {printable(message)}", file=sys.stderr)


def note(message: str) -> None:
    """Print on standard error, in one line, what the result alone does not show."""
    sys.stdout.flush()
    print(f"isvclog: {printable(message)}", file=sys.stderr)
