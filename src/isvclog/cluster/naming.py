"""Names in sentences, in full: `findings.code` cuts them short, but a context, file or object must be recognised."""

_LONGEST = 400


def shorten_name(text: str) -> str:
    """A name, file or URL in backticks, special characters escaped as in Python."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "`" + repr(text)[1:-1].replace("`", "'") + "`"
