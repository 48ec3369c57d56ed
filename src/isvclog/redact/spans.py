"""Places of secrets in a text: credentials and parameters of URLs, values behind a name that says so, known shapes."""

import re
from collections.abc import Iterable, Iterator, Sequence

from isvclog.patterns import late_pattern
from isvclog.redact.checked import is_login
from isvclog.redact.headers import is_sensitive_header
from isvclog.redact.keys import is_sensitive_parameter, names_secret, personal_name, secret_name
from isvclog.redact.known import known_annotation
from isvclog.redact.masks import REDACTED
from isvclog.redact.settings import asks_for_value
from isvclog.redact.values import any_case_shape, has_sensitive_shape
from isvclog.redact.words import allows_names, is_allowed

Place = tuple[int, int]
"""Start and end of a part of a text."""

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
_WORD = late_pattern(r"[^\s\"'`,;{}\[\]()<>]+")
_LONG_WORD = late_pattern(r"(?<![^\s\"'`,;{}\[\]()<>])[^\s\"'`,;{}\[\]()<>]{20,}")
_PEM = late_pattern(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]{0,40}-----|\Z)", re.DOTALL)
_PLACEHOLDER = late_pattern(
    r"\s*(?:\$\{[^}]*\}?(?:\[\w*\])?|\$\([^)]*\)?|\{\{[^}]*\}?\}?|<[^<>]*>|/(?:etc|var|run|mnt|home|tmp|opt)/\S*)\s*"
)
_NO_TEXT = ("null", "~", "true", "false")
_SHORTEST_NUMBER = 4
_TOGETHER = 9
_MOST_WORDS = 100
_ANY = "any text"
_LOGIN = "auth"  # of a registry, in the files of docker
_SHORTEST = 6
_SHORTEST_RANDOM = 20
_SHORTEST_TOKEN, _SHORTEST_SEGMENT = 16, 24


def names_secret_value(name: str, value: str, *, header: bool = False) -> bool:
    """Return True if the name of a key or, with `header`, of a request header says that this value is secret."""
    if not value.strip() or set(value) <= set("*\"' "):
        return False
    return names_secret(name, value) or (header and is_sensitive_header(name))


def is_url_name(name: str) -> bool:
    """Return True if the name of a field, an annotation or a flag says that its value is a URL."""
    return name[-3:].lower() in ("url", "uri")


def secret_places(text: str) -> list[Place]:
    """Find the secrets in a text: sorted, and none overlaps another one."""
    places = merged([*_url_places(text), *pair_places(text), *_flag_places(text), *_block_places(text)])
    return merged([*places, *_shape_places(text, places, False)])


def value_places(text: str, *, header: bool = False, is_url: bool = False) -> list[Place]:
    """Find the secrets in a whole value.

    Words that are secret only on their own count as well, as random ones do. With `header`, it is a request header,
    and with `is_url` a URL, of which nobody knows whether it is valid.
    """
    found = [*_url_places(text), *pair_places(text, header=header), *_flag_places(text), *_block_places(text)]
    if header:
        found += _header_places(text)
        found += (word.span() for word in _WORD.finditer(text) if any_case_shape(word[0]))
    if is_url:
        found += _odd_url_places(text)
    places = merged(found)
    return merged([*places, *_shape_places(text, places, True)])


def sentence_places(text: str) -> list[Place]:
    """Find the secrets in a sentence of our own; only what it quotes in backticks or quotation marks has names."""
    found = list(_url_places(text))
    for quoted in re.finditer(r"`[^`]*`|\"[^\"]*\"", text):
        inside = (*pair_places(quoted[0]), *_flag_places(quoted[0]))
        found += ((start + quoted.start(), end + quoted.start()) for start, end in inside)
    places = merged(found)
    return merged([*places, *_shape_places(text, places, False)])


def merged(places: Iterable[Place]) -> list[Place]:
    """Sort places, and merge those that overlap."""
    result: list[Place] = []
    for start, end in sorted(places):
        if result and start < result[-1][1]:
            result[-1] = result[-1][0], max(end, result[-1][1])
        elif start < end:
            result.append((start, end))
    return result


def without_places(text: str, places: Sequence[Place], shown: str = REDACTED) -> str:
    """Replace the places in a text by the placeholder."""
    if not places:
        return text
    parts, at = [], 0
    for start, end in places:
        parts += [text[at:start], shown]
        at = end
    return "".join([*parts, text[at:]])


def _url_places(text: str) -> Iterator[Place]:
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


def _odd_url_places(text: str) -> Iterator[Place]:
    if match := _ODD_USER.match(text):
        yield from _user_place(match.start("user"), match["user"], (match["scheme"] or "").lower())
    for parameter in _ODD_PARAMETER.finditer(text):
        if _is_secret_parameter(parameter):
            yield parameter.span("value")


