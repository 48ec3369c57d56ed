"""Values of scalars with an explicit tag (`!!int "1"`, `!!binary aGk=`), as go.yaml.in/yaml/v2 reads them.

Tags on mappings and sequences have no effect there, and neither have unknown tags: their scalars are strings.
"""

import binascii
import re

from isvclog.manifest.syntax.scalars import ScalarValue, resolve

_STANDARD = "tag:yaml.org,2002:"
_BASE64 = re.compile(r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}(==|[A-Za-z0-9+/]=))?")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_DATE = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_TIME = r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,][0-9]+)?"
# The layouts of resolve.go: RFC 3339 with short fields, a time without a zone after spaces, a date alone.
_TIMESTAMP = re.compile(rf"{_DATE}(?:[Tt]{_TIME}(?:Z|[+-]([0-9]{{2}}):([0-9]{{2}}))| +{_TIME})?")
# Behind the date: hours, minutes and seconds, those of the zone, which Go's time.Parse lets be 24:60 away, and hours,
# minutes and seconds without a zone.
_CLOCK_LIMITS = (23, 59, 59, 24, 60, 23, 59, 59)


def resolve_tagged(tag: str, text: str) -> ScalarValue:
    """Convert a scalar with a tag in its full form, `tag:yaml.org,2002:int`, to its value.

    Raise ValueError if the text does not agree with the tag.
    """
    if not tag.startswith(_STANDARD):
        return text
    name = tag.removeprefix(_STANDARD)
    if name == "binary":
        return _binary(text)
    if name == "timestamp":
        agrees = _is_timestamp(text)
        value: ScalarValue = text
    elif name in _AGREES:
        value = resolve(text)
        agrees = _AGREES[name](value)
    else:
        return text
    if not agrees:
        raise ValueError(f"the text does not agree with its tag !!{name}")
    return float(value) if name == "float" and isinstance(value, int) else value


def _is_int64(value: ScalarValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value < 2**63


_AGREES = {
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": lambda value: isinstance(value, float) or _is_int64(value),
    "null": lambda value: value is None,
}


def _binary(text: str) -> str:
    encoded = text.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(encoded):
        raise ValueError("the text does not agree with its tag !!binary")
    # encoding/json writes each byte that is not UTF-8 as U+FFFD.
    return _NOT_UTF8.sub("\ufffd", binascii.a2b_base64(encoded).decode("utf-8", "surrogateescape"))


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return False
    year, month, day, *clock = map(int, match.groups("0"))
    if any(number > limit for number, limit in zip(clock, _CLOCK_LIMITS, strict=True)):
        return False
    return 1 <= month <= 12 and 1 <= day <= _days_of(year, month)


def _days_of(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
