"""Facts about an installation that no manifest of a service contains: the ConfigMap, the runtimes and the release.

The ConfigMap is `inferenceservice-config`. If the user gives none, KServe's default is assumed
(config/configmap/inferenceservice.yaml).
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from isvclog.kserve.apis.constants import CONFIGMAP
from isvclog.kserve.apis.releases import NEWEST, Release
from isvclog.kserve.apis.runtimes import Runtime
from isvclog.kserve.apis.storage_containers import UriFormat
from isvclog.kserve.golang.jsondecode import Struct, unmarshal
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.records import NamedTuple

_RESOURCES = '"memoryRequest": "100Mi", "memoryLimit": "1Gi", "cpuRequest": "100m", "cpuLimit": "1"'

# KServe's default ConfigMap.data, cut to the keys that decide about logging. `deploy` is left out: its default is what
# KServe does without it, and the spelling depends on the release.
SHIPPED: Mapping[str, str] = {
    "logger": f'{{"image": "kserve/agent:latest", {_RESOURCES}, "defaultUrl": "http://default-broker"}}',
    "agent": f'{{"image": "kserve/agent:latest", {_RESOURCES}}}',
    "batcher": f'{{"image": "kserve/agent:latest", {_RESOURCES}}}',
    "inferenceService": "{}",
}

NIL_PANIC = "panic: runtime error: invalid memory address or nil pointer dereference"


class ConfigError(ValueError):
    """The controller cannot read the ConfigMap, so it reconciles no service at all."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{CONFIGMAP}: {problem}")


class Installation(NamedTuple):
    """One KServe installation. `config` is the ConfigMap's `data`; `mode` overrides every other deployment mode.

    `all_runtimes` is True if `runtimes` are all that a service can get, so that what is missing there does not exist.
    `uri_formats` are those of ClusterStorageContainers, None if they are unknown. `excludes_pods` is True if KServe's
    webhook does not see the pods of the service's namespace, None if that is unknown.
    """

    release: Release = NEWEST
    config: Mapping[str, str] = SHIPPED
    mode: str | None = None
    runtimes: tuple[Runtime, ...] = ()
    all_runtimes: bool = False
    uri_formats: tuple[UriFormat, ...] | None = ()
    excludes_pods: bool | None = None


def is_config(data: Mapping[str, Any]) -> bool:
    """Check whether an object is the ConfigMap `inferenceservice-config`."""
    metadata = data.get("metadata")
    return data.get("kind") == "ConfigMap" and isinstance(metadata, Mapping) and metadata.get("name") == CONFIGMAP


def read_config(data: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the ConfigMap's `data`.

    Raises ConfigError if a value is not a string; the API server would reject such a ConfigMap.
    """
    values = data.get("data") or {}
    if not isinstance(values, Mapping) or not all(isinstance(value, str) for value in values.values()):
        raise ConfigError("data must contain only strings, each with the JSON of one key")
    return dict(values)


def controller_config(config: Mapping[str, str], key: str, struct: Struct, failure: str) -> Mapping[str, Any]:
    """Decode one key of the ConfigMap as the controller does. The key must exist.

    If it cannot be decoded, ConfigError has Go's message, with `failure` before it.
    """
    return _controller_config(config[key], struct, failure)


@lru_cache(maxsize=16)  # one ConfigMap is read for thousands of services
def _controller_config(text: str, struct: Struct, failure: str) -> Mapping[str, Any]:
    try:
        values = unmarshal(text, struct)
    except JsonError as error:
        raise ConfigError(f"{failure}{error}") from None
    if text.strip() == "null":
        raise ConfigError(NIL_PANIC)
    return values
