"""Errors and notes, which commands print in addition to their result.

What masks secrets is imported with the first message: every run imports this module, and most print nothing by it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isvclog.kserve.apis.releases import Release
    from isvclog.redact.gate import Redaction

_reveals = False
_held: list[str] | None = None
"""Lines that are held back, or None."""


def reveal_secrets(reveal: bool) -> None:
    """Choose whether errors and notes show secrets from now on, as a command does with its option `--reveal`."""
    global _reveals
    _reveals = reveal


def error(message: str, redaction: "Redaction | None" = None) -> None:
    """Print an error on standard error, in one line, after what was written to standard output before.

    `redaction` is that of the object or the file that the message is about.
    """
    _print(f"isvclog: error: {shown_message(message, redaction)}")


def note(message: str, redaction: "Redaction | None" = None) -> None:
    """Print on standard error, in one line, what the result alone does not show; `redaction` as in `error`."""
    _print(f"isvclog: {shown_message(message, redaction)}")


def note_release(release: "Release", basis: str = "") -> None:
    """Print the release that a run assumes, what else it is based on, and what to know about that release."""
    note(f"KServe {release}{basis}")
    if release.caution:
        note(f"KServe {release.name}: {release.caution}.")


def masked_note(message: str) -> None:
    """Print a note whose secrets are masked already, because it names what is secret."""
    from isvclog.report.escape import printable

    _print(f"isvclog: {printable(message)}")


def note_hidden() -> None:
    """Print a note that values are masked, for the callback `on_hidden` of formats that programs read."""
    note("values that look sensitive are hidden as ***; add --reveal to show them.")


@contextmanager
def around_document(is_document: bool = True) -> Iterator[None]:
    """Hold errors and notes back until the end, so that none is within a document such as JSON on a terminal.

    Where standard output or standard error is something else than a terminal, they are printed at once.
    """
    global _held
    outer = _held
    if outer is None and is_document and sys.stdout.isatty() and sys.stderr.isatty():
        _held = []
    try:
        yield
    finally:
        lines, _held = _held, outer
        if outer is None:
            for line in lines or ():
                _print(line)


def is_within_document() -> bool:
    """Check whether a document is being printed on the terminal, which progress would garble."""
    return _held is not None


def shown_message(message: str, redaction: "Redaction | None" = None) -> str:
    """Mask the secrets in a message, and escape control characters; `redaction` as in `error`."""
    from isvclog.findings import shorten_names
    from isvclog.redact.gate import redaction_for
    from isvclog.report.escape import printable

    text = redaction.text(message) if redaction and not _reveals else message
    return printable(shorten_names(redaction_for(_reveals).text(text)))


def _print(line: str) -> None:
    if _held is not None:
        _held.append(line)
        return
    sys.stdout.flush()
    print(line, file=sys.stderr)
