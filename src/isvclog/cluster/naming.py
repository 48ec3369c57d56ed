"""Names in sentences, in full: `findings.code` cuts them short, but which context, file or object it was has to show."""

_LONGEST = 400


def shown(text: str) -> str:
    """A name, file or URL in backticks, special characters escaped as in Python."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "`" + repr(text)[1:-1].replace("`", "'") + "`"
