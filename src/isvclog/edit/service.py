"""The parts of a service that an edit concerns, and errors about them."""

from collections.abc import Collection
from typing import Any

from isvclog.findings import code
from isvclog.keypath import KeyPath, dotted, value_at
from isvclog.kserve.apis.constants import COMPONENTS
from isvclog.manifest import Object
from isvclog.manifest.editing.edit_error import EditError

ALL = "all"
"""The value that selects every component of the service, used instead of a component's name."""


def edit_error(obj: Object, path: KeyPath, reason: str, remedy: str) -> EditError:
    """Build an EditError, with its position, for something that cannot be done at a path of the object."""
    return EditError(f"`{dotted(path)}` {reason}", remedy, obj.key_span(path))


def _check_names(components: Collection[str]) -> None:
    for name in components:
        if name not in COMPONENTS:
            raise EditError(f"no component is called {code(name)}", f"choose one of {', '.join(COMPONENTS)}")


class ServiceReader:
    """A reader of one service, whose methods raise EditError, with the position, if a value is of another kind.

    Creating a reader does the same if a key of the service is written twice.
    """

    def __init__(self, obj: Object) -> None:
        self._obj = obj
        for duplicate in obj.duplicates:
            reason = f"`{dotted(duplicate.path)}` is written twice"
            raise EditError(reason, "keep one of them first", duplicate.span)

    def mapping(self, path: KeyPath) -> dict[str, Any]:
        """Return the mapping at a path; an empty one if there is no value."""
        value = value_at(self._obj.data, path)
        if value is not None and not isinstance(value, dict):
            raise edit_error(self._obj, path, "is not a mapping", "write it as one first")
        return value or {}

    def items(self, path: KeyPath) -> list[Any]:
        """Return the list at a path; an empty one if there is no value."""
        value = value_at(self._obj.data, path)
        if value is not None and not isinstance(value, list):
            raise edit_error(self._obj, path, "is not a list", "write it as one first")
        return value or []

    def components(self, selected: Collection[str]) -> tuple[str, ...]:
        """Select components, in KServe's order; those that have a logger if `selected` is empty."""
        spec = self.mapping(("spec",))
        present = tuple(name for name in COMPONENTS if spec.get(name) is not None)
        if ALL in selected:
            return present
        if not selected:
            return tuple(name for name in present if self.mapping(("spec", name)).get("logger") is not None)
        _check_names(selected)
        return tuple(name for name in COMPONENTS if name in selected)

    def logger_path(self, component: str) -> KeyPath:
        """Return the path of a component's logger. The component must exist; the logger need not."""
        spec = self.mapping(("spec",))
        if component not in spec:
            self._check_version(spec, component)
        if not self.mapping(("spec", component)):
            remedy = "name a component that the service has, or write it first"
            if not self._obj.has(("spec",)):
                raise EditError("the service has no `spec`", remedy, self._obj.span(()))
            if component in spec:
                raise edit_error(self._obj, ("spec", component), "is empty", remedy)
            raise edit_error(self._obj, ("spec",), f"has no {component}", remedy)
        return ("spec", component, "logger")

    def _check_version(self, spec: dict[str, Any], component: str) -> None:
        """Raise EditError if the service has its components in another place than v1beta1."""
        if isinstance(spec.get("default"), dict):
            remedy = "convert it to serving.kserve.io/v1beta1, where loggers can list annotations"
            raise edit_error(self._obj, ("spec", "default"), "is a field of KFServing's v1alpha2", remedy)
        if component in self._obj.data:
            reason = "is beside `spec`, where KServe ignores it"
            raise edit_error(self._obj, (component,), reason, "move it below `spec`")
