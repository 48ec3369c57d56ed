"""Secrets behind a name that says so: pairs, elements, headers, flags, a netrc."""

import re
from collections.abc import Iterator

from isvclog.patterns import late_pattern
from isvclog.redact.checked import is_login
from isvclog.redact.headers import is_sensitive_header
from isvclog.redact.keys import names_secret, personal_name, secret_name
from isvclog.redact.known import known_annotation
from isvclog.redact.masks import REDACTED
from isvclog.redact.places.place import Place
from isvclog.redact.settings import asks_for_value
from isvclog.redact.words import allows_names, is_allowed

_KEY = late_pattern(r"(?<![\w./-])(?P<key>[\w./-]{1,300})(?:\\*[\"'])?\s{0,9}(?::?=|:(?=\s|\\*[\"'\[{]))[ \t]{0,9}")
_ENTRY = late_pattern(r"\s*(?P<name>[\w-]+)\s*[:=]\s*")
_ELEMENT = late_pattern(r"<(?P<key>[\w.-]{1,300})>(?P<value>[^<>]+)</")
_QUOTE = late_pattern(r"\\*[\"']")
# `--password hunter2`, also as items of a list: `["--password", "hunter2"]`, or an item on each line.
_FLAG = late_pattern(
    r"(?<![\w-])--?(?P<name>[\w-]{2,60})(?:[ \t]{1,9}|\\?[\"'],\s{0,9}|[\"']?\n[ \t]{0,40}-[ \t]{1,9})"
    r"(?:(?P<quote>\\?[\"'])(?!-)(?P<quoted>(?:(?!(?P=quote)).)+)|(?P<bare>[^\s\"'`-][^\s\"'`]*))"
)
_NETRC = late_pattern(
    r"(?<!\w)(?:machine\s+\S+|default)\s+(?:login\s+\S+\s+)?(?:account\s+\S+\s+)?password\s+(?P<value>\S+)"
)
_UNQUOTED_END = late_pattern(r"[,;&\n`\"]|(?<=\S)'(?=[\s,\]}]|\Z)")
# A quotation mark directly behind a word ends a text that began before the name.
_PLAIN_END = late_pattern(r"[,;\n`\"]|(?<=\S)'(?=[\s,\]}]|\Z)")
# A shell joins what follows a quoted text directly.
_ADJOINING = late_pattern(r"\w[^\s,;&{}()\"`]*")
_LIST_END = late_pattern(r"[\]\n]")
# What may be behind the colon of a key whose value is in the lines below it; what follows is no key of its own.
_BLOCK = late_pattern(
    r"(?:[|>][-+0-9]{0,2}[ \t]*\n|[ \t]*\n(?!\s*(?:- +)*[\"']?[\w./-]{1,300}[\"']?:(?:\s|\Z)))(?=\s*\S)"
)
_NO_BLOCK = late_pattern(r"[|>][-+0-9]{0,2}\s*\Z")
_SCHEME = late_pattern(r"(?:[Bb]earer|[Bb]asic|[Tt]oken)[ \t]*\n\s*(?P<value>\S+)")
_LINE = late_pattern(r"(?P<indent>[ \t]*)(?P<text>[^\n]*)(?:\n|\Z)")
_INNER_END = late_pattern(r"(?<!\\)\"")
_PLACEHOLDER = late_pattern(
    r"\s*(?:\$\{[^}]*\}?(?:\[\w*\])?|\$\([^)]*\)?|\{\{[^}]*\}?\}?|<[^<>]*>|/(?:etc|var|run|mnt|home|tmp|opt)/\S*)\s*"
)
_NO_TEXT = ("null", "~", "true", "false")
_SHORTEST_NUMBER = 4
_ANY = "any text"
_LOGIN = "auth"  # of a registry, in the files of docker


def names_secret_value(name: str, value: str, *, header: bool = False) -> bool:
    """Return True if the name of a key or, with `header`, of a request header says that this value is secret."""
    if not value.strip() or set(value) <= set("*\"' "):
        return False
    return names_secret(name, value) or (header and is_sensitive_header(name))


def pair_places(text: str, *, header: bool = False) -> Iterator[Place]:
    """Find the values that names make secret: `name=value`, `name: value`, `"name": "value"`, `<name>value</name>`."""
    for element in _ELEMENT.finditer(text) if "</" in text else ():
        if _is_secret_pair(element["key"], element["value"], header):
            yield element.span("value")
    at = 0
    while match := _KEY.search(text, at):
        if match["key"] != _LOGIN and not names_secret_value(match["key"], _ANY, header=header):
            at = match.end()
            continue
        start, end = _value_place(text, match)
        value = text[start:end]
        if value and not _is_masked(value) and _is_secret_pair(match["key"], value, header):
            yield start, end
            at = max(end, match.end())
        else:
            at = match.end()