def _is_secret_parameter(match: re.Match[str]) -> bool:
    if _has_secret_name(match):
        return True
    # A parameter inside the value is found on its own.
    inner = [found.span("value") for found in _PARAMETER.finditer(match["value"]) if _has_secret_name(found)]
    return is_secret_parameter("", _filled(match["value"], inner))


def _has_secret_name(parameter: re.Match[str]) -> bool:
    return is_sensitive_parameter(_PERCENT.sub(lambda code: chr(int(code[1], 16)), parameter["name"]))


def is_secret_parameter(name: str, value: str) -> bool:
    """Check whether a parameter of a URL is secret: by its name, or because its value looks like a token."""
    return is_sensitive_parameter(name) or has_sensitive_shape(value) or _is_token(value, _SHORTEST_TOKEN)


def _is_token(text: str, shortest: int) -> bool:
    """Check whether a part of a URL has a long run of mixed letters and digits, which a name or a number has not."""
    for run in _RUN.finditer(text):
        digits = sum(map(str.isdigit, run[0]))
        if len(run[0]) >= shortest and digits >= 2 and len(run[0]) - digits >= 2 and not _IDENTIFIER.fullmatch(run[0]):
            return True
    return False


def _block_places(text: str) -> Iterator[Place]:
    """Find private keys, and the passwords of a netrc."""
    if "PRIVATE KEY-" in text:
        yield from (match.span() for match in _PEM.finditer(text))
    if "password" in text and ("machine" in text or "default" in text):
        yield from (match.span("value") for match in _NETRC.finditer(text) if not _is_masked(match["value"]))


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


def _allowed_places(text: str) -> Iterator[Place]:
    """Find the values of names that the user said are never sensitive."""
    end = 0
    for match in _KEY.finditer(text) if allows_names() else ():
        if match.start() >= end and is_allowed(match["key"]):
            start, end = _value_place(text, match)
            yield start, end


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


def _header_places(text: str) -> Iterator[Place]:
    """Find what is written behind the name of a header as its value, whatever is in there."""
    if match := _ENTRY.match(text):
        value = text[match.end() :].rstrip()
        if value and not _is_masked(value) and is_sensitive_header(match["name"]) and not _PLACEHOLDER.fullmatch(value):
            yield match.end(), match.end() + len(value)


def _flag_places(text: str) -> Iterator[Place]:
    """Find the values of flags whose name says that they are secret."""
    if "-" not in text:
        return
    for match in _FLAG.finditer(text):
        group = "bare" if match["quoted"] is None else "quoted"
        if names_secret_value(match["name"], match[group]):
            yield match.span(group)


def _shape_places(text: str, known: Sequence[Place], word_by_word: bool) -> Iterator[Place]:
    """Find words, or else a few words in a row, or else the rest of the text, whose shape is sensitive."""
    rest = _filled(text, merged([*known, *_allowed_places(text)]))
    if not has_sensitive_shape(rest):
        if word_by_word and len(rest) > _SHORTEST_RANDOM:  # what is random on its own is not seen in a longer text
            for word in _LONG_WORD.finditer(rest):
                if len(word[0]) < len(rest) and has_sensitive_shape(word[0]):
                    yield _narrowed(word)
        return
    found = [
        _narrowed(word) for word in _WORD.finditer(rest) if len(word[0]) >= _SHORTEST and has_sensitive_shape(word[0])
    ]
    yield from found
    rest = _filled(rest, found)
    while has_sensitive_shape(rest):
        place = _window(rest)
        if place is None:
            yield 0, len(text)
            return
        yield place
        rest = _filled(rest, [place])


def _narrowed(word: re.Match[str]) -> Place:
    """Return the place of a sensitive word without the colon of a key behind it.

    Of a URL, return the part behind its host, if that is what is sensitive.
    """
    scheme = word[0].find("://")
    path = word[0].find("/", scheme + 3) if scheme >= 0 else -1
    if path >= 0 and not has_sensitive_shape(word[0][: path + 1]):
        return word.start() + path + 1, word.end()
    return word.start(), word.start() + len(word[0].rstrip(":"))


def _window(text: str) -> Place | None:
    """Find the fewest words in a row that are sensitive together; None if there are none, or too many words."""
    words = [match.span() for match in _WORD.finditer(text)]
    if len(words) > _MOST_WORDS:
        return None
    for size in range(2, _TOGETHER + 1):
        for index in range(len(words) - size + 1):
            start, end = words[index][0], words[index + size - 1][1]
            if has_sensitive_shape(text[start:end]):
                return start, end
    return None


def _filled(text: str, places: Sequence[Place]) -> str:
    """Replace places by asterisks, which belong to no shape, so that the places of the rest do not change."""
    parts, at = [], 0
    for start, end in sorted(places):
        parts += [text[at:start], "*" * (end - start)]
        at = end
    return "".join([*parts, text[at:]]) if parts else text
