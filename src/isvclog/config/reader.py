"""Values of the project file by key path: a value of the right type, or a UsageError with its place and a remedy."""

from collections.abc import Collection, Iterable
from typing import Any, NoReturn

from isvclog.errors import UsageError
from isvclog.findings import Span, code
from isvclog.keypath import KeyPath, dotted, value_at
from isvclog.manifest import Object
from isvclog.suggest import closest_name


class ConfigReader:
    """A reader for the values of one file, whose name is `file`.

    A missing value is None, or empty. Null is rejected, because it could mean nothing at all or an empty list.
    """

    def __init__(self, file: Object) -> None:
        self._file, self.file = file, file.file

    def span(self, path: KeyPath) -> Span:
        """Locate the value at the path."""
        return self._file.span(path)

    def fail(self, path: KeyPath, problem: str, remedy: str, at_key: bool = False) -> NoReturn:
        """Raise a UsageError about the value at a path or, with `at_key`, about its key.

        `problem` continues the sentence that starts with the name of the key; `remedy` is a sentence.
        """
        span = (self._file.key_span if at_key else self._file.span)(path)
        raise config_error(self._file.file, span, f"{code(dotted(path))} {problem}.", remedy)

    def value(self, path: KeyPath) -> Any:
        """Return the value as Kubernetes would read it, or None if it is missing. Raises UsageError for null."""
        if not self._file.has(path):
            return None
        value = value_at(self._file.data, path)
        if value is None:
            self.fail(path, "has no value", "Give it a value, or remove it.", at_key=True)
        return value

    def written(self, path: KeyPath) -> str:
        """Return the scalar at the path as it is written, with its quotes: `0.10` is a number, but also a version."""
        return self._file.written(path)

    def keys(self, path: KeyPath, known: Collection[str]) -> None:
        """Reject a value that is not a mapping, and a mapping with keys that are not known."""
        mapping = self.value(path) if path else self._file.data
        if not isinstance(mapping, dict):
            self.fail(path, "must be a mapping", f"Write one or more of {join_names(known)} below it.")
        for key in mapping:
            if key not in known:
                sentence = f"{code(key)} is not a key of {code(dotted(path)) if path else 'this file'}."
                remedy = suggestion(key, known) or f"Remove it; the keys are {join_names(known)}."
                raise config_error(self.file, self._file.key_span((*path, key)), sentence, remedy)

    def text(self, path: KeyPath) -> str | None:
        """Read text, which must not be empty; None if it is missing."""
        value = self.value(path)
        if value is None:
            return None
        if not isinstance(value, str):
            number = isinstance(value, bool | int | float)
            self.fail(path, "must be a string", "Quote it." if number else "Write one line of text.")
        if not value.strip():
            self.fail(path, "is empty", "Give it a value, or remove it.")
        return value

    def items(self, path: KeyPath) -> range:
        """Check that the value is a list, and return its indexes; none if it is missing."""
        value = self.value(path)
        if value is not None and not isinstance(value, list):
            self.fail(path, "must be a list", "Write each item on its own line, after `- `.")
        return range(len(value or ()))

    def texts(self, path: KeyPath) -> tuple[str, ...] | None:
        """Read a list of texts; None if it is missing."""
        if self.value(path) is None:
            return None
        return tuple(self._item((*path, index)) for index in self.items(path))

    def choice(self, path: KeyPath, known: Collection[str], what: str) -> str | None:
        """Read one of the known names; None if it is missing. `what` is the kind of name: `a severity`."""
        value = self.value(path)
        if value is not None and not isinstance(value, str):
            self.fail(path, f"is not {what}", _any_of(known))
        return None if value is None else self.named(path, value, known, what)

    def choices(self, path: KeyPath, known: Collection[str], what: str) -> tuple[str, ...]:
        """Read a list of known names; empty if it is missing."""
        return tuple(self.named((*path, index), text, known, what) for index, text in enumerate(self.texts(path) or ()))

    def named(self, path: KeyPath, text: str, known: Collection[str], what: str) -> str:
        """Check that the text is one of the known names, and return it."""
        if text not in known:
            self.fail(path, f"is {code(text)}, which is not {what}", suggestion(text, known) or _any_of(known))
        return text

    def _item(self, path: KeyPath) -> str:
        text = self.text(path)
        if text is None:
            self.fail(path, "has no value", "Give it a value, or remove it.")
        return text


def config_error(file: str, span: Span, sentence: str, remedy: str) -> UsageError:
    """Build an error with its place: `.isvclog.yaml:3:1: sentence. remedy.`"""
    return UsageError(f"{file}:{span.line}:{span.column}: {sentence} {remedy}".rstrip())


def join_names(names: Iterable[str]) -> str:
    """Format the names in backticks, separated by commas."""
    return ", ".join(map(code, names))


def suggestion(name: str, known: Collection[str]) -> str:
    """Suggest the known name that was probably intended, as `Write X.`; empty if there is none."""
    closest = closest_name(name, known)
    return f"Write {code(closest)}." if closest else ""


def _any_of(known: Collection[str]) -> str:
    return f"Write one of {join_names(known)}." if len(known) < 12 else "Write a name that `isvclog rules` lists."