def allowed_places(text: str) -> Iterator[Place]:
    """Find the values of names that the user said are never sensitive."""
    end = 0
    for match in _KEY.finditer(text) if allows_names() else ():
        if match.start() >= end and is_allowed(match["key"]):
            start, end = _value_place(text, match)
            yield start, end


def header_places(text: str) -> Iterator[Place]:
    """Find what is written behind the name of a header as its value, whatever is in there."""
    if match := _ENTRY.match(text):
        value = text[match.end() :].rstrip()
        if value and not _is_masked(value) and is_sensitive_header(match["name"]) and not _PLACEHOLDER.fullmatch(value):
            yield match.end(), match.end() + len(value)


def flag_places(text: str) -> Iterator[Place]:
    """Find the values of flags whose name says that they are secret."""
    if "-" not in text:
        return
    for match in _FLAG.finditer(text):
        group = "bare" if match["quoted"] is None else "quoted"
        if names_secret_value(match["name"], match[group]):
            yield match.span(group)


def netrc_places(text: str) -> Iterator[Place]:
    """Find the passwords of a netrc."""
    if "password" in text and ("machine" in text or "default" in text):
        yield from (match.span("value") for match in _NETRC.finditer(text) if not _is_masked(match["value"]))


def _value_place(text: str, match: re.Match[str]) -> Place:
    start = match.end()
    if quote := _QUOTE.match(text, start):
        end = _closing(text, quote[0], quote.end())
        after = _ADJOINING.match(text, end + len(quote[0]))
        return quote.end(), after.end() if after else end
    if "=" in match[0][len(match["key"]) :]:
        return start, _end(_UNQUOTED_END, text, start)
    if text[start : start + 1] == "{" or _NO_BLOCK.match(text, start):
        return start, start
    if text[start : start + 1] == "[":
        return start + 1, _end(_LIST_END, text, start)
    if scheme := _SCHEME.match(text, start):
        return scheme.span("value")
    if block := _BLOCK.match(text, start):
        return _block_place(text, match.start("key"), block.end())
    at = start
    while True:
        stop = _PLAIN_END.search(text, at)
        if stop is None:
            return start, len(text)
        if stop[0] != '"' or not text[stop.start() - 1].isspace():
            return start, stop.start()
        # Quoted text inside the value belongs to it, with what separates values elsewhere, and other quoted text.
        at = min(_end(_INNER_END, text, stop.end()) + 1, len(text))


def _block_place(text: str, key: int, start: int) -> Place:
    """Find the text in the lines below a key that are indented more than it."""
    line = text.rfind("\n", 0, key) + 1
    depth, end = key - line, start
    for match in _LINE.finditer(text, start):
        inner = len(match["indent"]) + match["text"].startswith("- ")
        if match["text"] and inner <= depth:
            break
        end = match.end("text") if match["text"] else end
    return min(start + len(text[start:end]) - len(text[start:end].lstrip()), end), end


def _is_secret_pair(key: str, value: str, header: bool) -> bool:
    """Check whether a pair inside a text is a secret, and not a switch or a placeholder that a template replaces."""
    bare = value.strip().rstrip("}] ")
    if _PLACEHOLDER.fullmatch(value) or bare in _NO_TEXT or (bare.isdigit() and len(bare) < _SHORTEST_NUMBER):
        return False
    if asks_for_value(value) or not any(map(str.isalnum, value)):
        return False
    if header and is_sensitive_header(key):
        return True
    if key == _LOGIN:
        return is_login(bare)
    return (
        names_secret(key, value)
        and (secret_name(key, value) or personal_name(key) or known_annotation(key)) is not None
    )


def _is_masked(value: str) -> bool:
    return value.startswith(REDACTED) and not value[len(REDACTED) :][:1].isalnum()


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.search(text, start)
    return found.start() if found else len(text)


def _closing(text: str, quote: str, start: int) -> int:
    """Find the end of a quoted text; `quote` has as many backslashes as there are levels of JSON around it.

    A quotation mark with more of them belongs to the text, as does one behind doubled backslashes and before a letter:
    quoting a text may have doubled the backslashes in it and left its quotation marks.
    """
    at = start
    while (at := text.find(quote, at)) >= 0:
        first = at
        while first > start and text[first - 1] == "\\":
            first -= 1
        end = at + len(quote)
        if first == at or ((at - first) % (2 * len(quote)) == 0 and not text[end : end + 1].isalnum()):
            return at
        at = end
    return len(text)
