"""Checks of the attributes of an event, whatever the mode in which it came."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from isvclog.sink.cloudevents.events import Value, canonical
from isvclog.sink.cloudevents.spec import CONTEXT, NAMING, TYPES, InvalidEvent, Section, core

_NAME = re.compile(r"[a-z0-9]+")
_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
# RFC 3986: the characters of a URI-reference, each percent sign with two hex digits.
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()+*,;=]|%[0-9A-Fa-f]{2})*")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.")
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE = re.compile(
    rf'{_TOKEN}/{_TOKEN}(?:\s*;\s*(?:{_TOKEN}\s*=\s*(?:{_TOKEN}|"(?:[^"\\]|\\.)*"))?)*\s*', re.ASCII
)
# Controls, lone surrogates and noncharacters.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_REQUIRED = ("id", "source", "specversion", "type")
_LARGEST = 2**31


def check_name(name: str, place: str, section: Section = NAMING) -> None:
    """Raise InvalidEvent unless an attribute may be called so; `place` is its header or member, for the message."""
    if not _NAME.fullmatch(name):
        raise InvalidEvent(f"{place} is not an attribute: a name has only the letters a to z and digits", section)
    if name in ("data", "data_base64"):
        raise InvalidEvent(f"{place} is not an attribute: the name `data` is reserved", NAMING)


def check_attributes(attributes: Mapping[str, Value], written: Callable[[str], str]) -> None:
    """Raise InvalidEvent unless the attributes make an event. `written` names the place of an attribute: `Ce-Id`."""
    missing = [name for name in _REQUIRED if name not in attributes]
    if missing:
        raise InvalidEvent(
            f"{' and '.join(map(written, missing))} {'is' if len(missing) == 1 else 'are'} missing: every event has "
            f"id, source, specversion and type",
            core("REQUIRED Attributes") if len(missing) > 1 else core(missing[0]),
        )
    version = canonical(attributes["specversion"])
    if version != "1.0":
        older = "; version 0.3 has other rules, so upgrade the sender" if version == "0.3" else ""
        raise InvalidEvent(
            f"{written('specversion')} is {version[:20]!a}, which is not '1.0'{older}", core("specversion")
        )
    for name, value in attributes.items():
        _check_type(name, value, written)
        if problem := _CHECKS.get(name, _anything)(canonical(value)):
            raise InvalidEvent(f"{written(name)} {problem}", core(name))


def _check_type(name: str, value: Value, written: Callable[[str], str]) -> None:
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if not -_LARGEST <= value < _LARGEST:
            raise InvalidEvent(f"{written(name)} is a number that does not fit into 32 bits", TYPES)
    elif found := _FORBIDDEN.search(value) or next((char for char in value if ord(char) & 0xFFFE == 0xFFFE), None):
        char = found if isinstance(found, str) else found[0]
        raise InvalidEvent(
            f"{written(name)} contains the character U+{ord(char):04X}, which no text may contain", TYPES
        )
    if name in _CHECKS and not isinstance(value, str):
        raise InvalidEvent(f"{written(name)} is a {type(value).__name__}, and must be a string", CONTEXT)


def _anything(value: str) -> str:
    return ""


def _filled(value: str) -> str:
    return "" if value else "is empty"


def _reference(value: str) -> str:
    if not value:
        return "is empty"
    return "" if _URI.fullmatch(value) else "is not a URI reference: RFC 3986 does not allow one of its characters"


def _absolute(value: str) -> str:
    return "" if _URI.fullmatch(value) and _SCHEME.match(value) else "is not an absolute URI as in RFC 3986"


def _timestamp(value: str) -> str:
    written = _RFC3339.fullmatch(value)
    try:
        if written and value[10] != " ":
            datetime.fromisoformat(f"{written[1]}T{written[2]}")
            return ""
    except ValueError:
        pass
    return "is not an RFC 3339 time, such as 2026-01-02T03:04:05.5Z"


def _media_type(value: str) -> str:
    return "" if _MEDIA_TYPE.fullmatch(value) else "is not a media type as in RFC 2046, such as application/json"


_CHECKS: dict[str, Callable[[str], str]] = {
    "id": _filled,
    "source": _reference,
    "specversion": _filled,
    "type": _filled,
    "datacontenttype": _media_type,
    "dataschema": _absolute,
    "subject": _filled,
    "time": _timestamp,
}
