"""The search for the block of a service that a misplaced field belongs into."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.keypath import KeyPath, value_at
from isvclog.kserve.apis.constants import COMPONENTS
from isvclog.kserve.apis.fields import FieldShape, fits

# How far from its place a field is looked for, and in how many blocks. From inside of a probe or a volume only a field
# that was indented too far is looked for.
_STEPS, _STEPS_INSIDE, _BLOCKS = 3, 2, 60
# So many fields have these names that one of them elsewhere says nothing about what was intended.
_COMMON = frozenset("name type value key path kind".split())
_UNSEARCHED = frozenset(("logger", "metadata"))


class Blocks:
    """The blocks of one service. A path may start at a component that is at the root of the document."""

    def __init__(self, data: Mapping[str, Any], root: FieldShape) -> None:
        self.data = data
        self._root = root

    def home(self, path: KeyPath, value: Any) -> KeyPath | None:
        """Find the nearest block that may have the last field of a path; None if there is none.

        Blocks of the manifest come first, then a model or a batcher that the component lacks.
        """
        name = str(path[-1])
        if name in _COMMON:
            return None
        found = (place for place, shape in self._around(path[:-1]) if _is_block(shape) and _takes(shape, name, value))
        return next(found, None) or self._lacking(path, name, value)

    def _lacking(self, path: KeyPath, name: str, value: Any) -> KeyPath | None:
        component = path[:2] if path[0] == "spec" else path[:1]
        is_near = component[-1] in COMPONENTS and self._reach(path[:-1]) == _STEPS
        shape = self._shape(component) if is_near else None
        blocks = {block: shape.fields.get(block) for block in ("model", "batcher")} if shape else {}
        return next(
            ((*component, block) for block, inner in blocks.items() if inner and _takes(inner, name, value)), None
        )

    def _around(self, start: KeyPath) -> Iterator[tuple[KeyPath, FieldShape]]:
        """Yield the blocks of the manifest around a place, the nearest first. Other components are left out."""
        most = self._reach(start)
        queue, seen = deque([(start, 0)]), {start}
        while queue and len(seen) < _BLOCKS:
            path, steps = queue.popleft()
            if path != start and (shape := self._shape(path)):
                yield path, shape
            for near in self._next_to(path, start) if steps < most else ():
                if near not in seen:
                    seen.add(near)
                    queue.append((near, steps + 1))

    def _reach(self, start: KeyPath) -> int:
        shape = self._shape(start)
        return _STEPS if shape and (_is_block(shape) or _is_outside(start)) else _STEPS_INSIDE

    def _next_to(self, path: KeyPath, start: KeyPath) -> Iterator[KeyPath]:
        """Yield the place around a place, and those inside of it unless they belong to other components."""
        if path:
            yield path[:-1]
        if path != start and _is_outside(path) and not _is_outside(start):
            return
        value = value_at(self.data, path)
        keys = range(min(len(value), 3)) if isinstance(value, list) else value if isinstance(value, dict) else ()
        yield from ((*path, key) for key in keys if key not in _UNSEARCHED)

    def _shape(self, path: KeyPath) -> FieldShape | None:
        return self._root.at(in_spec(path))


def in_spec(path: KeyPath) -> KeyPath:
    """Return where something belongs that is in a component at the root of the document; any other path is returned."""
    return ("spec", *path) if path and path[0] in COMPONENTS else path


def _is_outside(path: KeyPath) -> bool:
    """Check whether a path is outside of all components."""
    return not any(key in COMPONENTS for key in path)


def _takes(shape: FieldShape, name: str, value: Any) -> bool:
    return name in shape.fields and fits(shape.fields[name], value)


def _is_block(shape: FieldShape) -> bool:
    """Check whether a place is `spec`, a component, a model, a container or a batcher."""
    return not shape.fields.keys().isdisjoint(("predictor", "logger", "env", "maxLatency"))
