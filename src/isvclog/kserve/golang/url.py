"""Go's `net/url` as of Go 1.25.5: it parses a URL and writes it again.

Go 1.25.8 and 1.26 also reject a bracket that does not open the host (`http://a[::1]/`), and 1.26 a second colon in the
host of an http or https URL (`http://a:b:80/`).
"""

import re
from functools import lru_cache

from isvclog.kserve.golang import json
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.netip import AddressError, ip_version
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.golang.strings import from_bytes, to_bytes
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"


class UrlError(GoError):
    """`url.Parse` rejected the text."""


class Userinfo(NamedTuple):
    """The part before the `@`, decoded. A missing password is None, an empty one is empty."""

    username: str
    password: str | None = None

    def string(self) -> str:
        """Encode user name and password again, as `Userinfo.String` does."""
        username = escape(self.username, USERINFO)
        return username if self.password is None else f"{username}:{escape(self.password, USERINFO)}"


class URL(NamedTuple):
    """`url.URL`: `path` and `fragment` are decoded, the raw ones are set if encoding these again would differ."""

    scheme: str = ""
    opaque: str = ""
    user: Userinfo | None = None
    host: str = ""
    path: str = ""
    raw_path: str = ""
    omit_host: bool = False
    force_query: bool = False
    raw_query: str = ""
    fragment: str = ""
    raw_fragment: str = ""

    def string(self) -> str:
        """Write the URL as `URL.String` does."""
        start = f"{self.scheme}:" if self.scheme else ""
        rest = self.opaque
        if not rest:
            start += self._authority()
            rest = self.escaped_path()
            if rest and not rest.startswith("/") and self.host:
                start += "/"
            if not start and ":" in rest.partition("/")[0]:
                start = "./"
        fragment = f"#{self.escaped_fragment()}" if self.fragment else ""
        return start + rest + self._query() + fragment

    def _authority(self) -> str:
        if not (self.host or self.user) and (self.omit_host or not (self.scheme and self.path)):
            return ""
        user = f"{self.user.string()}@" if self.user else ""
        return f"//{user}{escape(self.host, HOST)}"

    def _query(self) -> str:
        return f"?{self.raw_query}" if self.force_query or self.raw_query else ""

    def escaped_path(self) -> str:
        """Return the path as it was written if that is valid, or else encode it, as `URL.EscapedPath` does."""
        if self.raw_path and _is_encoding(self.raw_path, self.path, PATH):
            return self.raw_path
        return "*" if self.path == "*" else escape(self.path, PATH)

    def escaped_fragment(self) -> str:
        """Return the fragment as it was written if that is valid, or else encode it, as `URL.EscapedFragment` does."""
        if self.raw_fragment and _is_encoding(self.raw_fragment, self.fragment, FRAGMENT):
            return self.raw_fragment
        return escape(self.fragment, FRAGMENT)

    def request_uri(self) -> str:
        """Build the target that an HTTP client asks for, as `URL.RequestURI` does: `/` for an empty path."""
        if self.opaque:
            target = f"{self.scheme}:{self.opaque}" if self.opaque.startswith("//") else self.opaque
        else:
            target = self.escaped_path() or "/"
        return target + self._query()

    def hostname(self) -> str:
        """Return the host without port and brackets, as `URL.Hostname` does."""
        return _split_port(self.host)[0]

    def port(self) -> str:
        """Return the port as `URL.Port` does: digits, or an empty string."""
        return _split_port(self.host)[1]

    def json_fields(self) -> json.Struct:
        """Convert the URL to the struct that `encoding/json` sees, in the order of Go 1.25; 1.26 has another order."""
        return json.Struct(
            Scheme=self.scheme,
            Opaque=self.opaque,
            User=json.Struct() if self.user else None,
            Host=self.host,
            Path=self.path,
            RawPath=self.raw_path,
            OmitHost=self.omit_host,
            ForceQuery=self.force_query,
            RawQuery=self.raw_query,
            Fragment=self.fragment,
            RawFragment=self.raw_fragment,
        )


# What nothing has to be decoded or checked in: most sinks.
_PLAIN = late_pattern(r"(https?)://([a-z0-9]+(?:[.-][a-z0-9]+)*(?::[0-9]+)?)((?:/[A-Za-z0-9._~-]*)*)", re.ASCII)


