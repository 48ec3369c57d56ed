"""Loggers in objects of KServe whose kind has none."""

from collections.abc import Iterator
from typing import Any

from isvclog.findings import code
from isvclog.keypath import KeyPath, dotted
from isvclog.kserve.apis.kinds import INSTEAD
from isvclog.rules.manifest import LOGGERLESS_KIND
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.places import FREE
from isvclog.validate.wording import DROPPED


def loggers_of_other_kinds(kind: str, data: Any) -> Iterator[tuple[Rule, Issue]]:
    """Yield an issue for each `logger` in an object whose kind has none."""
    article = "An" if kind[:1] in "AEIL" else "A"
    for path in _loggers(data, ()):
        message = f"{article} {kind} has no `logger`, but {code(dotted(path))} is one: {DROPPED}; nothing is logged."
        yield LOGGERLESS_KIND, Issue(path, message, INSTEAD[kind], at_key=True)


def _loggers(node: Any, path: KeyPath) -> Iterator[KeyPath]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _loggers(item, (*path, index))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "logger" and not isinstance(value, str):
                yield (*path, key)
            elif key not in FREE:
                yield from _loggers(value, (*path, key))
