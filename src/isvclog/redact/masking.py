"""Masking of secrets inside other text: credentials and parameters of a URL, `key=value` parts of an annotation."""

import re

from isvclog.redact import REDACTED, has_sensitive_shape, is_sensitive_parameter, mask, names_secret

_USER = re.compile(r"\A(?P<before>(?:[a-zA-Z][\w+.-]*:)?(?://)?)(?P<user>[^/?#]*)@")
_USER_INSIDE = re.compile(r"(?P<before>://)(?P<user>[^/?#\"\s]*)@")
_SEGMENT = re.compile(r"[?&#;][^&#]*")
_SEGMENT_INSIDE = re.compile(r"[?&#;][^&#\"\s]*")
_PARAMETER = re.compile(r"[?&#;](?P<name>[^=?;]+)=")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_KEY = re.compile(r"(?<![\w./-])([\w./-]+)(?:\s*=|:\s)")


def mask_url(text: str, *, keep_user: bool = False) -> str:
    """Mask credentials and secret parameters of a URL.

    A user name without a password may be a token, so it is hidden unless `keep_user` is set: it is not a token in
    `abfs://container@account`.
    """
    return mask_parameters(_USER.sub(lambda match: _shown_user(match, keep_user), text))


def mask_parameters(text: str) -> str:
    """Mask the secret parameters of a URL, or of a part of one that begins with `?` or `#`."""
    return _SEGMENT.sub(_shown_segment, text)


def mask_message(text: str) -> str:
    """Mask the URLs in a sentence; each of them ends at white space or a quotation mark."""
    return _SEGMENT_INSIDE.sub(_shown_segment, _USER_INSIDE.sub(lambda match: _shown_user(match, False), text))


def mask_pairs(value: str) -> str:
    """Mask the secrets in the `key=value` parts of an annotation's value.

    The agent turns each such part behind a comma into an annotation of its own. A part that begins with a quotation
    mark may contain commas itself, so everything after it belongs to it.
    """
    parts = re.split(r"([,;\n])", value)
    for index in range(0, len(parts), 2):
        part = parts[index]
        end = _secret_key_end(part)
        if not end:
            continue
        if part.lstrip().startswith('"'):
            return "".join(parts[:index]) + part[:end] + mask("".join(parts[index:])[end:])
        parts[index] = part[:end] + mask(part[end:])
    return "".join(parts)


def _secret_key_end(part: str) -> int:
    """Find the position where the value after the first key that names a secret begins; 0 if there is none."""
    return next(
        (
            found.end()
            for found in _KEY.finditer(part)
            if found.end() < len(part) and names_secret(found[1], part[found.end() :])
        ),
        0,
    )


def _shown_user(match: re.Match[str], keep_user: bool) -> str:
    name, colon, _ = match["user"].partition(":")
    if colon:
        return f"{match['before']}{name}:{REDACTED}@"
    return f"{match['before']}{name if keep_user or not name else REDACTED}@"


def _shown_segment(match: re.Match[str]) -> str:
    segment = match[0]
    found = list(_PARAMETER.finditer(segment))
    for parameter in found:
        name = _PERCENT.sub(lambda code: chr(int(code[1], 16)), parameter["name"])
        if parameter.end() < len(segment) and is_sensitive_parameter(name):
            return segment[: parameter.end()] + REDACTED
    if has_sensitive_shape(segment):
        return segment[: found[0].end() if found else 1] + REDACTED
    return segment