@lru_cache(maxsize=256)  # a URL is read at several stages, and one sink serves many services
def parse(text: str) -> URL:
    """Parse a URL as `url.Parse` does; it accepts nearly everything, including relative references. Raises UrlError."""
    if plain := _PLAIN.fullmatch(text):
        return URL(scheme=plain[1], host=plain[2], path=plain[3])
    before, _, fragment = text.partition("#")
    shown = before
    try:
        url = _parse(before)
        shown = text
        if not fragment:
            return url
        decoded = unescape(fragment, FRAGMENT)
    except GoError as error:
        raise UrlError(f"parse {quote(shown)}: {error}") from None
    raw = "" if fragment == escape(decoded, FRAGMENT) else fragment
    return url._replace(fragment=decoded, raw_fragment=raw)


def is_plain(text: str) -> bool:
    """Check whether this is an http or https URL that `parse` does not change and `string` writes in the same way."""
    return _PLAIN.fullmatch(text) is not None


def _parse(text: str) -> URL:
    if _has_control_character(text):
        raise UrlError("net/url: invalid control character in URL")
    if text == "*":
        return URL(path="*")
    scheme, rest = _split_scheme(text)
    rest, mark, query = rest.partition("?")
    url = URL(scheme=scheme.lower(), force_query=bool(mark and not query), raw_query=query)
    if scheme and not rest.startswith("/"):
        return url._replace(opaque=rest)
    if ":" in rest.partition("/")[0]:
        raise UrlError("first path segment in URL cannot contain colon")
    if rest.startswith("//") and (scheme or not rest.startswith("///")):
        authority, slash, rest = rest[2:].partition("/")
        rest = slash + rest
        user, host = _parse_authority(authority)
        url = url._replace(user=user, host=host)
    elif scheme:
        url = url._replace(omit_host=True)
    path = unescape(rest, PATH)
    return url._replace(path=path, raw_path="" if rest == escape(path, PATH) else rest)


def _has_control_character(text: str) -> bool:
    return not text.isprintable() and any(char < " " or char == "\x7f" for char in text)


def _split_scheme(text: str) -> tuple[str, str]:
    scheme, colon, rest = text.partition(":")
    if not colon or scheme.strip(_LETTERS + _DIGITS + "+-.") or scheme[:1] not in _LETTERS:
        return "", text
    if not scheme:
        raise UrlError("missing protocol scheme")
    return scheme, rest


def _parse_authority(authority: str) -> tuple[Userinfo | None, str]:
    userinfo, at, host = authority.rpartition("@")
    host = _parse_host(host)
    if not at:
        return None, host
    if userinfo.strip(_LETTERS + _DIGITS + "-._:~!$&'()*+,;=%@"):
        raise UrlError("net/url: invalid userinfo")
    username, colon, password = userinfo.partition(":")
    username = unescape(username, USERINFO)
    return Userinfo(username, unescape(password, USERINFO) if colon else None), host


def _parse_host(host: str) -> str:
    if "[" in host:
        return _parse_ip_literal(host)
    _, colon, port = host.rpartition(":")
    if colon and not _is_port(colon + port):
        raise UrlError(f"invalid port {quote(colon + port)} after host")
    return unescape(host, HOST)


def _parse_ip_literal(host: str) -> str:
    before, bracket, port = host.rpartition("]")
    if not bracket:
        raise UrlError("missing ']' in host")
    if not _is_port(port):
        raise UrlError(f"invalid port {quote(port)} after host")
    literal = before.rpartition("[")[2]
    name, percent, zone = literal.partition("%25")
    address = unescape(name, HOST) + unescape(percent + zone, ZONE)
    try:
        version = ip_version(address)
    except AddressError as error:
        raise UrlError(f"invalid host: {error}") from None
    if version == 4:
        raise UrlError("invalid IP-literal")
    return f"[{address}]{port}"


def _is_port(text: str) -> bool:
    """Check for an optional port as `validOptionalPort` does: nothing, or a colon with any number of digits."""
    return not text or (text.startswith(":") and not text[1:].strip(_DIGITS))


def _split_port(host: str) -> tuple[str, str]:
    name, colon, port = host.rpartition(":")
    if not colon or port.strip(_DIGITS):
        name, port = host, ""
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    return name, port


def _is_encoding(raw: str, decoded: str, kept: str) -> bool:
    if not is_encoded(raw, kept):
        return False
    try:
        return unescape(raw, kept) == decoded
    except EscapeError:
        return False


_UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
_HEX = frozenset(b"0123456789abcdefABCDEF")

