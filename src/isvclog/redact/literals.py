"""Secrets of an object or a source as texts, and the places where one of them occurs, in whichever form it is written.

A message repeats a value as Python or Go quotes it, an event as JSON, a URL percent-encoded and a dump in base64. The
texts are found by their first characters, so the time does not grow with the number of secrets.
"""

import json
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from isvclog.patterns import late_pattern
from isvclog.redact.decoded import base64_text
from isvclog.redact.headers import split_entry
from isvclog.redact.places.pairs import names_secret_value
from isvclog.redact.places.place import Place
from isvclog.redact.places.texts import value_places
from isvclog.redact.places.urls import is_url_name
from isvclog.redact.words import is_allowed, remembered

SHORTEST = 6
"""Shorter texts occur in other words; they are masked only where their name is beside them."""
_ALONE = 8
"""Shorter texts count only as whole words."""
_FEW_WORDS = 9
"""A text of more words is a secret as a whole only where nobody can tell which of them are."""
_PREFIX = 4
_ELLIPSES = ("\u2026", "...")
_LONGEST_CUT = 400
_REMEMBERED = 200
# What refers to a secret below a key that says `secret`: `secret: {secretName: x, items: [{key: a, path: b}]}`.
_REFERENCES = frozenset(
    "name namespace secretname key path optional items mode defaultmode audience kind apiversion type".split()
)
_DOCUMENTS = late_pattern(r"^---", re.MULTILINE)
_KIND = late_pattern(r"^[\s{]*[\"']?kind[\"']?:\s*[\"']?Secret\b", re.MULTILINE)
_VALUE = late_pattern(r"^[ \t]+[\"']?(?!name|namespace|type)[\w.-]+[\"']?:[ \t]+(?P<value>\S.*?)[ \t,]*$", re.MULTILINE)
_NAME = late_pattern(r"[\w./-]+")
_HEADERS = ("metadataHeaders", "headers", "httpHeaders")


class Literals:
    """Secret texts, indexed in every form in which they may be written."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._forms: dict[str, list[str]] = {}
        found = frozenset(texts)
        self.texts = frozenset(text for text in found if not _is_named(text, found))
        forms = {form.lower() for text in self.texts for form in _forms(text)}
        for form in sorted(forms, key=len, reverse=True):
            if len(form) >= SHORTEST:
                self._forms.setdefault(form[:_PREFIX], []).append(form)

    def places(self, text: str) -> Iterator[Place]:
        """Find every occurrence, also one that is cut by an ellipsis; letters match in lower and upper case."""
        if not self._forms:
            return
        lowered = text.lower()
        if len(lowered) != len(text):  # a letter that becomes two
            lowered = text
        at, last = 0, len(text) - _PREFIX
        while at <= last:
            bucket = self._forms.get(lowered[at : at + _PREFIX])
            form = next((form for form in bucket if _occurs(form, lowered, at)), "") if bucket else ""
            if form:
                yield at, at + len(form)
            at += len(form) or 1
        yield from self._cut(lowered)

    def contain(self, text: str) -> bool:
        """Return True if the text is a part of one of the secrets."""
        return any(text in secret for secret in self.texts)

    def _cut(self, text: str) -> Iterator[Place]:
        for dots in _ELLIPSES:
            end = text.find(dots)
            while end >= 0:
                yield from self._beginning(text, end)
                end = text.find(dots, end + len(dots))

    def _beginning(self, text: str, end: int) -> Iterator[Place]:
        for at in range(max(end - _LONGEST_CUT, 0), end - _PREFIX + 1):
            part = text[at : at + _PREFIX]
            if any(form.startswith(text[at:end]) for form in self._forms.get(part, ())):
                yield at, end
                return


def _is_named(text: str, found: Collection[str]) -> bool:
    """Check whether a text is a name with another secret as its value: an e-mail address may have a name in it."""
    name, equals, value = text.partition("=")
    return bool(equals) and len(value) >= SHORTEST and value in found and _NAME.fullmatch(name) is not None


def data_secrets(data: Any) -> Iterator[str]:
    """Yield the secrets in an object's data: by the names of keys, variables, flags and headers, and by their shape."""
    waiting: list[tuple[Any, str, bool]] = [(data, "", False)]
    while waiting:
        value, name, header = waiting.pop()
        if isinstance(value, str):
            find = _known_secrets if len(value) <= _REMEMBERED else _value_secrets
            yield from find(name, value, header)
        elif isinstance(value, tuple) and hasattr(value, "_asdict"):
            waiting.append((value._asdict(), name, header))
        elif isinstance(value, Mapping):
            waiting += _members(value, name)
            if value.get("kind") == "Secret":
                yield from _values_of_secret(value)
            for key in value:
                if isinstance(key, str) and len(key) >= SHORTEST:
                    yield from _key_secrets(key, header)
        elif isinstance(value, list | tuple):
            waiting += _items(value, name)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield from _value_secrets(name, str(value), header)


