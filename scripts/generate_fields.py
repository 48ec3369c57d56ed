"""Write `src/isvclog/kserve/apis/fields.json`: the fields of an InferenceService, for each release of KServe.

    python -m scripts.generate_fields FOLDER

FOLDER has the CustomResourceDefinition of each release: `<release>.yaml` as github.com/kserve/kserve has it below
`install/v<release>/` and, at the tag of the release, in `config/crd/full/serving.kserve.io_inferenceservices.yaml`; or
`<release>.json` with the schema of its version v1beta1 alone, or `{"same_as": RELEASE}`.

Two sources are not in that folder. The fields of `metadata` are those of ObjectMeta (k8s.io/apimachinery, apis/meta/v1,
types.go), which the API server knows itself. The CustomResourceDefinition of 0.21.0 was not read: its fields are those
of 0.20.0, and those in which the models of the Python packages kserve 0.21.0 and 0.20.0 differ.
"""

import json
import sys
from pathlib import Path
from typing import Any

from isvclog.kserve.apis.fields import ANY, EITHER, LIMITS, OTHERS, REQUIRED, TYPE
from isvclog.kserve.apis.releases import ALL_RELEASES

TARGET = Path(__file__).resolve().parent.parent / "src" / "isvclog" / "kserve" / "apis" / "fields.json"
STRING, INTEGER, BOOLEAN = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
PRESERVE = "x-kubernetes-preserve-unknown-fields"
ANYTHING = {PRESERVE: True}


def closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def strings() -> dict[str, Any]:
    return {"type": "object", "additionalProperties": STRING}


METADATA = closed(
    **dict.fromkeys("name generateName namespace selfLink uid resourceVersion".split(), STRING),
    **dict.fromkeys(("creationTimestamp", "deletionTimestamp"), STRING),
    **dict.fromkeys(("generation", "deletionGracePeriodSeconds"), INTEGER),
    labels=strings(),
    annotations=strings(),
    finalizers={"type": "array", "items": STRING},
    managedFields={"type": "array", "items": ANYTHING},
    ownerReferences={
        "type": "array",
        "items": closed(
            **dict.fromkeys(("apiVersion", "kind", "name", "uid"), STRING),
            **dict.fromkeys(("controller", "blockOwnerDeletion"), BOOLEAN),
        ),
    },
)
UNREAD = {"0.21.0": "0.20.0"}
TRACING = closed(**dict.fromkeys(("exporter", "exporterEndpoint", "sampler", "samplerArg"), STRING))
PODS = (
    ("predictor",),
    ("predictor", "workerSpec"),
    ("transformer",),
    ("explainer",),
)


class Shapes:
    """The distinct shapes, as they are written: each comes after those inside of it."""

    def __init__(self) -> None:
        self.written: list[Any] = []
        self._numbers: dict[str, int] = {}

    def number(self, schema: dict[str, Any]) -> int:
        """Add the shape of a schema, unless it is there, and return its number."""
        shape = self._shape(schema)
        key = json.dumps(shape)
        if key not in self._numbers:
            self._numbers[key] = len(self.written)
            self.written.append(shape)
        return self._numbers[key]

    def _shape(self, schema: dict[str, Any]) -> Any:
        limits = {name: schema[name] for name in LIMITS if name in schema}
        type_ = EITHER if schema.get("x-kubernetes-int-or-string") else schema.get("type")
        if type_ == "array":
            return [self.number(schema["items"]), *([limits] if limits else [])]
        if type_ != "object":
            return {TYPE: type_ or ANY, **limits} if limits else type_ or ANY
        others = schema.get("additionalProperties")
        preserves = schema.get(PRESERVE) is True or others is True
        if preserves and "properties" not in schema:
            return ANY
        fields = {name: self.number(inner) for name, inner in sorted(schema.get("properties", {}).items())}
        if preserves or isinstance(others, dict):
            fields[OTHERS] = self.number(others if isinstance(others, dict) and not preserves else ANYTHING)
        required = sorted(schema.get("required", ()))
        return {REQUIRED: required, **fields} if required else fields


def read_schema(folder: Path, release: str) -> dict[str, Any]:
    """Read the schema of a release's InferenceService, with the fields of `metadata`."""
    if release in UNREAD:
        return add_unread(read_schema(folder, UNREAD[release]))
    path = folder / f"{release}.json"
    schema = json.loads(path.read_bytes()) if path.exists() else schema_in(folder / f"{release}.yaml")
    if "same_as" in schema:
        return read_schema(folder, schema["same_as"])
    properties = {name: schema["properties"][name] for name in ("apiVersion", "kind", "spec")}
    return {"type": "object", "properties": {**properties, "metadata": METADATA, "status": ANYTHING}}


def add_unread(schema: dict[str, Any]) -> dict[str, Any]:
    """Add the fields that 0.21.0 has and 0.20.0 lacks. The fields of a `schedulingGroup` were not read."""
    spec = schema["properties"]["spec"]["properties"]
    spec["tracing"] = TRACING
    canary = spec["canary"]["items"]["properties"]["predictor"]
    blocks = [value_in(spec, path) for path in PODS] + [canary, canary["properties"]["workerSpec"]]
    for block in blocks:
        block["properties"]["schedulingGroup"] = ANYTHING
    return schema


def value_in(properties: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    first, *rest = path
    inner: dict[str, Any] = properties[first]
    return value_in(inner["properties"], tuple(rest)) if rest else inner


def schema_in(path: Path) -> dict[str, Any]:
    """Find the schema in a file of CustomResourceDefinitions."""
    from ruamel.yaml import YAML

    for document in YAML(typ="safe").load_all(path):
        if document and value_of(document, "metadata", "name") == "inferenceservices.serving.kserve.io":
            for version in document["spec"]["versions"]:
                if version["name"] == "v1beta1":
                    found: dict[str, Any] = version["schema"]["openAPIV3Schema"]
                    return found
    raise SystemExit(f"{path}: there is no CustomResourceDefinition of InferenceServices with a version v1beta1")


def value_of(data: Any, *keys: str) -> Any:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("Name the folder with a CustomResourceDefinition for each release; see the docstring.")
    shapes = Shapes()
    numbers = {str(release): shapes.number(read_schema(Path(sys.argv[1]), str(release))) for release in ALL_RELEASES}
    lines = ",\n".join(json.dumps(shape, separators=(",", ":")) for shape in shapes.written)
    releases = json.dumps(numbers, indent=1)
    TARGET.write_text(f'{{"releases": {releases},\n"shapes": [\n{lines}\n]}}\n', encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
