"""What an edit may do, told without a line of isvclog: to the data of a manifest, and to its text.

The data before and after come from another YAML reader. Every difference between them must be one that the command is
for; and text may be removed or added only where such a difference is.
"""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from .cases import Json

API_VERSION = "serving.kserve.io/v1beta1"
COMPONENTS = ("predictor", "transformer", "explainer")
_LONGEST = 1000
_FILLER = re.compile(r"[\s\[\]{},:~'\"-]|null|[&*]\w+|\?|\||#.*")
_TOKEN = re.compile(r"[A-Za-z0-9./_-]+|\s|.")
MISSING = "<missing>"

Path = tuple[str | int, ...]


class Edit(NamedTuple):
    """What a command was asked for: `adds` or removes `key`, and sets `value` or removes the annotation."""

    adds: bool
    key: str
    value: str | None = None
    with_value: bool = False


class Difference(NamedTuple):
    """A place where two values differ; MISSING where one has nothing."""

    path: Path
    old: Json
    new: Json


def edit_of(arguments: tuple[str, ...]) -> Edit:
    """Read what a command was asked for off its arguments."""
    pair = arguments[1 if "-f" in arguments else 2]
    key, equals, value = pair.partition("=")
    return Edit(arguments[0] == "add-annotation", key, value if equals else None, "--with-value" in arguments)


def opened(data: Json, read: Callable[[str], list[Json]]) -> Json:
    """Replace each text that is a manifest, as in a ConfigMap or a workflow, by its documents."""
    if isinstance(data, dict):
        return {key: opened(value, read) for key, value in data.items()}
    if isinstance(data, list):
        return [opened(item, read) for item in data]
    if isinstance(data, str) and "InferenceService" in data and ":" in data:
        documents = read(data)
        return documents if any(isinstance(item, dict) for item in documents) else data
    return data


