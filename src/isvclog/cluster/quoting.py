"""Names in messages, not shortened as by `findings.code`: users must recognize a context, file or object."""

_LONGEST = 400


def quote_name(text: str) -> str:
    """Quote a name, file or URL in backticks, with special characters escaped as in Python.

    Only text of more than 400 characters is cut. Secrets in it are masked before, because nobody recognizes one whose
    end is missing.
    """
    if len(text) > _LONGEST:
        from isvclog.redact.gate import SecretRedaction

        text = SecretRedaction().value("", text)
    text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "`" + repr(text)[1:-1].replace("`", "'") + "`"
