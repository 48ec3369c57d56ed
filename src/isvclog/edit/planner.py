"""Collection of the changes to one service, step by step. Every step reads the service as it was at the start."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from isvclog.changes import (
    Append,
    Change,
    Empty,
    Insert,
    MappingContent,
    Remove,
    Replace,
    SequenceContent,
    SetCollection,
    Value,
    to_data,
)
from isvclog.edit.aliases import Group, detach_aliases, edit_refusal
from isvclog.edit.plan import EditAction, EditPlan, PlanNote
from isvclog.findings import code
from isvclog.keypath import KeyPath, dotted, value_at
from isvclog.kserve.apis.constants import COMPONENTS
from isvclog.manifest import Object, Source
from isvclog.manifest.editing.clear import has_comment, is_emptied_by
from isvclog.manifest.editing.edit_error import EditError

ALL = "all"
"""The value that selects every component of the service, used instead of a component's name."""

_LIST = "metadataAnnotations"
_ANNOTATIONS = ("metadata", "annotations")


class Planner:
    """The changes to one service, collected by calls of the methods.

    The methods raise EditError, with the position if there is one, if something cannot be done. Creating a planner does
    the same if a key of the service is written twice.
    """

    def __init__(self, obj: Object, unshare: bool) -> None:
        self._obj = obj
        self._unshare = unshare
        self._groups: list[Group] = []
        self._notes: list[PlanNote] = []
        for duplicate in obj.duplicates:
            reason = f"`{dotted(duplicate.path)}` is written twice"
            raise EditError(reason, "keep one of them first", duplicate.span)

    def selected_components(self, components: Collection[str]) -> tuple[str, ...]:
        """Select components, in KServe's order. Without `components`, select those that have a logger."""
        spec = self._mapping(("spec",))
        there = tuple(name for name in COMPONENTS if spec.get(name) is not None)
        if ALL in components:
            return there
        if not components:
            return tuple(name for name in there if self._mapping(("spec", name)).get("logger") is not None)
        for name in components:
            if name not in COMPONENTS:
                raise EditError(f"no component is called {code(name)}", f"choose one of {', '.join(COMPONENTS)}")
        return tuple(name for name in COMPONENTS if name in components)

    def list_keys(self, name: str, keys: Sequence[str], create: bool, url: str | None) -> None:
        """Add keys to the list of a component."""
        path = self._logger(name)
        at = (*path, _LIST)
        logger = self._mapping(path)
        if "" in keys:
            raise EditError("an annotation has a name", "pass one")
        if not logger:
            self._create_logger(name, keys, create, url)
            return
        listed = self._list(at)
        missing = [key for key in keys if key not in listed]
        self._note(name, at, {key: EditAction.LISTED if key in missing else EditAction.ALREADY_LISTED for key in keys})
        if missing and listed:
            self._change(at, [Append(at, tuple(missing))], [*listed, *missing])
        elif missing:
            self._set(at, SequenceContent(tuple(missing)))
        if url is not None and logger.get("url") != url:
            what = EditAction.URL_LEFT if logger.get("url") else EditAction.URL_ABSENT
            self._notes.append(PlanNote(what, "", name, (*path, "url")))

    def warn_of_release(self, name: str) -> None:
        """Add a note that the cluster drops the list of a component."""
        self._notes.append(PlanNote(EditAction.FIELD_DROPPED, "", name, ("spec", name, "logger", _LIST)))

    def unlist_keys(self, name: str, keys: Sequence[str]) -> None:
        """Remove keys from the list of a component. If no key is left, remove the list."""
        path = self._logger(name)
        at = (*path, _LIST)
        listed = self._list(at)
        self._note(name, at, {key: EditAction.UNLISTED if key in listed else EditAction.NOT_LISTED for key in keys})
        gone = [index for index, key in enumerate(listed) if key in keys]
        if gone and len(gone) < len(listed):
            self._change(at, [Remove((*at, index)) for index in gone], [key for key in listed if key not in keys])
        elif gone and (len(self._mapping(path)) > 1 or has_comment(self._obj, at)):
            self._take(at)
        elif gone:
            self._notes.append(PlanNote(EditAction.LOGGER_EMPTIED, "", name, path))
            self._change(path, [Empty(path, MappingContent(()))], {})

    def set_values(self, values: Mapping[str, str], overwrite: bool) -> None:
        """Set annotations of the service. Raise EditError for a key with another value unless `overwrite` is True."""
        there = self._mapping(_ANNOTATIONS)
        changes: list[Change] = []
        wanted = {key: value for key, value in values.items() if key not in there or there[key] != value}
        self._note(
            "", _ANNOTATIONS, {key: EditAction.VALUE_SET if key in wanted else EditAction.VALUE_THERE for key in values}
        )
        for key, value in wanted.items():
            at = (*_ANNOTATIONS, key)
            if key in there and not overwrite:
                reason = "has another value" if isinstance(there[key], str) else "is no string"
                raise edit_refusal(self._obj, at, reason, "pass --overwrite to change it")
            changes.append(Replace(at, value) if key in there else Insert(at, value))
        if there and changes:
            self._change(_ANNOTATIONS, changes, {**there, **wanted})
        elif changes:
            self._set(_ANNOTATIONS, MappingContent(tuple(wanted.items())))

    def remove_values(self, keys: Sequence[str]) -> None:
        """Remove annotations of the service. If none is left, remove the mapping of annotations."""
        there = self._mapping(_ANNOTATIONS)
        self._note(
            "", _ANNOTATIONS, {key: EditAction.VALUE_REMOVED if key in there else EditAction.NO_VALUE for key in keys}
        )
        gone = [key for key in keys if key in there]
        left = {key: value for key, value in there.items() if key not in keys}
        if gone and left:
            self._change(_ANNOTATIONS, [Remove((*_ANNOTATIONS, key)) for key in gone], left)
        elif gone:
            self._take(_ANNOTATIONS)

    def plan(self, names: Sequence[str], source: Source | None) -> EditPlan:
        """Build the plan from the collected changes, with the edits of the text."""
        changes, unshared = detach_aliases(self._obj, self._groups, self._unshare)
        notes = [*self._notes, *(PlanNote(EditAction.UNSHARED, "", "", path) for path in unshared)]
        plan = EditPlan(self._obj, tuple(names), changes, (), tuple(notes))
        if not changes or not self._obj.source.text:  # an object of a cluster has none
            return plan
        from isvclog.manifest.editing.editor import text_edits

        return plan._replace(edits=text_edits(self._obj, changes, source.data if source else b""))

    def _logger(self, name: str) -> KeyPath:
        """Return the path of a component's logger. The component must exist; the logger need not."""
        spec = self._mapping(("spec",))
        if name not in spec and isinstance(spec.get("default"), dict):
            remedy = "convert it to serving.kserve.io/v1beta1, where loggers can list annotations"
            raise edit_refusal(self._obj, ("spec", "default"), "is how KFServing's v1alpha2 is written", remedy)
        if name not in spec and name in self._obj.data:
            raise edit_refusal(
                self._obj, (name,), "stands beside `spec`, where KServe ignores it", "move it below `spec`"
            )
        if not self._mapping(("spec", name)):
            remedy = "name a component that the service has, or write it first"
            if not self._obj.has(("spec",)):
                raise EditError("the service has no `spec`", remedy, self._obj.span(()))
            at = ("spec", name) if self._obj.has(("spec", name)) else ("spec",)
            raise edit_refusal(self._obj, at, "is empty" if len(at) > 1 else f"has no {name}", remedy)
        return ("spec", name, "logger")

    def _create_logger(self, name: str, keys: Sequence[str], create: bool, url: str | None) -> None:
        path = ("spec", name, "logger")
        if not create:
            there = self._obj.has(path)
            reason = "is empty" if there else "has no logger"
            raise edit_refusal(
                self._obj, path if there else path[:-1], reason, "write one first, or leave out --no-create"
            )
        fields: list[tuple[str, Value]] = [("mode", "all")]
        if url is not None:
            fields.append(("url", url))
        fields.append((_LIST, SequenceContent(tuple(keys))))
        self._notes.append(PlanNote(EditAction.LOGGER_CREATED, "", name, path))
        self._note(name, (*path, _LIST), dict.fromkeys(keys, EditAction.LISTED))
        self._set(path, MappingContent(tuple(fields)))

    def _note(self, name: str, path: KeyPath, found: Mapping[str, EditAction]) -> None:
        self._notes += [PlanNote(what, key, name, path if name else (*path, key)) for key, what in found.items()]

    def _set(self, path: KeyPath, value: SequenceContent | MappingContent) -> None:
        """Write a value where there is none, with the mappings around it that are missing."""
        depth = len(path)
        while depth > 1 and not value_at(self._obj.data, path[: depth - 1]):
            depth -= 1
        for step in reversed(path[depth:]):
            value = MappingContent(((str(step), value),))
        at, holder = path[:depth], self._mapping(path[: depth - 1])
        change = SetCollection(at, value) if self._obj.has(at) else Insert(at, value)
        self._change(at[:-1], [change], {**holder, str(at[-1]): to_data(value)})

    def _take(self, path: KeyPath) -> None:
        """Remove a key with its value, and remove `metadata` if nothing else is in it.

        If a comment is about the key, keep the key and remove only the entries.
        """
        holder = self._mapping(path[:-1])
        left = {key: value for key, value in holder.items() if key != path[-1]}
        if has_comment(self._obj, path):
            rest = is_emptied_by(self._obj, path)
            self._change(path, [Empty(path, rest)], to_data(rest))
        elif not left and path == _ANNOTATIONS:
            self._take(path[:1])
        else:
            self._change(path[:-1], [Remove(path)], left)

    def _change(self, path: KeyPath, changes: Sequence[Change], intended: Any) -> None:
        self._groups.append(Group(path, tuple(changes), intended))

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        """Return the mapping at a path, empty if there is no value. Raise EditError if the value is not a mapping."""
        value = value_at(self._obj.data, path)
        if value is not None and not isinstance(value, dict):
            raise edit_refusal(self._obj, path, "is no mapping", "write it as one first")
        return value or {}

    def _list(self, path: KeyPath) -> list[Any]:
        value = value_at(self._obj.data, path)
        if value is not None and not isinstance(value, list):
            raise edit_refusal(self._obj, path, "is no list", "write it as one first")
        return value or []
