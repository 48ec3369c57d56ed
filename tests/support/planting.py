"""Secrets put into data, commands run in this process, and what of the secrets they print."""

import io
import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from isvclog.cli.main import main

LETTERS = "AbCdEfGhJkLmNpQrStUvWxYz"


class Ended(NamedTuple):
    """What a command printed."""

    out: str
    err: str


def run(*arguments: str) -> Ended:
    """Run a command in this process."""
    kept = sys.stdout, sys.stderr
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="\n") for _ in range(2)]
    sys.stdout, sys.stderr = streams
    try:
        main(list(arguments))
    finally:
        sys.stdout, sys.stderr = kept
    for stream in streams:
        stream.flush()
    return Ended(*(stream.buffer.getvalue().decode(errors="replace") for stream in streams))  # type: ignore[attr-defined]


def token(number: int) -> str:
    """Make up a GitHub token."""
    letters = LETTERS[number % 24 :] + LETTERS[: number % 24]
    return f"ghp_{number:04}{letters}x9y8z7{number:04}"[:40]


def password(number: int) -> str:
    """Make up a password that only its name shows to be one."""
    return f"hunter{number:03}-Correct{number:03}"


def filled(value: Any, secret: str) -> Any:
    """Put the secret into the texts of a value."""
    if isinstance(value, str):
        return value.format(*[secret] * 2)
    if isinstance(value, list):
        return [filled(item, secret) for item in value]
    return {filled(key, secret): filled(item, secret) for key, item in value.items()}


def put(data: Any, path: tuple[Any, ...], value: Any) -> None:
    """Set the value at a path."""
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] = value


def strings(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all strings."""
    if isinstance(value, str):
        yield path
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from strings(member, (*path, key))


def keys(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the paths of all keys."""
    for key, member in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        if isinstance(key, str):
            yield (*path, key)
        yield from keys(member, (*path, key))


def leaks(ended: Ended, secrets: tuple[str, ...]) -> list[str]:
    """Return the secrets of which a half is printed, with what is around it."""
    text = (ended.out + ended.err).lower()
    joined = "".join(text.split())
    found = []
    for secret in secrets:
        half = len(secret) // 2
        for part in (secret[:half].lower(), secret[-half:].lower()):
            at = joined.find(part)
            if at >= 0:
                found.append(joined[max(at - 80, 0) : at + 60])
    return found