PATH = _UNRESERVED + "$&+,/:;=@"
"""Characters that a path keeps unescaped; `!'()*` are escaped although RFC 3986 would allow them."""

HOST = _UNRESERVED + "!$&'()*+,;=:[]<>\""
ZONE = HOST + " "
USERINFO = _UNRESERVED + "$&+,;="
FRAGMENT = _UNRESERVED + "$&+,/:;=?@!()*"

_ALSO_VALID = "!$&'()*+,;=:@[]%"


class EscapeError(GoError):
    """A percent sign without two hexadecimal digits, or an escape or character that is not allowed in this place."""


def escape(text: str, kept: str) -> str:
    """Percent-encode every byte that is not one of the `kept` characters."""
    if not text.strip(kept):
        return text
    return "".join(chr(byte) if chr(byte) in kept else f"%{byte:02X}" for byte in to_bytes(text))


def is_encoded(text: str, kept: str) -> bool:
    """Check whether the text is a valid encoding of something, so that it may be sent unchanged (`validEncoded`)."""
    return not text.strip(kept + _ALSO_VALID)


def unescape(text: str, kept: str) -> str:
    """Decode percent-encoding; raise EscapeError if it is malformed.

    If `kept` is `HOST` or `ZONE`, only some characters are allowed, encoded or not.
    """
    strict = kept in (HOST, ZONE)
    if "%" not in text and not (strict and text.strip(HOST)):
        return text
    data = to_bytes(text)
    decoded = bytearray()
    at = 0
    while at < len(data):
        if data[at] == ord("%"):
            decoded.append(_unescape_byte(data[at : at + 3], kept))
            at += 3
            continue
        if strict and data[at] < 0x80 and chr(data[at]) not in HOST:
            raise EscapeError(f"invalid character {quote(chr(data[at]))} in host name")
        decoded.append(data[at])
        at += 1
    return from_bytes(bytes(decoded))


def _unescape_byte(escaped: bytes, kept: str) -> int:
    """Decode one escape, such as `%2F`; raise EscapeError if it is malformed or not allowed."""
    if len(escaped) == 3 and escaped[1] in _HEX and escaped[2] in _HEX:
        byte = int(escaped[1:], 16)
        if kept not in (HOST, ZONE) or _may_be_escaped(byte, kept):
            return byte
    raise EscapeError(f"invalid URL escape {quote(from_bytes(escaped))}")


def _may_be_escaped(byte: int, kept: str) -> bool:
    """Check whether a byte may be written as an escape in a host name or a zone.

    `%` may be escaped in both. Beyond that, a host name may only escape bytes outside ASCII, and a zone only characters
    that it may also contain unescaped.
    """
    if byte == ord("%"):
        return True
    return byte >= 0x80 if kept == HOST else chr(byte) in kept


def _parsable() -> str:
    """Write the regular expression of what `parse` accepts; of the addresses in brackets, only their characters."""
    escaped = "%[0-9A-Fa-f]{2}"
    control = r"\x00-\x1f\x7f"
    segment = rf"(?:[^%/?#{control}]|{escaped})"
    path = f"(?:{segment}|/)*"
    rooted = f"/(?:{segment}{path})?"
    name = r"(?:[-\w.~!$&'()*+,;=\]<>\x22]|[^\x00-\x7f]|%25|%[89A-Fa-f][0-9A-Fa-f])"
    literal = rf"[^/?#@{control}]*\[[0-9A-Fa-f:.]+(?:%25[^/?#\]{control}]*)?\](?::[0-9]*)?"
    host = f"(?:{name}*|(?:{name}|:)*:[0-9]*|{literal})"
    user = rf"(?:(?:[-\w.:~!$&'()*+,;=@]|{escaped})*@)?"
    authority = f"//{user}{host}(?:/{path})?"
    opaque = rf"(?:[^/?#{control}][^?#{control}]*)?"
    first = rf"(?:[^:%/?#{control}]|{escaped})+(?:/{path})?"
    hierarchy = f"(?:[A-Za-z][-+.A-Za-z0-9]*:(?:{opaque}|{authority}|{rooted})|{authority}|{first}|{rooted}|///{path})?"
    return rf"(?s)^{hierarchy}(?:\?[^#{control}]*)?(?:#(?:[^%]|{escaped})*)?$".replace(r"\w", "A-Za-z0-9_")


PARSABLE = _parsable()
"""Matches what `parse` accepts, for programs that have regular expressions only. It is valid in RE2."""
