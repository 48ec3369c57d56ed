"""The places of secrets in the texts about some objects: those that the objects are known to contain, and others."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from isvclog.patterns import late_pattern
from isvclog.redact.decoded import base64_text
from isvclog.redact.literals import Literals, data_secrets, document_secrets
from isvclog.redact.places.pairs import names_secret_value
from isvclog.redact.places.place import Place, merged
from isvclog.redact.places.texts import secret_places, sentence_places, value_places
from isvclog.redact.places.urls import is_url_name
from isvclog.redact.respelled import Respelled
from isvclog.redact.words import is_allowed

# A word that may be base64, between the slashes of a name with its namespace.
_ENCODED = late_pattern(r"[A-Za-z0-9+_-]{20,}={0,2}")


class Masker:
    """Finds secrets for a redaction; `literals` are those of its objects and texts."""

    def __init__(self, data: Iterable[Any], texts: Iterable[str]) -> None:
        found = {secret for item in data for secret in data_secrets(item)}
        found.update(secret for text in texts for secret in document_secrets(text))
        self.literals = Literals(found)

    @cached_property
    def _respelled(self) -> Respelled:
        return Respelled(self.literals.texts)

    def in_text(self, text: str) -> list[Place]:
        """Find the known secrets in a text, and what looks like one."""
        return merged([*self._known(text), *secret_places(text), *_encoded_places(text)])

    def in_sentence(self, text: str) -> list[Place]:
        """Find secrets in a sentence of our own, where words outside of what it quotes are no names of secrets."""
        return merged([*self._known(text), *sentence_places(text), *_encoded_places(text)])

    def in_value(self, name: str, value: str, header: bool) -> list[Place]:
        """Find secrets in the value of a key or, with `header`, of a request header: all of it, if the name says so.

        In that of a key that is never sensitive, only secrets of others count.
        """
        if is_allowed(name):
            return merged(self._known(value))
        if names_secret_value(name, value, header=header):
            return [(0, len(value))]
        found = value_places(value, header=header, is_url=is_url_name(name))
        return merged([*self._known(value), *found])

    def _known(self, text: str) -> Iterator[Place]:
        yield from self.literals.places(text)
        yield from self._respelled.places(text)


def _encoded_places(text: str) -> Iterator[Place]:
    """Find words that encode a secret, in a text that is not encoded as a whole."""
    for word in _ENCODED.finditer(text):
        if base64_text(word[0]) is not None and value_places(word[0]):
            yield word.span()


def has_secret(name: str, value: Any) -> bool:
    """Check whether something in the value of a key is secret."""
    if isinstance(value, str):
        if is_allowed(name):
            return False
        return names_secret_value(name, value) or bool(value_places(value, is_url=is_url_name(name)))
    return next(data_secrets({name: value}), None) is not None