def differences(old: Json, new: Json, path: Path = ()) -> Iterator[Difference]:
    """Yield the smallest places that differ. A list that only lost or got items at its end differs in those."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from differences(old.get(key, MISSING), new.get(key, MISSING), (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and old and new and len(old) <= len(new):
        for index, item in enumerate(new):
            yield from differences(old[index] if index < len(old) else MISSING, item, (*path, index))
    elif old != new or type(old) is not type(new):
        yield Difference(path, old, new)


# Services


def services(documents: list[Json], groups: tuple[str, ...] = ("serving.kserve.io",)) -> Iterator[tuple[Path, Json]]:
    """Yield the InferenceServices of a file, also those in lists, with their paths."""
    for number, document in enumerate(documents):
        yield from _services(document, (number,), groups)


def editable(documents: list[Json]) -> Iterator[tuple[Path, Json]]:
    """Yield what may be edited as an InferenceService: also one of KFServing, or whose apiVersion names no group.

    Those inside other objects follow those around them.
    """
    waiting: list[tuple[Path, Json]] = [((), documents)]
    while waiting:
        path, data = waiting.pop()
        members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
        waiting += [((*path, key), value) for key, value in members]
        yield from _services(data, path, ("serving.kserve.io", "serving.kubeflow.org", ""))


def _services(data: Json, path: Path, groups: tuple[str, ...]) -> Iterator[tuple[Path, Json]]:
    if not isinstance(data, dict):
        return
    kind = data.get("kind")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(data.get("items"), list):
        for index, item in enumerate(data["items"]):
            yield from _services(item, (*path, "items", index), groups)
    elif kind == "InferenceService":
        written = data.get("apiVersion")
        version = written if isinstance(written, str) else ""  # what is no text names no group
        group, slash, _ = version.partition("/")
        if (group if slash else "") in groups:
            yield path, data


def loggers(service: Json) -> list[tuple[str, Json]]:
    """Return the loggers of a service by component; an empty one is none yet."""
    spec = service.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    found = [(name, spec[name].get("logger")) for name in COMPONENTS if isinstance(spec.get(name), dict)]
    return [(name, logger) for name, logger in found if isinstance(logger, dict) and logger]


def unintended(old: list[Json], new: list[Json], edit: Edit) -> Iterator[str]:
    """Yield what an edit changed that it must not change."""
    if len(old) != len(new):
        yield f"there are {len(new)} documents instead of {len(old)}"
        return
    known = list(editable(old))
    for difference in differences(old, new):
        path = difference.path
        root = next((root for root, _ in known if path[: len(root)] == root), None)
        if root is None:
            yield f"outside of a service: {_told(difference)}"
        elif not _is_intended(difference._replace(path=path[len(root) :]), edit, dict(known)[root]):
            yield _told(difference)


def _is_intended(difference: Difference, edit: Edit, service: Json) -> bool:
    path, old, new = difference
    if path[:1] == ("metadata",):
        return _is_annotation(path, old, new, edit)
    if path[:1] != ("spec",) or len(path) < 2 or path[1] not in COMPONENTS:
        return False
    inner = path[2:]
    if edit.adds:
        return _is_listed(inner, old, new, edit.key, bool(loggers(service)))
    return _is_unlisted(inner, old, new, edit.key)


def _is_annotation(path: Path, old: Json, new: Json, edit: Edit) -> bool:
    if edit.adds and edit.value is not None:
        added: Json = edit.value
        for key in reversed(("metadata", "annotations", edit.key)[len(path) :]):
            added = {key: added}
        replaced = old in (MISSING, None) or old == {} or len(path) == 3
        return path == ("metadata", "annotations", edit.key)[: len(path)] and new == added and replaced
    if not edit.adds and edit.with_value:
        if path == ("metadata", "annotations", edit.key):
            return bool(new == MISSING)
        return path == ("metadata", "annotations") and list(old) == [edit.key] and new in (MISSING, {})
    return False


def _is_listed(path: Path, old: Json, new: Json, key: str, has_logger: bool) -> bool:
    """Check an addition; `path` begins behind the component."""
    if path[:2] == ("logger", "metadataAnnotations"):
        if len(path) == 3:
            return bool(old == MISSING and new == key)
        return old in (MISSING, None, []) and new == [key]
    if not has_logger and path in (("logger", "mode"), ("logger", "url")):
        return bool(old == MISSING)
    if has_logger or old not in (MISSING, None, {}) or not isinstance(new, dict):
        return False
    logger = new if path == ("logger",) else new.get("logger") if path == () and list(new) == ["logger"] else None
    if not isinstance(logger, dict):
        return False
    return logger.get("metadataAnnotations") == [key] and set(logger) <= {"mode", "url", "metadataAnnotations"}


def _is_unlisted(path: Path, old: Json, new: Json, key: str) -> bool:
    if path != ("logger", "metadataAnnotations") or not isinstance(old, list):
        return False
    rest = [item for item in old if item != key]
    return len(rest) < len(old) and (new == rest or (not rest and new in (MISSING, None)))


def undone(new: list[Json], edit: Edit) -> Iterator[str]:
    """Yield what an edit that succeeded did not do."""
    for path, service in services(new):
        where = "/".join(map(str, path))
        found = loggers(service)
        if edit.adds and not found:
            yield f"{where} has no logger"
        for name, logger in found:
            listed = logger.get("metadataAnnotations")
            if (isinstance(listed, list) and edit.key in listed) != edit.adds:
                yield f"{where}: {name} lists {listed!r}"
        metadata = service.get("metadata")
        annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
        value = annotations.get(edit.key) if isinstance(annotations, dict) else None
        if edit.adds and edit.value is not None and value != edit.value:
            yield f"{where}: the annotation is {value!r}"
        if edit.with_value and value is not None:
            yield f"{where}: the annotation is still {value!r}"


# Fixes


def unfixed(old: list[Json], new: list[Json], pointers: set[Path]) -> Iterator[str]:
    """Yield what fixes changed outside of services, of loggers and of the places that the findings point to."""
    if len(old) != len(new):
        yield f"there are {len(new)} documents instead of {len(old)}"
        return
    roots = [root for root, _ in editable(old)]
    for difference in differences(old, new):
        root = next((root for root in roots if difference.path[: len(root)] == root), None)
        path = difference.path[len(root or ()) :]
        if root is None:
            yield f"outside of a service: {_told(difference)}"
        elif not _is_fixable(path, pointers):
            yield _told(difference)
    missing = _leaves(old) - _leaves(new)
    for key, value in sorted(missing, key=str):
        if not any(_may_replace(str(key), tuple(map(str, pointer))) for pointer in pointers):
            yield f"{key}: {value!r} is lost"


def _is_fixable(path: Path, pointers: set[Path]) -> bool:
    texts = tuple(map(str, path))
    inside = any(name in ("logger", "annotations", "metadataAnnotations", "metadataHeaders") for name in texts)
    return (
        inside
        or any(texts[: len(pointer) - 1] == tuple(map(str, pointer[:-1])) for pointer in pointers if len(pointer) > 1)
        or any(_renames(texts, tuple(map(str, pointer))) for pointer in pointers)
        or any(
            len(texts) == 1 or texts[:1] in ((str(pointer[0]),), ("spec",)) for pointer in pointers if len(pointer) == 1
        )
    )


def _renames(path: tuple[str, ...], pointer: tuple[str, ...]) -> bool:
    """Check whether a fix of what is at the pointer, the port of a container, may rename the container."""
    return path[-1] == "name" and path[-3:-2] == ("containers",) and pointer[: len(path) - 1] == path[:-1]


def _may_replace(key: str, pointer: tuple[str, ...]) -> bool:
    return key in pointer[-2:] or "logger" in pointer or (key == "name" and "containers" in pointer)


def _leaves(data: Json) -> set[tuple[str, str]]:
    """Return the values that are no collections, each with its key; those that were only moved are the same."""
    found: set[tuple[str, str]] = set()
    waiting: list[tuple[str, Json]] = [("", data)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict) and value.keys() == {"tag", "text"}:
            found.add((key, value["text"]))
        elif isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += [(key, item) for item in value]
        else:
            found.add((key, str(value)))
    return found


# Text


def changed_text(old: str, new: str) -> tuple[str, str]:
    """Return what was removed and what was added, all of it joined by line breaks."""
    one, other = old.splitlines(keepends=True), new.splitlines(keepends=True)
    start = _common(one, other)
    end = _common(one[start:][::-1], other[start:][::-1])
    one, other = one[start : len(one) - end], other[start : len(other) - end]
    if len(one) + len(other) > _LONGEST:
        return "", ""
    removed, added = [], []
    for kind, begin, stop, other_begin, other_stop in SequenceMatcher(None, one, other, False).get_opcodes():
        if kind != "equal":
            before, after = (
                _TOKEN.findall("".join(lines)) for lines in (one[begin:stop], other[other_begin:other_stop])
            )
            for cut, put in _changed_tokens(before, after):
                removed.append(cut)
                added.append(put)
    return "\n".join(removed), "\n".join(added)


def _changed_tokens(before: list[str], after: list[str]) -> Iterator[tuple[str, str]]:
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    before, after = before[start : len(before) - end], after[start : len(after) - end]
    if len(before) + len(after) > 2 * _LONGEST:
        return
    for kind, begin, stop, other_begin, other_stop in SequenceMatcher(None, before, after, False).get_opcodes():
        if kind != "equal":
            yield "".join(before[begin:stop]), "".join(after[other_begin:other_stop])


def _common(one: list[str], other: list[str]) -> int:
    count = 0
    for each, counterpart in zip(one, other, strict=False):
        if each != counterpart:
            break
        count += 1
    return count


def lost_text(old: str, new: str, edit: Edit) -> str:
    """Return text that an edit removed and that was neither asked for nor brackets, commas and the like."""
    removed, added = changed_text(old, new)
    text = removed if edit.adds else added
    text = text.replace(edit.key, "").replace("metadataAnnotations", "").replace("annotations", "")
    return _FILLER.sub("", text)


def _told(difference: Difference) -> str:
    path = "/".join(map(str, difference.path))
    return f"{path}: {str(difference.old)[:80]} -> {str(difference.new)[:80]}"
