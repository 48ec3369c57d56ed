"""Reading of one kustomization: which files it names and what it changes."""

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from isvclog.errors import IsvclogError
from isvclog.keypath import KeyPath, list_at, mapping_at, mappings_at, string_at, strings_at
from isvclog.manifest.syntax.convert import convert
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.files import read_file
from isvclog.manifest.syntax.load import read_nodes
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.split import split_documents
from isvclog.records import NamedTuple

_MOST_BYTES = 1024 * 1024
_MOST_ENTRIES = 1000
_UNKNOWN = ("transformers", "generators", "replacements", "vars", "configurations", "openapi", "helmCharts")
"""The fields whose effect on a service is not known here."""


class Patch(NamedTuple):
    """A patch of a kustomization: a file or, if `file` is empty, a text at `place` in the kustomization.

    `target` selects the objects that it is for; a patch without one names its object itself.
    """

    file: str
    text: str
    target: Mapping[str, Any]
    place: KeyPath

    @property
    def may_not_select(self) -> bool:
        """True if the target also selects by labels or annotations, which are not compared here."""
        return bool(self.target.get("labelSelector") or self.target.get("annotationSelector"))


class Kustomization(NamedTuple):
    """A kustomization with absolute paths: what it combines, and how it changes that.

    `is_known` is False if it has a field whose effect is not known here.
    """

    file: str
    resources: tuple[str, ...]
    components: tuple[str, ...]
    patches: tuple[Patch, ...]
    annotations: Mapping[str, str]
    prefix: str
    suffix: str
    is_known: bool

    @property
    def folder(self) -> str:
        """The folder of the kustomization."""
        return os.path.dirname(self.file)


def read_kustomization(file: str) -> Kustomization | None:
    """Read a kustomization; None if it cannot be read, or is larger than any that a person writes."""
    documents = read_documents(file)
    data = documents[0][1] if documents else None
    if not isinstance(data, dict):
        return None
    folder = os.path.dirname(file)
    resources = [*_texts(data, "resources"), *_texts(data, "bases")]
    return Kustomization(
        file,
        tuple(os.path.normpath(os.path.join(folder, path)) for path in resources),
        tuple(os.path.normpath(os.path.join(folder, path)) for path in _texts(data, "components")),
        tuple(_patches(data, folder)),
        strings_at(data, ("commonAnnotations",)),
        string_at(data, ("namePrefix",)),
        string_at(data, ("nameSuffix",)),
        not any(data.get(field) for field in _UNKNOWN),
    )


def read_documents(file: str) -> list[tuple[int, Any]]:
    """Read the documents of a file with their numbers; none if it is too large or cannot be read."""
    with suppress(OSError, IsvclogError, ParseError):
        if os.path.getsize(file) <= _MOST_BYTES:
            return list(parse_documents(read_file(file).data))
    return []


def parse_documents(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the documents of a text with their numbers. Raise ParseError if one cannot be read."""
    text = to_utf8(data)
    for number, start, end in split_documents(text):
        for place, root in enumerate(read_nodes(text[start:end].decode(errors="replace"))):
            yield number + place, convert(root)[0]


def _patches(data: Mapping[str, Any], folder: str) -> Iterator[Patch]:
    for index, text in enumerate(_texts(data, "patchesStrategicMerge")):
        is_file = "\n" not in text and "{" not in text
        file = os.path.normpath(os.path.join(folder, text)) if is_file else ""
        yield Patch(file, "" if is_file else text, {}, ("patchesStrategicMerge", index))
    for field in ("patches", "patchesJson6902"):
        for index, entry in enumerate(mappings_at(data, (field,))[:_MOST_ENTRIES]):
            path, text = string_at(entry, ("path",)), string_at(entry, ("patch",))
            file = os.path.normpath(os.path.join(folder, path)) if path else ""
            yield Patch(file, text, mapping_at(entry, ("target",)), (field, index, "patch"))


def _texts(data: Mapping[str, Any], field: str) -> list[str]:
    return [text for text in list_at(data, (field,))[:_MOST_ENTRIES] if isinstance(text, str) and "\0" not in text]
