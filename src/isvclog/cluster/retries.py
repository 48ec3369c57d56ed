"""Rules for retries of requests: exponential backoff with jitter, and the server's Retry-After header."""

import random
from collections.abc import Callable, Mapping

ATTEMPTS = 5
"""The maximum number of attempts. Without a Retry-After header, their pauses add up to 15 seconds at most."""

LONGEST_PAUSE = 30.0
"""Seconds, even if the server asks for a longer pause."""

Sleep = Callable[[float], None]

_CHANCE = random.Random()  # not that of the module, which belongs to whoever uses isvclog as a library


def pause(attempt: int, retry_after: float | None = None) -> float:
    """Compute the seconds to wait after failed attempt number `attempt` (counted from 1).

    That is the backoff or `retry_after`, whichever is longer, but at most LONGEST_PAUSE.
    """
    backoff: float = 2.0 ** min(attempt - 1, 5) * _CHANCE.uniform(0.5, 1)
    return min(max(backoff, retry_after or 0), LONGEST_PAUSE)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Parse the seconds of a Retry-After header, or return None. API servers never send the other form, a date."""
    value = headers.get("Retry-After", "").strip()
    return float(value) if value.isdecimal() and value.isascii() and len(value) < 10 else None


def may_retry(method: str, status: int, asked_to: bool) -> bool:
    """Check whether an answer is worth another attempt.

    A read is safe to repeat. A change may have been made before the server failed, so it is repeated only if the server
    did nothing. `asked_to` is True if the answer has a Retry-After header, which says that nothing was done.
    """
    if method == "GET":
        return status in (429, 500, 502, 503)  # for a 504 the server has waited a minute itself
    return status == 429 or (status == 503 and asked_to)
