"""What commands say beside their result."""

import sys

from isvclog.report.escape import printable


def error(message: str) -> None:
    """Say on standard error, in one line, what went wrong; what was written before stands before it."""
    sys.stdout.flush()
    print(f"isvclog: error: {printable(message)}", file=sys.stderr)


def note(message: str) -> None:
    """Say on standard error, in one line, what the result alone does not tell."""
    sys.stdout.flush()
    print(f"isvclog: {printable(message)}", file=sys.stderr)
