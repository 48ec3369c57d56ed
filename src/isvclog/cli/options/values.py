"""Parsers for the text of options: headers, times, variables, sizes and durations."""

import math
import re
from collections.abc import Sequence

from isvclog.errors import UsageError


def parse_header(text: str) -> tuple[str, str]:
    """Parse `Name: value` as curl does, and trim the value. Errors do not show the value: it may be secret."""
    from isvclog.preview.headers import is_header

    name, colon, value = text.partition(":")
    name = name.strip()
    if not colon or not name:
        raise UsageError("-H needs a name, a colon and a value: -H 'Name: value'.")
    if not is_header(name, value):
        raise UsageError(f"-H {name!a}: use letters, digits and hyphens in the name, and one line for the value.")
    return name, value.strip(" \t")


def parse_environment(texts: Sequence[str]) -> dict[str, str | None]:
    """Parse changes of an environment as `kubectl set env` does: `NAME=VALUE` sets a variable, `NAME-` removes it.

    Errors do not show the value: it may be secret.
    """
    changes: dict[str, str | None] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        removed = not equals and name.endswith("-")
        name = name[:-1] if removed else name
        if not name or not (equals or removed):
            raise UsageError("--env needs NAME=VALUE to set a variable of the agent, or NAME- to remove it.")
        changes[name] = None if removed else value
    return changes


def parse_time(text: str) -> int:
    """Convert an RFC 3339 time, such as `2026-01-02T03:04:05.678Z`, to nanoseconds since 1970. Raises UsageError."""
    from datetime import datetime

    written = re.fullmatch(r"([^\s.,]+)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)", text.upper())
    try:
        if written is None:
            raise ValueError
        seconds = datetime.fromisoformat(written[1] + written[3].replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError):
        raise UsageError(f"--time {text!a} is not a time; write it like 2026-01-02T03:04:05Z.") from None
    return int(seconds) * 10**9 + int((written[2] or "").ljust(9, "0"))


def parse_size(text: str, option: str) -> int:
    """Convert a size to bytes as Kubernetes and numfmt read it: `4096`, `4k` (4,000), `4Ki` or `4KiB` (4,096), `1.5M`.

    Raises UsageError.
    """
    written = re.fullmatch(r"([0-9]{1,18}(?:\.[0-9]{1,9})?) ?(?:([kKMGTPE])(i?))?B?", text)
    if written is None:
        raise UsageError(f"{option} {text!a}: write a size in bytes, such as 4096, 4k or 4KiB.")
    number, unit, binary = written.groups()
    factor = math.prod([1024 if binary else 1000] * " kMGTPE".index((unit or " ").replace("K", "k")))
    whole, _, fraction = number.partition(".")
    return int(whole) * factor + int(fraction.ljust(9, "0")) * factor // 1_000_000_000


def parse_latency(text: str, option: str) -> int:
    """Convert a duration that is written as in `batchInterval`, such as `20ms`, to nanoseconds. Raises UsageError."""
    from isvclog.kserve.golang.time import DurationError, parse_duration

    try:
        nanoseconds = parse_duration(text)
    except DurationError:
        nanoseconds = -1
    if nanoseconds < 0:
        raise UsageError(f"{option} {text!a}: write a duration, such as 20ms or 1.5s.")
    return nanoseconds
