"""Plans for one service: its changes, collected step by step. Every step reads the service as it was at the start."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from isvclog.changes import (
    Append,
    Change,
    Content,
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
from isvclog.edit.aliases import Group, detach_aliases
from isvclog.edit.plan import EditAction, EditPlan, PlanNote
from isvclog.edit.service import ServiceReader, edit_error
from isvclog.keypath import KeyPath, value_at
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.kserve.apis.releases import Release
from isvclog.manifest import Object, Source
from isvclog.manifest.editing.clear import has_comment, rest_of
from isvclog.manifest.editing.edit_error import EditError
from isvclog.suggest import close_key
from isvclog.validate.places import misspelled_loggers

_LIST = "metadataAnnotations"
_ANNOTATIONS = ("metadata", "annotations")


def plan_addition(
    obj: Object,
    keys: Mapping[str, str | None],
    *,
    components: Collection[str] = (),
    create: bool = True,
    url: str | None = None,
    overwrite: bool = False,
    unshare: bool = False,
    source: Source | None = None,
    release: Release | None = None,
) -> EditPlan:
    """Plan how to add the keys to `metadataAnnotations`, and those with a value to `metadata.annotations` too.

    Without `components`, all components that have a logger are selected, or the predictor if there is none. A missing
    logger is created, with `url` if it is given, unless `create` is False. `overwrite` permits to change a value that
    exists. `unshare` permits to write out what an alias shares with places that are not selected. `source` is the file:
    its lists show the style if the service has no list. A `release` that does not know `metadataAnnotations` gets a
    note.

    Raise EditError, with the position, if the keys cannot be added without changing something else.
    """
    planner = Planner(obj, unshare)
    names = planner.service.components(components) or (PREDICTOR,)
    for name in names:
        planner.list_keys(name, list(keys), create, url)
        if release is not None and not release.has("metadataAnnotations"):
            planner.warn_of_release(name)
    planner.set_values({key: value for key, value in keys.items() if value is not None}, overwrite)
    return planner.plan(names, source)


def plan_removal(
    obj: Object,
    keys: Collection[str],
    *,
    components: Collection[str] = (),
    with_value: bool = False,
    unshare: bool = False,
    source: Source | None = None,
) -> EditPlan:
    """Plan how to remove the keys from `metadataAnnotations` and, if `with_value`, from `metadata.annotations`.

    Without `components`, all components that have a logger are selected. A list or mapping that becomes empty is
    removed with its key, unless the key has a comment; a logger stays. Raise EditError as `plan_addition` does.
    """
    planner = Planner(obj, unshare)
    names = planner.service.components(components)
    for name in names:
        planner.unlist_keys(name, list(dict.fromkeys(keys)))
    if with_value:
        planner.remove_values(list(dict.fromkeys(keys)))
    return planner.plan(names, source)


class Planner:
    """The changes to one service, collected by calls of the methods.

    The methods raise EditError, with the position if there is one, if something cannot be done.
    """

    def __init__(self, obj: Object, unshare: bool) -> None:
        self.service = ServiceReader(obj)
        self._obj = obj
        self._unshare = unshare
        self._groups: list[Group] = []
        self._notes: list[PlanNote] = []

    def list_keys(self, name: str, keys: Sequence[str], create: bool, url: str | None) -> None:
        """Add keys to the list of a component."""
        path = self.service.logger_path(name)
        logger = self.service.mapping(path)
        if "" in keys:
            raise EditError("the name of an annotation is empty", "pass a name")
        if not logger:
            self._create_logger(name, keys, create, url)
            return
        self._extend_list(name, (*path, _LIST), keys)
        if url is not None and logger.get("url") != url:
            action = EditAction.URL_KEPT if logger.get("url") else EditAction.URL_ABSENT
            self._notes.append(PlanNote(action, "", name, (*path, "url")))

    def warn_of_release(self, name: str) -> None:
        """Add a note that the cluster drops the list of a component."""
        self._notes.append(PlanNote(EditAction.FIELD_DROPPED, "", name, ("spec", name, "logger", _LIST)))

    def unlist_keys(self, name: str, keys: Sequence[str]) -> None:
        """Remove keys from the list of a component. If no key is left, remove the list."""
        path = self.service.logger_path(name)
        at = (*path, _LIST)
        listed = self.service.items(at)
        self._note_keys(name, at, keys, listed, EditAction.UNLISTED, EditAction.NOT_LISTED)
        removed = [Remove((*at, index)) for index, key in enumerate(listed) if key in keys]
        left = [key for key in listed if key not in keys]
        if not removed:
            return
        if left:
            self._change(at, removed, left)
        elif len(self.service.mapping(path)) > 1 or has_comment(self._obj, at):
            self._remove(at)
        else:
            self._notes.append(PlanNote(EditAction.LOGGER_EMPTIED, "", name, path))
            self._change(path, [Empty(path, MappingContent(()))], {})

    def set_values(self, values: Mapping[str, str], overwrite: bool) -> None:
        """Set annotations of the service. Raise EditError for a key with another value unless `overwrite` is True."""
        old = self.service.mapping(_ANNOTATIONS)
        wanted = {key: value for key, value in values.items() if old.get(key) != value}
        self._note_keys("", _ANNOTATIONS, values, wanted, EditAction.VALUE_SET, EditAction.VALUE_UNCHANGED)
        if not overwrite:
            self._check_new(old, wanted)
        if old and wanted:
            changes: list[Change] = [
                (Replace if key in old else Insert)((*_ANNOTATIONS, key), value) for key, value in wanted.items()
            ]
            self._change(_ANNOTATIONS, changes, {**old, **wanted})
        elif wanted:
            self._create(_ANNOTATIONS, MappingContent(tuple(wanted.items())))

    def remove_values(self, keys: Sequence[str]) -> None:
        """Remove annotations of the service. If none is left, remove the mapping of annotations."""
        old = self.service.mapping(_ANNOTATIONS)
        self._note_keys("", _ANNOTATIONS, keys, old, EditAction.VALUE_REMOVED, EditAction.NO_VALUE)
        removed = [Remove((*_ANNOTATIONS, key)) for key in keys if key in old]
        left = {key: value for key, value in old.items() if key not in keys}
        if removed and left:
            self._change(_ANNOTATIONS, removed, left)
        elif removed:
            self._remove(_ANNOTATIONS)

    def plan(self, names: Sequence[str], source: Source | None) -> EditPlan:
        """Build the plan from the collected changes, with the edits of the text."""
        changes, unshared = detach_aliases(self._obj, self._groups, self._unshare)
        notes = [*self._notes, *(PlanNote(EditAction.UNSHARED, "", "", path) for path in unshared)]
        plan = EditPlan(self._obj, tuple(names), changes, (), tuple(notes))
        if not changes or not self._obj.source.text:  # an object of a cluster has none
            return plan
        from isvclog.manifest.editing.editor import text_edits

        return plan._replace(edits=text_edits(self._obj, changes, source.data if source else b""))

    def _extend_list(self, name: str, path: KeyPath, keys: Sequence[str]) -> None:
        listed = self.service.items(path)
        missing = [key for key in keys if key not in listed]
        self._note_keys(name, path, keys, missing, EditAction.LISTED, EditAction.ALREADY_LISTED)
        if missing and listed:
            self._change(path, [Append(path, tuple(missing))], [*listed, *missing])
        elif missing:
            self._create(path, SequenceContent(tuple(missing)))

    def _create_logger(self, name: str, keys: Sequence[str], create: bool, url: str | None) -> None:
        path = ("spec", name, "logger")
        if not create:
            exists = self._obj.has(path)
            reason = "is empty" if exists else "has no logger"
            remedy = "write one first, or leave out --no-create"
            raise edit_error(self._obj, path if exists else path[:-1], reason, remedy)
        if meant := misspelled_loggers(self._obj.data).get(name):
            reason = "is not a field of a component, and looks like its logger"
            raise edit_error(self._obj, (*path[:-1], meant), reason, "write `logger`; `isvclog lint --fix` does")
        fields: list[tuple[str, Value]] = [("mode", "all")]
        if url is not None:
            fields.append(("url", url))
        fields.append((_LIST, SequenceContent(tuple(keys))))
        self._notes.append(PlanNote(EditAction.LOGGER_CREATED, "", name, path))
        self._note_keys(name, (*path, _LIST), keys, keys, EditAction.LISTED, EditAction.ALREADY_LISTED)
        self._create(path, MappingContent(tuple(fields)))

    def _check_new(self, old: Mapping[str, Any], keys: Iterable[str]) -> None:
        """Raise EditError if an annotation has a value already."""
        for key in keys:
            if key in old:
                reason = "has another value" if isinstance(old[key], str) else "is not a string"
                raise edit_error(self._obj, (*_ANNOTATIONS, key), reason, "pass --overwrite to change it")

    def _note_keys(
        self,
        name: str,
        path: KeyPath,
        keys: Iterable[str],
        affected: Collection[Any],
        action: EditAction,
        no_action: EditAction,
    ) -> None:
        """Add a note for each key: `action` for those that are affected, `no_action` for the others."""
        for key in keys:
            what = action if key in affected else no_action
            is_unknown = what in (EditAction.NOT_LISTED, EditAction.NO_VALUE)
            intended = close_key(key, [each for each in affected if isinstance(each, str)]) if is_unknown else ""
            self._notes.append(PlanNote(what, key, name, path if name else (*path, key), intended))

    def _create(self, path: KeyPath, value: Content) -> None:
        """Write a value where there is none, with the mappings around it that are missing."""
        depth = len(path)
        while depth > 1 and not value_at(self._obj.data, path[: depth - 1]):
            depth -= 1
        for step in reversed(path[depth:]):
            value = MappingContent(((str(step), value),))
        at, holder = path[:depth], self.service.mapping(path[: depth - 1])
        change = SetCollection(at, value) if self._obj.has(at) else Insert(at, value)
        self._change(at[:-1], [change], {**holder, str(at[-1]): to_data(value)})

    def _remove(self, path: KeyPath) -> None:
        """Remove a key with its value. If a comment is about the key, keep the key and remove only the entries.

        If nothing else is in `metadata`, it stays, empty: an object without it is none.
        """
        holder = self.service.mapping(path[:-1])
        left = {key: value for key, value in holder.items() if key != path[-1]}
        if has_comment(self._obj, path):
            rest = rest_of(self._obj, path)
            self._change(path, [Empty(path, rest)], to_data(rest))
        elif not left and path == _ANNOTATIONS:
            self._change(path[:1], [Empty(path[:1], MappingContent(()))], {})
        else:
            self._change(path[:-1], [Remove(path)], left)

    def _change(self, path: KeyPath, changes: Sequence[Change], intended: Any) -> None:
        self._groups.append(Group(path, tuple(changes), intended))
