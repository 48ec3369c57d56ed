"""Other tools that write a live service: whoever applies its manifest again may undo an edit of the cluster.

https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/ (`kubectl apply`)
https://kubernetes.io/docs/reference/using-api/server-side-apply/ (managers of fields)
https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
https://fluxcd.io/flux/components/kustomize/kustomizations/ and /helm/helmreleases/ (labels of the owner)
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from isvclog.edit.plan import EditAction, EditPlan
from isvclog.findings import code, enumerated
from isvclog.keypath import MISSING, KeyPath, dotted, mappings_at, string_at, strings_at, value_at
from isvclog.records import NamedTuple

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_OURS = "isvclog"
_ARGO_TRACKING, _ARGO_LABEL, _INSTANCE = (
    "argocd.argoproj.io/tracking-id",
    "argocd.argoproj.io/instance",
    "app.kubernetes.io/instance",
)
_FLUX = {"kustomize.toolkit.fluxcd.io": "Kustomization", "helm.toolkit.fluxcd.io": "HelmRelease"}
_EDITED = (EditAction.LISTED, EditAction.UNLISTED, EditAction.VALUE_SET, EditAction.VALUE_REMOVED)


class _Field(NamedTuple):
    """A field that an edit changes: its path, and its new value or MISSING."""

    path: KeyPath
    value: Any


class _Manager(NamedTuple):
    """An entry of `managedFields` about a field: who wrote it, and whether by server-side apply."""

    name: str
    applies: bool
    path: KeyPath


def warn_of_undo(plan: EditPlan, after: Mapping[str, Any], name: Callable[[str], str]) -> str:
    """Describe in two sentences who will undo an edit, and what to do instead; empty if nobody does.

    `after` is the service with the changes of the plan. `name` masks the secrets in a name from the cluster.
    """
    data = plan.obj.data
    fields = _edited_fields(plan, after)
    applied, managers = _applied(data, fields), list(_managers(data, fields))
    applying = [manager for manager in managers if manager.applies]
    if reset := [*applied, *(manager.path for manager in applying)]:
        sets = f"because its manifest sets {_named(reset, name)}"
        if owner := _owner(data, name):
            return f"{owner} undoes the edit, {sets}. Edit the manifest in its source instead."
        if applied:
            return f"the next `kubectl apply` undoes the edit, {sets}. Edit the manifest instead, with -f FILE."
        tools = _tools(applying, name)
        return f"the next run of {tools} undoes the edit or ends with a conflict, {sets}. Edit the manifest instead."
    if owner := _owner(data, name):
        return f"{owner} deploys this service and may undo the edit. Edit the manifest in its source instead."
    return _warn_of_writers(managers, name)


def _edited_fields(plan: EditPlan, after: Mapping[str, Any]) -> list[_Field]:
    paths = dict.fromkeys(note.path for note in plan.notes if note.action in _EDITED)
    return [_Field(path, value_at(after, path, MISSING)) for path in paths]


def _warn_of_writers(managers: Sequence[_Manager], name: Callable[[str], str]) -> str:
    if not managers:
        return ""
    wrote = _named([manager.path for manager in managers], name)
    return f"{_tools(managers, name)} wrote {wrote}: writing it again undoes the edit. Make the edit there, too."


def _named(paths: Iterable[KeyPath], name: Callable[[str], str]) -> str:
    return enumerated([code(name(dotted(path))) for path in dict.fromkeys(paths)], 3)


def _tools(managers: Iterable[_Manager], name: Callable[[str], str]) -> str:
    shown = {"kubectl": "kubectl apply --server-side"}
    return enumerated(
        [code(shown.get(each) or name(each)) for each in dict.fromkeys(each.name for each in managers)], 3
    )


def _applied(data: Any, fields: Sequence[_Field]) -> list[KeyPath]:
    """Return the fields that the next client-side `kubectl apply` of the same manifest changes back.

    kubectl leaves a field alone that is neither in the manifest nor in this annotation; lists are set as a whole.
    """
    text = strings_at(data, ("metadata", "annotations")).get(_LAST_APPLIED, "")
    try:
        manifest = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return []
    return [path for path, value in fields if (set_ := _set_at(manifest, path)) is not MISSING and set_ != value]


def _set_at(manifest: Any, path: KeyPath) -> Any:
    """Return the value that a manifest sets at a path, null where it removes a mapping around it, or MISSING."""
    for step in path:
        if not isinstance(manifest, dict):
            return manifest
        if step not in manifest:
            return MISSING
        manifest = manifest[step]
    return manifest


def _managers(data: Any, fields: Sequence[_Field]) -> Iterator[_Manager]:
    """Yield who wrote the fields, once for each field.

    What somebody wrote with another command of kubectl is left out: nobody repeats it by itself. So is what kubectl
    applied on the client's side, for which there is the annotation.
    """
    for entry in mappings_at(data, ("metadata", "managedFields")):
        manager, applies = string_at(entry, ("manager",)), entry.get("operation") == "Apply"
        if manager in ("", _OURS) or entry.get("subresource") or (manager.startswith("kubectl") and not applies):
            continue
        for path, _ in fields:
            if value_at(entry.get("fieldsV1"), tuple(f"f:{step}" for step in path)) is not None:
                yield _Manager(manager, applies, path)


def _owner(data: Any, name: Callable[[str], str]) -> str:
    """Name the Argo CD application or the object of Flux that deploys a service, or return an empty text.

    Helm charts use Argo CD's default label, too, so it counts only if Argo CD wrote something of the service.
    """
    labels, annotations = (strings_at(data, ("metadata", kind)) for kind in ("labels", "annotations"))
    for group, kind in _FLUX.items():
        if owner := labels.get(f"{group}/name"):
            return f"Flux ({kind} {code(name('/'.join(filter(None, (labels.get(f'{group}/namespace'), owner)))))})"
    application = annotations.get(_ARGO_TRACKING, "").partition(":")[0] or labels.get(_ARGO_LABEL)
    writers = (string_at(entry, ("manager",)) for entry in mappings_at(data, ("metadata", "managedFields")))
    if not application and any(writer.startswith("argocd") for writer in writers):
        application = labels.get(_INSTANCE)
    return f"Argo CD (application {code(name(application))})" if application else ""
