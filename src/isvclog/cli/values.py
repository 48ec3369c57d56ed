"""What the text of an option means: headers and times."""

import re

from isvclog.errors import UsageError


def header(text: str) -> tuple[str, str]:
    """`Name: value` as curl takes it; the value without blanks around it."""
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f"-H {text!a} is no header: write 'Name: value'.")
    return name.strip(), value.strip(" \t")


def unix_ns(text: str) -> int:
    """RFC 3339, as `2026-01-02T03:04:05.678Z`, in nanoseconds since 1970."""
    from datetime import datetime

    written = re.fullmatch(r"(\S+?)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", text)
    try:
        if written is None:
            raise ValueError
        seconds = datetime.fromisoformat(written[1] + written[3].replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        raise UsageError(f"--time {text!a} is no time: write it like 2026-01-02T03:04:05Z.") from None
    return int(seconds) * 10**9 + int((written[2] or "").ljust(9, "0"))
