"""Text of clusters in HTML."""

from html import escape

from isvclog.report.escape import mark_names, printable


def escaped(value: str) -> str:
    """Escape a text, so that nothing in it is HTML or a control character."""
    return escape(printable(value))


def prose(sentence: str) -> str:
    """Escape a sentence, and show the names in backticks as code."""
    return mark_names(sentence, escaped)
