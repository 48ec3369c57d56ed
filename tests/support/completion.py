"""An example of the documentation, a few fields of an InferenceService, made a whole one by adding text to it.

Next to nothing that is written is changed, so that comments, repeated keys, anchors and quotes stay what the example is
about.

1. `logger:` at the root is that of `spec.predictor`.
2. `apiVersion` and `kind` are added, so is `metadata` with a name and a namespace, each where it is not there.
3. Text that cannot be read, and what is no InferenceService then, gets no more than that.
4. `spec.predictor` is added if there is none (a predictor at the root will do). A predictor without `model`, a
   framework or `containers` gets a model, any other component a container.
5. A `logger` with fields gets `mode: all` and a `url`, where they are not there, except a field that is `absent`: the
   one that the example is about because it lacks it.
6. `…` stands for text that is longer than an argument of a process can be.
"""

import json
import re
import textwrap
from collections.abc import Collection, Iterator
from typing import Any

from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import COMPONENTS, PREDICTOR
from isvclog.kserve.apis.implementation import FRAMEWORKS
from isvclog.manifest import Object, Source, load
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import Mapping, resolved

MODEL = {"modelFormat": {"name": "sklearn"}, "storageUri": "gs://models/iris"}
CONTAINERS = [{"name": "kserve-container", "image": "registry.example.com/component:1"}]
LOGGER = {"mode": "all", "url": "http://sink.research.svc.cluster.local"}
LONG = "x" * 131_072
IMPLEMENTATIONS = ("model", "containers", "art", *FRAMEWORKS)


def complete(example: str, absent: Collection[str] = ()) -> str:
    """The example as a whole InferenceService."""
    text = example.replace("…", LONG)
    if re.match(r"logger *:", text):
        text = "spec:\n  predictor:\n" + textwrap.indent(text, " " * 4)
    if not text.startswith("{"):
        for key, value in (("kind", "InferenceService"), ("apiVersion", "serving.kserve.io/v1beta1")):
            if key not in absent and not re.search(f"^{key}:", text, re.MULTILINE):
                text = f"{key}: {value}\n{text}"
    obj = _read(text)
    if obj is None or obj.kind != "InferenceService":
        return text
    for path, value in _lacking(obj.data, absent):
        text = _insert(text, path, value)
    return text


def _read(text: str) -> Object | None:
    found = next(load(Source("example", text.encode()), ()), None)
    return found if isinstance(found, Object) else None


def _lacking(data: dict[str, Any], absent: Collection[str]) -> Iterator[tuple[KeyPath, Any]]:
    metadata = data.get("metadata") or {}
    if "generateName" not in metadata:
        yield from _fields(("metadata",), metadata, {"name": "iris"})
    yield from _fields(("metadata",), metadata, {"namespace": "research"})
    for name in COMPONENTS:
        root: KeyPath = () if isinstance(data.get(name), dict) else ("spec",)
        component = (data if not root else data.get("spec") or {}).get(name)
        path = (*root, name)
        if isinstance(component, dict):
            if not component.keys() & set(IMPLEMENTATIONS):
                yield (
                    (*path, "model" if name == PREDICTOR else "containers"),
                    MODEL if name == PREDICTOR else CONTAINERS,
                )
            if isinstance(logger := component.get("logger"), dict):
                wanted = {key: value for key, value in LOGGER.items() if key not in absent}
                yield from _fields((*path, "logger"), logger, wanted)
        elif name == PREDICTOR and component is None:
            yield (*path, "model"), MODEL


def _fields(path: KeyPath, there: dict[str, Any], wanted: dict[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    for key, value in wanted.items():
        if key not in there:
            yield (*path, key), value


def _insert(text: str, path: KeyPath, value: Any) -> str:
    """The text with one more entry, at the start of the innermost mapping on the way to it."""
    obj = _read(text)
    assert obj is not None
    depth = len(path) - 1
    while not isinstance(mapping := resolved(find(obj.node, path[:depth])[1]), Mapping) or not obj.has(path[:depth]):
        depth -= 1
    for key in reversed(path[depth + 1 :]):
        value = {key: value}
    key, written = json.dumps(path[depth]), json.dumps(value)
    if mapping.flow:
        start = text.index("{", mapping.start) + 1
        return f"{text[:start]}{key}: {written}{', ' if mapping.children else ''}{text[start:]}"
    start = mapping.children[0].start
    indent = " " * (start - text.rfind("\n", 0, start) - 1)
    return f"{text[:start]}{path[depth]}: {written}\n{indent}{text[start:]}"
