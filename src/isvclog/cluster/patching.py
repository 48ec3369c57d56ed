"""The result of a patch: the object, and the warnings that the server sent with it."""

import re
from typing import Any

from isvclog.records import NamedTuple

_WARNING = re.compile(r'\s*(\d{3}) (?:[^\s"]+) "((?:[^"\\]|\\.)*)"(?: "[^"]*")?\s*(?:,|$)', re.DOTALL)


class Patched(NamedTuple):
    """A patched object, or the result of a dry run. `warnings` are the server's, as untrusted and unchanged text."""

    object: dict[str, Any]
    warnings: tuple[str, ...] = ()


def parse_warnings(headers: list[str]) -> tuple[str, ...]:
    """Parse Warning headers (RFC 7234, 5.5) such as `299 - "text"`, and return each text once.

    One header may contain several warnings, separated by commas. Warnings of another form are skipped, as in kubectl.
    """
    texts = []
    for header in headers:
        place = 0
        while match := _WARNING.match(header, place):
            text = re.sub(r"\\(.)", r"\1", match[2], flags=re.DOTALL)
            texts.append(text.encode("latin-1", "replace").decode("utf-8", "replace"))  # headers are read as Latin-1
            place = match.end()
            if place >= len(header):
                break
    return tuple(dict.fromkeys(texts))
