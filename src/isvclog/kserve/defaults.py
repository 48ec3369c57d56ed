"""The facts that a service's manifest does not hold: the ConfigMap `inferenceservice-config`, the runtime, the release.

Where the user gives no ConfigMap, what KServe ships is assumed (config/configmap/inferenceservice.yaml).
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from isvclog.kserve.admission import read_container
from isvclog.kserve.constants import CONFIGMAP, DEPLOYMENT_MODES, KNATIVE, LEGACY_MODES
from isvclog.kserve.releases import NEWEST, Release
from isvclog.kserve.spec import NOTHING, Container

_RESOURCES = '"memoryRequest": "100Mi", "memoryLimit": "1Gi", "cpuRequest": "100m", "cpuLimit": "1"'

# ConfigMap.data as shipped, cut to the keys that decide about logging.
SHIPPED: Mapping[str, str] = {
    "logger": f'{{"image": "kserve/agent:latest", {_RESOURCES}, "defaultUrl": "http://default-broker"}}',
    "agent": f'{{"image": "kserve/agent:latest", {_RESOURCES}}}',
    "batcher": f'{{"image": "kserve/agent:latest", {_RESOURCES}}}',
    "inferenceService": "{}",
    "deploy": '{"defaultDeploymentMode": "Knative"}',
}

# constants.go ServiceAnnotationDisallowedList; `modelFormat` is younger.
_DISALLOWED = (
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/max-scale",
    "internal.serving.kserve.io/storage-initializer-sourceuri",
    "kubectl.kubernetes.io/last-applied-configuration",
)


class ConfigError(ValueError):
    """The controller cannot read the ConfigMap, so it reconciles no service at all."""


class Runtime(NamedTuple):
    """What a ServingRuntime or ClusterServingRuntime adds to the predictor's pod (its `spec`, not its metadata)."""

    name: str
    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    containers: tuple[Container, ...] = ()
    formats: tuple[str, ...] = ()


class Installation(NamedTuple):
    """One KServe installation. `config` is the ConfigMap's `data`; `mode` overrides every other deployment mode."""

    release: Release = NEWEST
    config: Mapping[str, str] = SHIPPED
    mode: str | None = None
    runtimes: tuple[Runtime, ...] = ()


def is_config(data: Mapping[str, Any]) -> bool:
    metadata = data.get("metadata")
    return data.get("kind") == "ConfigMap" and isinstance(metadata, Mapping) and metadata.get("name") == CONFIGMAP


def read_config(data: Mapping[str, Any]) -> Mapping[str, str]:
    """The ConfigMap's `data`; ConfigError where a value is no string, which the API server would refuse."""
    values = data.get("data") or {}
    if not isinstance(values, Mapping) or not all(isinstance(value, str) for value in values.values()):
        raise ConfigError(f"{CONFIGMAP}: data must hold strings only, each with the JSON of one key")
    return dict(values)


def is_runtime(data: Mapping[str, Any]) -> bool:
    return data.get("kind") in ("ServingRuntime", "ClusterServingRuntime")


def read_runtime(data: Mapping[str, Any]) -> Runtime:
    """A runtime, leniently: what is malformed in it is not about logging."""
    spec = _dict(data.get("spec"))
    formats = [_dict(item) for item in _list(spec.get("supportedModelFormats"))]
    return Runtime(
        name=str(_dict(data.get("metadata")).get("name", "")),
        annotations={k: v for k, v in _dict(spec.get("annotations")).items() if isinstance(v, str)},
        labels={k: v for k, v in _dict(spec.get("labels")).items() if isinstance(v, str)},
        containers=tuple(read_container(item) for item in _list(spec.get("containers")) if isinstance(item, Mapping)),
        # Only these are considered where a service names no runtime.
        formats=tuple(str(item.get("name")) for item in formats if item.get("autoSelect")),
    )


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def disallowed_annotations(installation: Installation) -> frozenset[str]:
    """Annotation keys that the controller keeps from the pods.

    The built-in list is only set while the ConfigMap has the key `inferenceService` (configmap.go:234-253): without it
    nothing is filtered. The ConfigMap adds to the list since 0.15.0; before, the list was constant.
    """
    release = installation.release
    built_in = {*_DISALLOWED, *(("modelFormat",) if release.has("disallowed-model-format") else ())}
    if not release.has("configurable-disallowed-annotations"):
        return frozenset(built_in)
    if "inferenceService" not in installation.config:
        return frozenset()
    added = _object(installation.config, "inferenceService").get("serviceAnnotationDisallowedList") or []
    if not isinstance(added, list):
        raise ConfigError("inferenceservice-config: serviceAnnotationDisallowedList must be a list of strings")
    return frozenset(built_in) | {key for key in added if isinstance(key, str)}


def default_mode(config: Mapping[str, str]) -> str:
    """`defaultDeploymentMode` of the ConfigMap, in today's spelling; Knative where it names none."""
    if "deploy" not in config:
        return KNATIVE
    name = _object(config, "deploy").get("defaultDeploymentMode")
    name = LEGACY_MODES.get(name, name) if isinstance(name, str) else name
    if name not in DEPLOYMENT_MODES:
        raise ConfigError(
            f"inferenceservice-config: deploy.defaultDeploymentMode must be one of {', '.join(DEPLOYMENT_MODES)}"
        )
    return name


def _object(config: Mapping[str, str], key: str) -> dict[str, Any]:
    try:
        value = json.loads(config[key])
    except ValueError as error:
        raise ConfigError(f"inferenceservice-config: {key} is not valid JSON: {error}") from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ConfigError(f"inferenceservice-config: {key} must be a JSON object")
    return value
