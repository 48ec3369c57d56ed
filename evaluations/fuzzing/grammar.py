"""InferenceServices by the structure of the CustomResourceDefinition, with hostile values and secrets in any place."""

import copy
import json
from pathlib import Path

from . import hostile
from .cases import Chance, Json, Secret

ROOT = Path(__file__).resolve().parents[2]
COMPONENTS = ("predictor", "transformer", "explainer")
KEYS = ("example.com/team", "team", "example.com/cost-center", "tenant", "a.b/c", "db-password", "acme.io/env", "note")
_WORDS = (
    "red",
    "blue",
    "iris",
    "v1",
    "prod",
    "gs://models/iris",
    "sklearn",
    "10m",
    "1Gi",
    "true",
    "8080",
    "a b",
    "x,y",
    "a=b",
)
_HEADERS = ("X-Request-Id", "X-Tenant", "x-request-id", "Authorization", "X-Api-Key", "Traceparent")
_DEPTH = 7


def structures(folder: str | None) -> list[Json]:
    """Load the structures of all releases: those of CustomResourceDefinitions in a folder, or the published schemas."""
    if folder:
        loaded = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(Path(folder).glob("*.json"))]
        return [each for each in loaded if "same_as" not in each]
    files = sorted((ROOT / "schemas").glob("inferenceservice-*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in files]


class Grammar:
    """Makes services. `used` are the secrets of the last one."""

    def __init__(self, known: list[Json]) -> None:
        self.known = known

    def service(self, chance: Chance) -> tuple[Json, list[Secret]]:
        """Make a service; and the secrets in it."""
        root = chance.choice(self.known)
        properties = root["properties"]["spec"]["properties"]
        keys = chance.sample(KEYS, chance.randint(0, 4))
        spec: Json = {}
        names = ["predictor", *(name for name in COMPONENTS[1:] if chance.random() < 0.15)]
        for name in names:
            spec[name] = self._component(chance, properties[name], root, keys, name)
        if chance.random() < 0.1 and "canary" in properties:
            spec["canary"] = self._value(chance, properties["canary"], root, "canary", 1)
        data: Json = {
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "metadata": {
                "name": chance.choice(("iris", "churn", "fraud-model")),
                "namespace": chance.choice(("ml", "research")),
            },
            "spec": spec,
        }
        if keys or chance.random() < 0.5:
            data["metadata"]["annotations"] = {key: chance.choice(_WORDS) for key in keys if chance.random() < 0.85}
        if chance.random() < 0.2:
            data["metadata"]["labels"] = {"team": chance.choice(_WORDS)}
        secrets = plant(data, chance)
        for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3))):
            damage(data, chance)
        return data, secrets

    def _component(self, chance: Chance, schema: Json, root: Json, keys: list[str], name: str) -> Json:
        schema = _resolve(schema, root)
        data = self._value(chance, schema, root, name, 1)
        if chance.random() < 0.9:
            data["logger"] = self._logger(chance, _resolve(schema["properties"]["logger"], root), root, keys)
        if name == "predictor" and chance.random() < 0.8:
            data["model"] = {"modelFormat": {"name": "sklearn"}, "storageUri": "gs://models/iris"}
        elif chance.random() < 0.7:
            data["containers"] = [{"name": "kserve-container", "image": "example.com/x:1"}]
        return data if chance.random() < 0.7 else dict(reversed(data.items()))

    def _logger(self, chance: Chance, schema: Json, root: Json, keys: list[str]) -> Json:
        data: Json = {"mode": chance.choice(("all", "all", "request", "response"))}
        if chance.random() < 0.9:
            data["url"] = chance.choice(
                ("http://sink.ml.svc.cluster.local", "http://sink", "https://sink.example.com/x", "s3://b/p")
            )
        if keys and chance.random() < 0.8:
            data["metadataAnnotations"] = chance.sample(keys, chance.randint(1, len(keys)))
        if chance.random() < 0.3:
            data["metadataHeaders"] = chance.sample(_HEADERS, chance.randint(1, 3))
        for name, inner in schema["properties"].items():
            if name not in data and chance.random() < 0.15:
                data[name] = self._value(chance, inner, root, name, 3)
        return data

    def _value(self, chance: Chance, schema: Json, root: Json, name: str, depth: int) -> Json:
        """Make a value that the structure allows."""
        schema = _resolve(schema, root)
        if "enum" in schema:
            return chance.choice(schema["enum"])
        if schema.get("x-kubernetes-int-or-string"):
            return chance.choice((80, "80", "50%", "1Gi"))
        kind = schema.get("type", "object")
        if kind == "object":
            return self._mapping(chance, schema, root, depth)
        if kind == "array":
            count = chance.choice((0, 1, 1, 2)) if depth < _DEPTH else 0
            return [self._value(chance, schema.get("items", {}), root, name, depth + 1) for _ in range(count)]
        if kind in ("integer", "number"):
            return chance.choice((0, 1, 8080, 9081, schema.get("minimum", 3)))
        if kind == "boolean":
            return chance.random() < 0.5
        return chance.choice(_WORDS)

    def _mapping(self, chance: Chance, schema: Json, root: Json, depth: int) -> Json:
        properties = schema.get("properties", {})
        required = [name for name in schema.get("required", ()) if name in properties]
        if depth >= _DEPTH:
            return {name: self._value(chance, properties[name], root, name, depth + 1) for name in required}
        names = chance.sample(sorted(properties), min(len(properties), chance.choice((0, 0, 1, 2))))
        data = {
            name: self._value(chance, properties[name], root, name, depth + 1)
            for name in dict.fromkeys([*required, *names])
        }
        if isinstance(schema.get("additionalProperties"), dict):
            for _ in range(chance.randint(0, 2)):
                data[chance.choice(KEYS)] = self._value(chance, schema["additionalProperties"], root, "", depth + 1)
        return data


