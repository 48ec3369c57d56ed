"""Secrets inside other text: a URL's credentials and parameters, `key=value` parts of an annotation's value."""

import re

from isvclog.sensitive import has_sensitive_shape, is_sensitive_parameter, mask, names_secret

HIDDEN = "…"

_USER = re.compile(r"\A(?P<before>(?:[a-zA-Z][\w+.-]*:)?(?://)?)(?P<user>[^/?#]*)@")
_USER_INSIDE = re.compile(r"(?P<before>://)(?P<user>[^/?#\"\s]*)@")
_SEGMENT = re.compile(r"[?&#;][^&#]*")
_SEGMENT_INSIDE = re.compile(r"[?&#;][^&#\"\s]*")
_PARAMETER = re.compile(r"[?&#;](?P<name>[^=?;]+)=")
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_KEY = re.compile(r"(?<![\w./-])([\w./-]++)(?:\s*=|:\s)")


def mask_url(text: str, *, keep_user: bool = False) -> str:
    """A URL without credentials and secret parameters.

    A user name without a password may be a token, unless `keep_user` says that it is not (`abfs://container@account`).
    """
    return mask_parameters(_USER.sub(lambda match: _shown_user(match, keep_user), text))


def mask_parameters(text: str) -> str:
    """A URL, or a part of one that begins with `?` or `#`, whose secret parameters are hidden."""
    return _SEGMENT.sub(_shown_segment, text)


def mask_message(text: str) -> str:
    """A sentence with the URLs in it masked; there they end at white space or a quotation mark."""
    return _SEGMENT_INSIDE.sub(_shown_segment, _USER_INSIDE.sub(lambda match: _shown_user(match, False), text))


def mask_pairs(value: str) -> str:
    """An annotation's value with the secrets of the `key=value` parts in it masked.

    The agent makes an annotation of its own of each such part behind a comma; one that begins with a quotation mark may
    hold commas itself, so all that follows belongs to it.
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
    """Where the value behind the first key that names a secret begins, or 0."""
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
        return f"{match['before']}{name}:***@"
    return f"{match['before']}{name if keep_user or not name else HIDDEN}@"


def _shown_segment(match: re.Match[str]) -> str:
    segment = match[0]
    found = list(_PARAMETER.finditer(segment))
    for parameter in found:
        name = _PERCENT.sub(lambda code: chr(int(code[1], 16)), parameter["name"])
        if parameter.end() < len(segment) and is_sensitive_parameter(name):
            return segment[: parameter.end()] + HIDDEN
    if has_sensitive_shape(segment):
        return segment[: found[0].end() if found else 1] + HIDDEN
    return segment
