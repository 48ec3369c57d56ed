"""Named values inside a value: members of JSON, lines of a `.env` or netrc file, parameters, flags and settings."""

from collections.abc import Iterator

from isvclog.redact.checked import is_login
from isvclog.redact.keys import secret_name
from isvclog.redact.shapes import compile_late
from isvclog.redact.vendors import vendor_name
from isvclog.redact.words import split_words

# In quotes, or a placeholder with blanks in it.
_SPACED = r"\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'|<[^<>\n]{0,100}>|\$?\{\{?[^{}\n]{0,100}\}\}?|\$\([^()\n]{0,100}\)"
_KEY = r"([A-Za-z][\w.-]{0,99})"
# `export KEY=value`, `--key=value`, `?key=value`, `key = "some value"`.
_EQUAL = rf"(?:\A|[\s;&?,{{(#])-{{0,2}}{_KEY}[ \t]{{0,3}}=(?!=)[ \t]{{0,3}}({_SPACED}|[^\s;&,]{{1,500}})"
# `key: value`, alone in its line or between braces and commas: in a sentence, more words follow.
_COLON = (
    rf"(?:\A|[\n,{{])[ \t-]{{0,40}}{_KEY}[ \t]{{0,3}}:(?![:=/])[ \t]{{0,3}}({_SPACED}|[^\s;&,{{}}]{{1,500}})"
    r"(?=[ \t]{0,40}(?:\Z|[\r\n,}]|[ \t]#))"
)
_QUOTED = rf"([\"']){_KEY}\1\s{{0,9}}:\s{{0,9}}(\"[^\"\n]{{1,500}}\"|'[^'\n]{{1,500}}')"
_NETRC = (
    r"\b(?:machine\s{1,9}\S{1,200}|default)\s{1,9}login\s{1,9}\S{1,200}\s{1,9}"
    r"(?:account\s{1,9}\S{1,200}\s{1,9})?password\s{1,9}(\S{1,200})"
)
_PLACEHOLDER = (
    r"(?is)x+|(?:\*+|\.\.\.|…)(?:\W.*)?|(?-i:\$[A-Z_][A-Z0-9_]*)|\$[{(].*|<.*>|\{\{.*|%\(.*"
    r"|\[[\w*]*\]|[|>][-+\d]*|null|none|nil|true|false|\d{0,4}"
    r"|/(?:var|run|etc|mnt|opt|secrets?)/\S*|(?:vault:|op://|arn:|env:|file:).*"
)
# `REPLACE_WITH_VAULT_VALUE`, `your-key-here`, `change me`.
_ASKS = frozenset("replace change changeme insert enter fill put your todo tbd fixme placeholder redacted".split())


def is_placeholder(value: str) -> bool:
    """Check whether a value only says where the secret comes from, or that one has to be put there."""
    return compile_late(_PLACEHOLDER).fullmatch(value.strip()) is not None or asks_for_value(value)


def asks_for_value(value: str) -> bool:
    """Check whether a value begins with a word that asks for the secret: `REPLACE_WITH_VAULT_VALUE`."""
    words = split_words(value)
    return bool(words) and words[0] in _ASKS and not any(map(str.isdigit, value))


def is_secret_setting(key: str, value: str) -> bool:
    """Check whether a key inside a value says that its own value is secret."""
    if not value or is_placeholder(value):
        return False
    if key == "auth":  # of a registry, in the files of docker
        return is_login(value)
    return secret_name(key, value) is not None or vendor_name(key, value) is not None


def setting_secret(text: str) -> str | None:
    """Name what a setting in the text contains ("a netrc password"), or return None. JSON is for `json_strings`."""
    if "password" in text and any(not is_placeholder(found[1]) for found in compile_late(_NETRC).finditer(text)):
        return "a netrc password"
    for key, value in _settings(text):
        if is_secret_setting(key, value.strip("\"'")):
            return "a secret setting"
    return None


def _settings(text: str) -> Iterator[tuple[str, str]]:
    if "=" in text:
        yield from compile_late(_EQUAL).findall(text)
    if ":" in text:
        yield from compile_late(_COLON).findall(text)
        if '"' in text or "'" in text:
            yield from ((found[2], found[3]) for found in compile_late(_QUOTED).finditer(text))


def json_strings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the strings and numbers in a JSON document, each with the key that it is under, or else an empty key."""
    stripped = text.strip()
    if stripped[:1] not in ("{", "[") or stripped[-1:] not in ("}", "]"):
        return
    import json

    try:
        pending = [("", json.loads(stripped))]
    except (ValueError, RecursionError):
        return
    while pending:
        key, item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item.items())
        elif isinstance(item, list):
            pending.extend((key, inner) for inner in item)
        elif isinstance(item, str) or (isinstance(item, int) and not isinstance(item, bool)):
            yield key, str(item)