def _resolve(schema: Json, root: Json) -> Json:
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    return schema


# Places


def places(data: Json) -> list[tuple[Json, Json]]:
    """Return each container with each of its keys or indexes, the outer ones first."""
    found: list[tuple[Json, Json]] = []
    waiting = [data]
    while waiting:
        each = waiting.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each)) if isinstance(each, list) else ()
        for key in keys:
            found.append((each, key))
            waiting.append(each[key])
    return found


def plant(data: Json, chance: Chance) -> list[Secret]:
    """Put up to three secrets into places where people put them, or anywhere, in place."""
    secrets: list[Secret] = []
    # One that may be anywhere comes last: it may be where a mapping was.
    for where in sorted(chance.choices(range(10), k=chance.choice((0, 1, 1, 1, 2, 3)))):
        if (
            not isinstance(data["metadata"], dict)
            or not isinstance(data["spec"], dict)
            or "predictor" not in data["spec"]
        ):
            break
        component = data["spec"].get(chance.choice(COMPONENTS)) or data["spec"]["predictor"]
        logger = component.get("logger") if isinstance(component, dict) else None
        annotations = data["metadata"].setdefault("annotations", {}) if where < 3 else {}
        if where < 3:
            secrets.append(_plant_annotation(annotations, logger, chance))
        elif where < 8 and isinstance(logger, dict) and len(secrets) < 3:
            secrets.append(_plant_in_logger(logger, chance))
        elif where == 8 and isinstance(component, dict):
            secrets.append(_plant_in_container(component, chance))
        else:
            secrets.append(_plant_anywhere(data, chance))
    return secrets


def _plant_annotation(annotations: Json, logger: Json, chance: Chance) -> Secret:
    secret = hostile.secret(chance)
    key = secret.key or chance.choice(("note", "example.com/config", "a.b/c", "owner"))
    annotations[key] = secret.text
    if isinstance(logger, dict) and chance.random() < 0.7:
        _listed(logger, "metadataAnnotations").append(key)
    return secret


