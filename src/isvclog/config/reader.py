"""Values of the project file, by key path: the right type, or a UsageError that says where and what to write."""

from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from isvclog.errors import UsageError
from isvclog.findings import Span, code
from isvclog.keypath import KeyPath, dotted
from isvclog.manifest import Object
from isvclog.suggest import closest_name


class ConfigReader:
    """Reads the values of one file, whose name is `file`.

    What is not there is None, or empty. Null is refused: it could mean nothing at all, or an empty list.
    """

    def __init__(self, file: Object) -> None:
        self._file, self.file = file, file.file

    def span(self, path: KeyPath) -> Span:
        """Where the value at the path is written."""
        return self._file.span(path)

    def fail(self, path: KeyPath, problem: str, remedy: str, at_key: bool = False) -> NoReturn:
        """Raise what is wrong at a path: `problem` goes on after the name of the key, `remedy` is a sentence."""
        span = (self._file.key_span if at_key else self._file.span)(path)
        raise config_error(self._file.file, span, f"{code(dotted(path))} {problem}.", remedy)

    def value(self, path: KeyPath) -> Any:
        """The value as Kubernetes would read it, or None where there is none."""
        if not self._file.has(path):
            return None
        value: Any = self._file.data
        for step in path:
            value = value[step]
        if value is None:
            self.fail(path, "has no value", "Give it one, or remove it.", at_key=True)
        return value

    def written(self, path: KeyPath) -> str:
        """The scalar at the path as it is written, quotes included: `0.10` is a number, but also a version."""
        return self._file.written(path)

    def keys(self, path: KeyPath, known: Collection[str]) -> None:
        """Refuse what is no mapping, and a mapping with keys that are not known."""
        mapping = self.value(path) if path else self._file.data
        if not isinstance(mapping, dict):
            self.fail(path, "must be a mapping", f"Write one or more of {join_names(known)} below it.")
        for key in mapping:
            if key not in known:
                sentence = f"{code(key)} is not a key of {code(dotted(path)) if path else 'this file'}."
                remedy = suggestion(key, known) or f"Remove it; the keys are {join_names(known)}."
                raise config_error(self.file, self._file.key_span((*path, key)), sentence, remedy)

    def text(self, path: KeyPath) -> str | None:
        """Text, and not empty."""
        value = self.value(path)
        if value is None:
            return None
        if not isinstance(value, str):
            number = isinstance(value, bool | int | float)
            self.fail(path, "must be text", "Quote it." if number else "Write one line of text.")
        if not value.strip():
            self.fail(path, "is empty", "Give it a value, or remove it.")
        return value

    def items(self, path: KeyPath) -> range:
        """The indexes of a list; none where there is no list."""
        value = self.value(path)
        if value is not None and not isinstance(value, list):
            self.fail(path, "must be a list", "Write each of its items in a line of its own, behind `- `.")
        return range(len(value or ()))

    def texts(self, path: KeyPath) -> tuple[str, ...] | None:
        """A list of texts; None where there is none."""
        if self.value(path) is None:
            return None
        return tuple(self._item((*path, index)) for index in self.items(path))

    def choice(self, path: KeyPath, known: Collection[str], what: str) -> str | None:
        """One of the known names; `what` they are called: `a severity`."""
        value = self.value(path)
        if value is not None and not isinstance(value, str):
            self.fail(path, f"is not {what}", _any_of(known))
        return None if value is None else self.named(path, value, known, what)

    def choices(self, path: KeyPath, known: Collection[str], what: str) -> tuple[str, ...]:
        """A list of known names."""
        return tuple(self.named((*path, index), text, known, what) for index, text in enumerate(self.texts(path) or ()))

    def named(self, path: KeyPath, text: str, known: Collection[str], what: str) -> str:
        """The text, which must be one of the known names."""
        if text not in known:
            self.fail(path, f"is {code(text)}, which is not {what}", suggestion(text, known) or _any_of(known))
        return text

    def _item(self, path: KeyPath) -> str:
        text = self.text(path)
        if text is None:
            self.fail(path, "has no value", "Give it one, or remove it.")
        return text


def config_error(file: str, span: Span, sentence: str, remedy: str) -> UsageError:
    """An error with its place: `.isvclog.yaml:3:1: sentence. remedy.`"""
    return UsageError(f"{file}:{span.line}:{span.column}: {sentence} {remedy}".rstrip())


def join_names(names: Iterable[str]) -> str:
    """The names in backticks, with commas."""
    return ", ".join(map(code, names))


def suggestion(name: str, known: Collection[str]) -> str:
    """`Write X.`, for the known name that was probably meant; empty if none was."""
    meant = closest_name(name, known)
    return f"Write {code(meant)}." if meant else ""


def _any_of(known: Collection[str]) -> str:
    return f"Write one of {join_names(known)}." if len(known) < 12 else "Write a name that `isvclog rules` lists."
