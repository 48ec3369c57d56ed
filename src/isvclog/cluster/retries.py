"""When a request is tried again, and after how long: exponential backoff with jitter, and what Retry-After asks for."""

import random
from collections.abc import Callable, Mapping

ATTEMPTS = 5
"""How often a request is sent at most; the pauses in between add up to 15 s at most, if the server names no others."""

LONGEST_PAUSE = 30.0
"""Seconds; a server that asks for more is not waited for any longer."""

Sleep = Callable[[float], None]


def pause(attempt: int, retry_after: float | None = None) -> float:
    """Seconds to wait after a failed attempt (counted from 1): what the server asks for or more, within the limit."""
    backoff: float = 2.0 ** min(attempt - 1, 5) * random.uniform(0.5, 1)
    return min(max(backoff, retry_after or 0), LONGEST_PAUSE)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header, or None. API servers never send the other form, a date."""
    value = headers.get("Retry-After", "").strip()
    return float(value) if value.isdecimal() and value.isascii() and len(value) < 10 else None


def may_retry(method: str, status: int, asked_to: bool) -> bool:
    """Whether an answer is worth another attempt. A change may have been made before a server failed, a read has not.

    `asked_to`: the answer has a Retry-After header, which says that nothing was done.
    """
    if method == "GET":
        return status in (429, 500, 502, 503)  # for a 504 the server has waited a minute itself
    return status == 429 or (status == 503 and asked_to)
