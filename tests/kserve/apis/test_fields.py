"""The table of fields: that of every release, small, and in agreement with what is known of loggers."""

from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from isvclog.keypath import KeyPath
from isvclog.kserve.apis import fields
from isvclog.kserve.apis.constants import COMPONENTS
from isvclog.kserve.apis.fields import ANY, FieldShape, broken_limit, fits, releases_with, service_shape
from isvclog.kserve.apis.releases import ALL_RELEASES, NEWEST, NEXT, Release, find_release
from isvclog.kserve.apis.schema import logger_schema
from isvclog.kserve.apis.usual_fields import ANYTHING, REQUIRED, USUAL, has_usual_fields

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = spec_from_file_location("generate_fields", ROOT / "scripts" / "generate_fields.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("release", [*ALL_RELEASES, NEXT], ids=str)
def test_a_logger_has_the_fields_of_the_schema(release: Release) -> None:
    for component in COMPONENTS:
        logger = service_shape(release).at(("spec", component, "logger"))
        assert logger is not None
        assert set(logger.fields) == set(logger_schema(release)["properties"])


@pytest.mark.parametrize("release", ALL_RELEASES, ids=str)
def test_capabilities_agree(release: Release) -> None:
    root = service_shape(release)
    assert (root.at(("spec", "canary")) is not None) == release.has("canary")
    annotations = root.at(("spec", "predictor", "annotations"))
    assert (annotations is not None) == release.has("component-annotations")
    assert (root.at(("spec", "predictor", "model")) is not None) == release.has("model-block")
    assert (root.at(("spec", "predictor", "resources")) is not None) == release.has("pod-resources")


def test_it_is_small() -> None:
    assert Path(fields.__file__).with_name("fields.json").stat().st_size < 100_000


def test_places() -> None:
    root = service_shape(NEWEST)
    container = ("spec", "predictor", "containers", 0)
    quantity = root.at((*container, "resources", "limits", "nvidia.com/gpu"))
    assert quantity is not None
    assert (quantity.type, list(quantity.limits)) == ("int-or-string", ["pattern"])
    assert root.at((*container, "env", 3, "value")) == FieldShape("string")
    assert root.at((*container, "volumes")) is None
    assert root.at(("status", "any", "thing")) == FieldShape(ANY)
    assert root.at(("spec", "canary", 0, "predictor", "logger", "url")) == FieldShape("string")


def test_a_field_of_some_releases() -> None:
    assert [str(release) for release in releases_with(("spec", "tracing"))] == ["0.21.0"]
    assert releases_with(("spec", "explainer", "aix"))[-1] == find_release("0.10.2")
    assert releases_with(("spec", "predictor", "minReplicas")) == list(ALL_RELEASES)
    assert releases_with(("spec", "predictor", "minReplica")) == []


@pytest.mark.parametrize(
    ("type_", "right", "wrong"),
    [
        ("string", ["1", ""], [1, True, [], {}]),
        ("integer", [1, 2.0], ["1", 1.5, True, []]),
        ("number", [1, 1.5], ["1", True]),
        ("boolean", [True], [1, "true"]),
        ("int-or-string", [1, "1"], [True, 1.5, []]),
        ("array", [[]], [{}, ""]),
        ("object", [{}], [[], ""]),
        (ANY, [1, "", [], {}, True], []),
    ],
)
def test_types(type_: str, right: list[object], wrong: list[object]) -> None:
    assert all(fits(FieldShape(type_), value) for value in [*right, None])
    assert not any(fits(FieldShape(type_), value) for value in wrong)


@pytest.mark.parametrize(
    ("limits", "right", "wrong"),
    [
        ({"enum": ["a", "b"]}, ["a"], ["c", ""]),
        ({"pattern": "^/.*"}, ["/a", 1], ["a"]),
        ({"pattern": "^[a-z]*$"}, ["", "a"], ["A", "a\n"]),
        ({"minimum": 0, "maximum": 2}, [0, 2], [-1, 2.5]),
        ({"minLength": 1, "maxLength": 2}, ["a", "äö"], ["", "abc"]),
        ({"minItems": 1}, [["a"]], [[]]),
    ],
)
def test_limits(limits: dict[str, object], right: list[object], wrong: list[object]) -> None:
    shape = FieldShape("any", limits=limits)
    assert not any(broken_limit(shape, value) for value in right)
    assert all(broken_limit(shape, value) in limits for value in wrong)


def test_what_the_api_server_keeps_is_open(script: ModuleType) -> None:
    shapes = script.Shapes()
    text, keeps = {"type": "string"}, {"x-kubernetes-preserve-unknown-fields": True}
    shapes.number({"type": "object", "properties": {"a": text, "b": {"type": "object", **keeps}}})
    shapes.number({"type": "object", "properties": {"a": text}, **keeps})
    shapes.number({"type": "object", "additionalProperties": {"type": "array", "items": text}})
    shapes.number({"anyOf": [], "x-kubernetes-int-or-string": True})
    assert shapes.written == ["string", "any", {"a": 0, "b": 1}, {"a": 0, "*": 1}, [0], {"*": 4}, "int-or-string"]


def test_limits_are_written_beside_the_type(script: ModuleType) -> None:
    shapes = script.Shapes()
    mode = {"type": "string", "enum": ["a"]}
    shapes.number({"type": "object", "properties": {"b": mode}, "required": ["c", "b"]})
    shapes.number({"type": "array", "items": mode, "minItems": 1})
    assert shapes.written == [{"=": "string", "enum": ["a"]}, {"!": ["b", "c"], "b": 0}, [0, {"minItems": 1}]]


def test_it_is_generated_from_what_kserve_installs(script: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "0.20.0.yaml").write_text(
        "kind: CustomResourceDefinition\nmetadata: {name: inferenceservices.serving.kserve.io}\nspec:\n  versions:\n"
        "  - name: v1beta1\n    schema:\n      openAPIV3Schema:\n        type: object\n        properties:\n"
        "          apiVersion: {type: string}\n          kind: {type: string}\n          spec: {type: object}\n"
        "          metadata: {type: object}\n---\nkind: Deployment\n"
    )
    (tmp_path / "0.19.0.json").write_text('{"same_as": "0.20.0"}')
    schema = script.read_schema(tmp_path, "0.19.0")
    assert sorted(schema["properties"]) == ["apiVersion", "kind", "metadata", "spec", "status"]
    assert "ownerReferences" in schema["properties"]["metadata"]["properties"]


def usual_places(usual: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """The place and the type of each field that is checked without the table."""
    if isinstance(usual, dict):
        yield path, "object"
        for name, inner in usual.items():
            if name == REQUIRED:
                continue
            yield from usual_places(inner, (*path, name))
    elif isinstance(usual, list):
        yield path, "array"
        yield from usual_places(usual[0], (*path, 0))
    elif usual is not ANYTHING:
        yield path, {str: "string", int: "integer"}.get(usual, "int-or-string")  # type: ignore[call-overload]


@pytest.mark.parametrize("release", [release for release in ALL_RELEASES if release.has("model-block")], ids=str)
def test_every_release_has_the_usual_fields(release: Release) -> None:
    for path, type_ in usual_places(USUAL):
        shape = service_shape(release).at(path)
        assert (path, shape and shape.type) == (path, type_)


def required_places(usual: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """The place of each block with a field that must be there, and that field."""
    if isinstance(usual, dict):
        yield from [(path, usual[REQUIRED])] if REQUIRED in usual else []
        for name, inner in usual.items():
            yield from required_places(inner, (*path, name))
    elif isinstance(usual, list):
        yield from required_places(usual[0], (*path, 0))


@pytest.mark.parametrize("release", [release for release in ALL_RELEASES if release.has("model-block")], ids=str)
def test_every_release_requires_what_is_required(release: Release) -> None:
    required = dict(required_places(USUAL))
    for path, _ in usual_places(USUAL):
        shape = service_shape(release).at(path)
        assert shape is not None
        needed = () if path[-1:] == ("logger",) or shape.type == ANY else tuple(shape.required)
        assert (path, needed) == (path, (required[path],) if path in required else ())
        assert not shape.limits or path[-2:-1] in (("limits",), ("requests",)), path


def test_the_usual_fields_tell_what_is_not() -> None:
    def check(predictor: object) -> bool:
        return has_usual_fields({"kind": "InferenceService", "spec": {"predictor": predictor}}, NEWEST)

    limits = {"cpu": 1, "memory": "4Gi", "gpu": "1", "x": "500m"}
    assert check({"containers": [{"name": "a", "resources": {"limits": limits}}]})
    assert check({"minReplicas": 1, "timeout": None, "nodeSelector": {"a": "b"}, "logger": {"what": "ever"}})
    assert not any(
        check(wrong)
        for wrong in (
            {"minReplica": 1},
            {"minReplicas": "1"},
            {"minReplicas": True},
            {"containers": {}},
            {"containers": [{"nam": "a"}]},
            {"nodeSelector": {"a": 1}},
            {"containers": [{"image": "a"}]},
            {"containers": [{"name": "a", "env": [{"value": "a"}]}]},
            {"containers": [{"name": "a", "resources": {"limits": {"memory": "4GB"}}}]},
            {"containers": [{"name": "a", "resources": {"limits": {"memory": "Gi"}}}]},
            {"containers": [{"name": "a", "resources": {"limits": {"memory": True}}}]},
            [],
        )
    )


@pytest.mark.parametrize("key", [REQUIRED, "*", ""])
def test_no_key_of_a_service_is_read_as_a_mark_of_the_table(key: str) -> None:
    container = {"name": "kserve-container", key: "example.com/x:1"}
    service = {"kind": "InferenceService", "spec": {"predictor": {"containers": [container]}}}
    assert not has_usual_fields(service, NEWEST)
