"""What a patch answers: the object, and the warnings that the server sent along."""

import re
from typing import Any, NamedTuple

_WARNING = re.compile(r'\s*(\d{3}) (?:[^\s"]+) "((?:[^"\\]|\\.)*)"(?: "[^"]*")?\s*(?:,|$)', re.DOTALL)


class Patched(NamedTuple):
    """The object as it is now, or would be after a dry run; `warnings` are the server's, untrusted text as it came."""

    object: dict[str, Any]
    warnings: tuple[str, ...] = ()


def parse_warnings(headers: list[str]) -> tuple[str, ...]:
    """The texts of Warning headers (RFC 7234, 5.5), each once: `299 - "text"`, several in one header after commas.

    Such as are not of that form are left out, as they are by kubectl.
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
