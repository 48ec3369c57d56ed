"""Text of clusters in HTML."""

from html import escape

from isvclog.report.escape import printable


def escaped(value: str) -> str:
    """Escape a text, so that nothing in it is HTML or a control character."""
    return escape(printable(value))


def prose(sentence: str) -> str:
    """Escape a sentence, and show the names in backticks as code, unless one backtick has no partner."""
    parts = sentence.split("`")
    if not len(parts) % 2:
        return escaped(sentence)
    return "".join(f"<code>{escaped(part)}</code>" if index % 2 else escaped(part) for index, part in enumerate(parts))
