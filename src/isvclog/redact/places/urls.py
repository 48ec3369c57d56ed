"""Secrets in URLs: the user and the password, parameters, parts of the path that look like a token."""

import re
from collections.abc import Iterator

from isvclog.patterns import late_pattern
from isvclog.redact.keys import is_sensitive_parameter
from isvclog.redact.places.place import Place, filled
from isvclog.redact.values import has_sensitive_shape

_USER = late_pattern(r"(?<![\w+.-])(?P<scheme>[A-Za-z][\w+.-]{0,30}:)?//(?P<user>[^/?#\s\"'`<>]*)@")
# A slash in a password ends the part that a URL has for it, and a password may be before the `@` without any scheme.
_BROKEN_USER = late_pattern(r"//(?P<user>[^\s\"'`<>@]*:[^\s\"'`<>@]*(?:@[^\s\"'`<>@/]*)*)@")
# A line break in a URL becomes a blank.
_SPLIT_USER = late_pattern(r"//(?P<user>[^\s\"'`<>@/?#]*\s{1,40}[^\s\"'`<>@/?#]*)@(?=[\w\[])")
_BARE_USER = late_pattern(
    r"(?<![\w./@:%+-])(?P<name>[\w.%+-]{1,64}):(?P<password>[^\s\"'`<>@/:,;][^\s\"'`<>@/,;]*)@(?=[\w\[])"
)
_PARAMETER = late_pattern(r"[?&;#](?P<name>[^\s=?&;#\"'`]{1,200})=(?P<value>[^\s&;#\"'`<>]+)")
# For a text in the place of a URL, which may be malformed.
_ODD_USER = late_pattern(r"\A(?P<scheme>[a-zA-Z][\w+.-]*:(?=//))?(?://)?(?P<user>[^/?#]*)@")
_ODD_PARAMETER = late_pattern(r"[?&;#](?P<name>[^=?&;#]{1,200})=(?P<value>[^&#]+)")
_PATH = late_pattern(r"(?<![\w+.-])https?://[^/\s\"'`<>?#]*(?P<path>/[^\s\"'`<>?#]*)", re.IGNORECASE)
_SEGMENT = late_pattern(r"[^/]+")
_RUN = late_pattern(r"[A-Za-z0-9]+")
# Digests, ULIDs and KSUIDs, which URLs of artifacts and runs have.
_IDENTIFIER = late_pattern(r"[0-9a-f]{40}|[0-9a-f]{64}|[0-7][0-9A-HJKMNP-TV-Z]{25}|[0-4][A-Za-z0-9]{26}")
_PERCENT = late_pattern(r"%([0-9A-Fa-f]{2})")
_SHORTEST_TOKEN, _SHORTEST_SEGMENT = 16, 24


def is_url_name(name: str) -> bool:
    """Return True if the name of a field, an annotation or a flag says that its value is a URL."""
    return name[-3:].lower() in ("url", "uri")


def url_places(text: str) -> Iterator[Place]:
    """Find the secrets in the URLs of a text."""
    if "@" in text:
        for match in _USER.finditer(text):
            yield from _user_place(match.start("user"), match["user"], (match["scheme"] or "").lower())
        for match in _BROKEN_USER.finditer(text):
            yield match.start("user") + match["user"].index(":") + 1, match.end("user")
        for match in _SPLIT_USER.finditer(text):
            yield match.start("user") + match["user"].find(":") + 1, match.end("user")
        for match in _BARE_USER.finditer(text):
            yield match.span("password")
    if "://" in text:
        for match in _PATH.finditer(text):
            yield from (
                (match.start("path") + part.start(), match.start("path") + part.end())
                for part in _SEGMENT.finditer(match["path"])
                if _is_token(part[0], _SHORTEST_SEGMENT)
            )
    if "=" in text:
        for match in _PARAMETER.finditer(text):
            if _is_secret_parameter(match):
                yield match.span("value")


def odd_url_places(text: str) -> Iterator[Place]:
    """Find the secrets in a text that is in the place of a URL, whether it is a valid one or not."""
    if match := _ODD_USER.match(text):
        yield from _user_place(match.start("user"), match["user"], (match["scheme"] or "").lower())
    for parameter in _ODD_PARAMETER.finditer(text):
        if _is_secret_parameter(parameter):
            yield parameter.span("value")


def is_secret_parameter(name: str, value: str) -> bool:
    """Check whether a parameter of a URL is secret: by its name, or because its value looks like a token."""
    return is_sensitive_parameter(name) or has_sensitive_shape(value) or _is_token(value, _SHORTEST_TOKEN)


def _is_secret_parameter(match: re.Match[str]) -> bool:
    if _has_secret_name(match):
        return True
    # A parameter inside the value is found on its own.
    inner = [found.span("value") for found in _PARAMETER.finditer(match["value"]) if _has_secret_name(found)]
    return is_secret_parameter("", filled(match["value"], inner))


def _has_secret_name(parameter: re.Match[str]) -> bool:
    return is_sensitive_parameter(_PERCENT.sub(lambda code: chr(int(code[1], 16)), parameter["name"]))


def _is_token(text: str, shortest: int) -> bool:
    """Check whether a part of a URL has a long run of mixed letters and digits, which a name or a number has not."""
    for run in _RUN.finditer(text):
        digits = sum(map(str.isdigit, run[0]))
        if len(run[0]) >= shortest and digits >= 2 and len(run[0]) - digits >= 2 and not _IDENTIFIER.fullmatch(run[0]):
            return True
    return False


def _user_place(start: int, user: str, scheme: str) -> Iterator[Place]:
    """Find the password of a URL or, without a password, the user, which may be a token.

    It is none in `abfs://container@account`.
    """
    name, colon, _ = user.partition(":")
    if colon:
        yield start + len(name) + 1, start + len(user)
        if has_sensitive_shape(name):
            yield start, start + len(name)
    elif name and (scheme in ("", "http:", "https:") or has_sensitive_shape(name)):
        yield start, start + len(name)