def text_secrets(text: str, *, header: bool = False, is_url: bool = False) -> Iterator[str]:
    """Yield the secrets in a text, such as a document that cannot be parsed, a request header or a URL."""
    if len(text) < SHORTEST:
        return
    for start, end in value_places(text, header=header, is_url=is_url):
        yield from _parts(text[start:end])


def document_secrets(text: str) -> Iterator[str]:
    """Yield the secrets in the text of a file: all values of a Secret in it, and what looks like one elsewhere."""
    yield from _told_secrets(text)
    for document in _DOCUMENTS.split(text) if "Secret" in text else ():
        if _KIND.search(document):
            for line in _VALUE.finditer(document):
                yield from _parts(line["value"].strip("\"'"))


def _told_secrets(text: str) -> Iterator[str]:
    """Yield the secrets in a long text, but not all of its words where something in there is secret somehow."""
    if value_places(text) == [(0, len(text))] and len(text.split()) > _FEW_WORDS:
        lines = text.splitlines()
        for line in lines if len(lines) > 1 else ():
            yield from _told_secrets(line)
    else:
        yield from text_secrets(text)


def _values_of_secret(secret: Mapping[Any, Any]) -> Iterator[str]:
    """Yield the values of a Secret of Kubernetes, and what its `data` encode."""
    for field in ("data", "stringData"):
        values = secret.get(field)
        for value in values.values() if isinstance(values, Mapping) else ():
            if isinstance(value, str):
                decoded = base64_text(value.strip()) if field == "data" else None
                for text in filter(None, (value, decoded)):
                    # The words of a longer text are no secrets, but for those that look like some.
                    yield from text_secrets(text) if "\n" in text.strip() else _parts(text)
                    yield text.strip()


def _members(value: Mapping[Any, Any], name: str) -> Iterator[tuple[Any, str, bool]]:
    named = value.get("name")
    secret = _is_secret_name(name)
    for key, member in value.items():
        own = str(key)
        if own == "value" and isinstance(named, str):
            own = named
        elif secret and own.lower() not in _REFERENCES:
            own = name
        yield member, own, own in _HEADERS


@remembered(maxsize=1024)
def _is_secret_name(name: str) -> bool:
    return bool(name) and names_secret_value(name, "x" * SHORTEST)


def _items(value: list[Any] | tuple[Any, ...], name: str) -> Iterator[tuple[Any, str, bool]]:
    before = ""
    for item in value:
        flag = before.startswith("-") and "=" not in before and isinstance(item, str) and not item.startswith("-")
        yield item, before.lstrip("-") if flag else name, name in _HEADERS
        before = item if isinstance(item, str) else ""


@remembered(maxsize=4096)
def _key_secrets(key: str, header: bool) -> tuple[str, ...]:
    return tuple(text_secrets(key, header=header))


@remembered(maxsize=4096)  # many services have the same values
def _known_secrets(name: str, value: str, header: bool) -> tuple[str, ...]:
    return tuple(_value_secrets(name, value, header))


def _value_secrets(name: str, value: str, header: bool) -> Iterator[str]:
    if is_allowed(split_entry(value)[0] if header else name):
        return
    if name and names_secret_value(name, value):
        yield from _parts(value)
    elif len(value) >= SHORTEST:
        yield from text_secrets(value, header=header, is_url=is_url_name(name))
    if value[:1] in "{[" and value[-1:] in "}]" and value:
        yield from _json_secrets(value)


def _json_secrets(text: str) -> Iterator[str]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from data_secrets(data)


def _parts(secret: str) -> Iterator[str]:
    """Yield a secret, and those parts of it that a line or a list may contain on their own."""
    whole = secret.strip()
    yield whole
    if whole[:1] in ("{", "["):  # most of it is no secret; what is one is found inside
        return
    parts = whole.replace(",", "\n").replace(" ", "\n").replace('"', "\n").split("\n")
    yield from (part.strip() for part in parts if len(part.strip()) >= _ALONE and len(parts) > 1)


def _occurs(form: str, text: str, at: int) -> bool:
    if not text.startswith(form, at):
        return False
    end = at + len(form)
    return len(form) >= _ALONE or not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum())


def _forms(text: str) -> Iterator[str]:
    yield text
    if text.isalnum() and text.isascii():
        yield from _base64_forms(text)
        return
    from urllib.parse import quote

    from_python = repr(text)[1:-1]
    yield from (from_python, from_python.replace("`", "'"), json.dumps(text)[1:-1])
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    encoded = quote(text, safe="", errors="replace")
    yield from (encoded, encoded.replace("%20", "+"), quote(text, errors="replace"))
    yield from _base64_forms(text)


def _base64_forms(text: str) -> Iterator[str]:
    """Yield what is the same in base64 wherever the text begins in what is encoded."""
    data = text.encode("utf-8", "surrogatepass")
    for offset, dropped in ((0, 0), (1, 2), (2, 3)):
        encoded = b64encode(b"\0" * offset + data).decode().rstrip("=")
        core = encoded[dropped : len(encoded) - ((offset + len(data)) % 3 != 0)]
        if len(core) >= 10:
            yield core
            if "+" in core or "/" in core:
                yield core.replace("+", "-").replace("/", "_")
