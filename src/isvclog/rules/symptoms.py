"""Symptoms: what people see, with the causes in the order of their likelihood, and the rules that report each cause.

The texts are in `symptoms.toml`.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from isvclog.records import NamedTuple

SYMPTOMS = (
    "no-events",
    "id-differs",
    "errors-not-logged",
    "header-missing",
    "annotation-missing",
    "pod-crash-loops",
    "nothing-deployed",
)
"""The names of all symptoms, in the order of the documentation."""

_WORD = re.compile(r"[a-z0-9]+")
_FILLERS = frozenset(
    "a all an and any are at be but by do does for from has have i in is it its me my no none not "
    "of on or our so the there time to when why with t s".split()
)
"""Words that say nothing about a symptom."""
_LEAST = 0.6
"""The share of the words of a search that a page must have."""


class Cause(NamedTuple):
    """One cause of a symptom.

    `rules` report it, `commands` show it, and `pages` are symptoms that it leads to.
    """

    text: str
    rules: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


class Symptom(NamedTuple):
    """Something that people see.

    `title` is a sentence. `first` are the commands to begin with, each with what it shows. The most likely of the
    `causes` is the first. `words` are further words by which people search for it.
    """

    name: str
    title: str
    first: tuple[tuple[str, str], ...]
    causes: tuple[Cause, ...]
    words: frozenset[str]


@cache
def all_symptoms() -> Mapping[str, Symptom]:
    """Read the symptoms; return them by name, in the order of the documentation."""
    import tomllib

    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: _symptom(name, **table[name]) for name in table})


def find_symptoms(phrase: str) -> list[Symptom]:
    """Find the symptoms that a phrase describes best, by its words; none if no page has most of them."""
    wanted = _words(phrase)
    if not wanted:
        return []
    scores = {each: (len(wanted & each.words), len(wanted & _words(each.name))) for each in all_symptoms().values()}
    best = max(scores.values())
    return [each for each, score in scores.items() if score == best and score[0] >= _LEAST * len(wanted)]


def _symptom(name: str, title: str, words: str, first: list[list[str]], cause: list[dict[str, object]]) -> Symptom:
    causes = tuple(
        Cause(**{key: tuple(value) if isinstance(value, list) else value for key, value in each.items()})  # type: ignore[arg-type]
        for each in cause
    )
    begin = tuple((command, shows) for command, shows in first)
    return Symptom(name, title, begin, causes, _words(f"{name} {title} {words}"))


def _words(text: str) -> frozenset[str]:
    """Split a text into the words that matter, without the `s` of a plural."""
    return frozenset(word.removesuffix("s") for word in _WORD.findall(text.lower()) if word not in _FILLERS)
