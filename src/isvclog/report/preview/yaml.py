"""A preview as one YAML document that all readers understand in the same way.

Strings are quoted as in JSON, which is YAML too: a library would leave `yes`, `0123` or `1e3` plain, and the readers of
YAML 1.1 (kubectl, PyYAML) and of 1.2 (ruamel.yaml, yq) disagree about those.
"""

import json
import re
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from isvclog.lint.json_text import escape_commands
from isvclog.preview.model import Preview
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.data import preview_data

_PLAIN_KEY = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)\Z)[A-Za-z_]\w*\Z", re.IGNORECASE)


def write(preview: Preview, settings: FormatSettings) -> Iterator[str]:
    """Yield the document."""
    yield to_yaml(preview_data(preview, settings))


def to_yaml(value: Any, *, width: int = 0) -> str:
    """Format the value in block style with two spaces, all of it printable.

    `value` consists of dict, list, str, int, float, bool and None. With a `width`, longer strings of a mapping are
    folded at their spaces, to lines of so many characters if they have spaces there.
    """
    return "\n".join(_lines(value, width)) + "\n"


def _lines(value: Any, width: int) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, member in value.items():
            yield from _entry(f"{key if _PLAIN_KEY.match(key) else _scalar(key)}:", member, width)
    elif isinstance(value, list) and value:
        for item in value:
            first, *rest = _lines(item, width)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield _scalar(value)


def _entry(key: str, member: Any, width: int) -> Iterator[str]:
    if isinstance(member, dict | list) and member:
        yield key
        yield from (f"  {line}" for line in _lines(member, width))
    elif folded := _folded(member, width):
        yield f"{key} >-"
        yield from (f"  {line}" for line in folded)
    else:
        yield f"{key} {_scalar(member)}"


def _folded(value: Any, width: int) -> list[str]:
    """Break a string into the lines of a folded block, which reads as exactly this string; empty if it is none."""
    if not width or not isinstance(value, str) or len(value) <= width or not value.isprintable():
        return []
    lines = wrap(value, width, break_long_words=False, break_on_hyphens=False)
    return lines if " ".join(lines) == value else []


def _scalar(value: Any) -> str:
    text = escape_commands(json.dumps(value, ensure_ascii=False))
    if text.isprintable():
        return text
    # JSON's pairs of surrogates are no YAML, so a character beyond the first 65,536 has an escape of its own.
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in text)
