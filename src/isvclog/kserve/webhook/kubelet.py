"""The kubelet: `$(NAME)` and `$$` in container arguments.

Source: Kubernetes third_party/forked/golang/expansion, measured with v1.34.0. It works on bytes, and a `$` before a
character outside ASCII damages that character: its first byte is written as if it were a code point of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.records import NamedTuple

_COPIED = r"[^$]|\$[\x00-#%-'\)-\x7f]|\$\$(?:\(|[^\x00-\x7f])"
_COPIED_OPEN = r"[^$)]|\$[\x00-#%-'*-\x7f]|\$\$(?:\(|[^\x00-\x7f])|\$\("
UNCHANGED = rf"(?s)^(?:{_COPIED})*(?:\$\((?:{_COPIED_OPEN})*)?\$?$"
"""A text of which the kubelet changes nothing but a `$$` that keeps it from a worse change, as a regular expression.

It is valid in RE2; in Python, a line break may not be the last character.
"""


class DollarKind(Enum):
    """A kind of change that the kubelet makes at a `$`."""

    REFERENCE = "it looks the variable up"
    ESCAPE = "it replaces two `$` by one"
    DAMAGE = "it damages the character after it"


class DollarSign(NamedTuple):
    """A part of a text that the kubelet does not simply copy, with its offsets; `name` is that of a reference."""

    kind: DollarKind
    start: int
    end: int
    name: str = ""


def expand_args(args: Sequence[str], environment: Mapping[str, str]) -> list[str]:
    """Expand all arguments, as the process gets them; bytes that are not UTF-8 become lone surrogates."""
    return [expand(arg, environment) if "$" in arg else arg for arg in args]


def expand(text: str, environment: Mapping[str, str]) -> str:
    """Replace `$(NAME)` by the variable's value and `$$` by `$`. A reference to an unknown variable stays unchanged."""
    output = []
    position = 0
    for dollar in dollars(text):
        written = text[dollar.start : dollar.end]
        output.append(text[position : dollar.start])
        if dollar.kind is DollarKind.REFERENCE:
            output.append(environment.get(dollar.name, written))
        else:
            output.append("$" if dollar.kind is DollarKind.ESCAPE else _damaged(written))
        position = dollar.end
    output.append(text[position:])
    return from_bytes(to_bytes("".join(output)))


def dollars(text: str) -> Iterator[DollarSign]:
    """Find the parts of a text that the kubelet does not simply copy. A `$` before anything else stays unchanged."""
    position = 0
    while (start := text.find("$", position)) != -1 and start + 1 < len(text):
        following = text[start + 1]
        position = start + 2
        if following == "(" and (end := text.find(")", position)) != -1:
            yield DollarSign(DollarKind.REFERENCE, start, end + 1, text[position:end])
            position = end + 1
        elif following == "$":
            yield DollarSign(DollarKind.ESCAPE, start, position)
        elif not following.isascii():
            yield DollarSign(DollarKind.DAMAGE, start, position)


def _damaged(written: str) -> str:
    first, *others = to_bytes(written[1:])
    return from_bytes(f"${chr(first)}".encode() + bytes(others))