def _listed(logger: Json, field: str) -> list[Json]:
    """Return a list of the logger; what the field has in place of a list is replaced."""
    if not isinstance(logger.get(field), list):
        logger[field] = []
    found: list[Json] = logger[field]
    return found


def _plant_in_logger(logger: Json, chance: Chance) -> Secret:
    secret = hostile.secret(chance)
    place = chance.randrange(8)
    if place < 2:
        secret = hostile.url_with(chance, chance.choice(("http", "https", "s3")))
        logger["url"] = secret.text
    elif place == 2:
        secret = hostile.url_with(chance) if chance.random() < 0.7 else secret
        logger["marshallerUrl"] = secret.text
    elif place == 3 and not secret.is_bare:
        _listed(logger, "metadataHeaders").append(secret.text)
    elif place == 4 and not secret.is_bare:
        _listed(logger, "metadataAnnotations").append(secret.text)
    elif place == 5:
        storage = logger.setdefault("storage", {})
        if isinstance(storage, dict):
            inner = storage.setdefault("parameters", {}) if chance.random() < 0.5 else storage
            inner[secret.key or chance.choice(("key", "path", "endpoint"))] = secret.text
    elif place == 6 and not secret.is_bare:
        logger[chance.choice(("mode", "batchInterval", "batchSize"))] = secret.text
    else:
        logger[secret.key or chance.choice(("headers", "note", "auth"))] = secret.text
    return secret


def _plant_in_container(component: Json, chance: Chance) -> Secret:
    secret = hostile.bare(chance) if chance.random() < 0.5 else hostile.secret(chance)
    container: Json = {"name": "kserve-container", "image": "example.com/x:1"}
    component["containers"] = [container]
    if secret.is_bare:
        container["env"] = [{"name": secret.key.upper().replace("-", "_"), "value": secret.text}]
    else:
        container[chance.choice(("args", "command"))] = ["serve", secret.text]
    return secret


def _plant_anywhere(data: Json, chance: Chance) -> Secret:
    secret = hostile.secret(chance)
    container, key = chance.choice(places(data))
    if isinstance(container, dict) and secret.is_bare:
        container[secret.key] = secret.text
    elif isinstance(container, dict) and chance.random() < 0.2:
        container[secret.text] = "x"
    else:
        container[key] = secret.text
    return secret


def damage(data: Json, chance: Chance) -> None:
    """Replace, rename, add or remove something, in place."""
    found = places(data)
    if not found:
        return
    # What a logger reads is worth more tries than what it does not look at.
    near = [place for place in found if place[1] in _NEAR]
    container, key = chance.choice(near if near and chance.random() < 0.5 else found)
    action = chance.random()
    if action < 0.6:
        container[key] = hostile.value(chance)
    elif action < 0.7:
        del container[key]
    elif action < 0.8 and isinstance(container, dict):
        container[hostile.key(chance)] = container.pop(key)
    elif action < 0.9 and isinstance(container, dict):
        container[hostile.key(chance)] = hostile.value(chance)
    elif isinstance(container[key], dict):
        container[key][hostile.key(chance)] = (
            copy.deepcopy(chance.choice(found)[0]) if chance.random() < 0.3 else hostile.value(chance)
        )
    elif isinstance(container[key], list):
        container[key].append(hostile.value(chance))
    elif isinstance(container[key], str):
        text = container[key]
        place = chance.randint(0, len(text))
        container[key] = text[:place] + chance.choice(hostile.TEXTS) + text[place:]


_NEAR = {
    "url", "mode", "metadataAnnotations", "metadataHeaders", "logger", "annotations", "name", "namespace",
    "apiVersion", "kind", "predictor",
    "spec", "metadata", "storage", "marshallerUrl", "batchSize", "batchInterval", "containers", "model",
}  # fmt: skip
