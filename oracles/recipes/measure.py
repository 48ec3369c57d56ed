"""Check the recipes for Argo CD and Flux against the CustomResourceDefinitions of these projects, and record the fields.

    python -m oracles.recipes.measure MODULE...

Each MODULE is the folder of a Go module below `pkg/mod` (`Dir` of `go mod download -json`). A field that no definition has
is an error. What is recorded in `tests/examples/recipes.json` is the part of each definition that the recipes use, without
its descriptions and CEL rules, which need an API server.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FLEET = ROOT / "examples" / "fleet"
RECORDED = ROOT / "tests" / "examples" / "recipes.json"
RECIPES = ("argocd.yaml", "flux.yaml")
LEFT_OUT = ("description", "properties", "items", "x-kubernetes-validations")


def used_part(schema: Any, values: list[Any], path: str) -> dict[str, Any]:
    """Return the part of a schema that is about these values, which takes no other field. Raises ValueError for one."""
    part = {name: value for name, value in schema.items() if name not in LEFT_OUT}
    if "items" in schema:
        part["items"] = used_part(schema["items"], [item for value in values for item in value], f"{path}[]")
    if "properties" in schema:
        fields = sorted({name for value in values for name in value})
        if unknown := [name for name in fields if name not in schema["properties"]]:
            raise ValueError(f"{path} has no field {unknown[0]}")
        part["properties"] = {
            name: used_part(
                schema["properties"][name], [value[name] for value in values if name in value], f"{path}.{name}"
            )
            for name in fields
        }
        part["additionalProperties"] = False
    return part


def definitions(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield the schema of each version that a module serves, with its `apiVersion` and kind."""
    for path in sorted(folder.rglob("*.yaml")):
        if path.parent.name not in ("crds", "bases"):
            continue
        for crd in YAML(typ="safe").load_all(path):
            if crd.get("kind") != "CustomResourceDefinition":
                continue
            spec = crd["spec"]
            for version in spec["versions"]:
                name = f"{spec['group']}/{version['name']} {spec['names']['kind']}"
                yield name, version["schema"]["openAPIV3Schema"]


def main() -> int:
    known = {
        name: (folder.as_posix().partition("/pkg/mod/")[2], schema)
        for folder in map(Path, sys.argv[1:])
        for name, schema in definitions(folder)
    }
    found: dict[str, Any] = {}
    for recipe in RECIPES:
        for item in YAML(typ="safe").load_all(FLEET / recipe):
            name = f"{item['apiVersion']} {item['kind']}"
            module, schema = known[name]
            given = {**item, "metadata": {}}  # the API server checks the metadata itself
            found[name] = {"module": module, "schema": used_part(schema, [given], item["kind"])}
    RECORDED.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(RECORDED.read_text(encoding="utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
