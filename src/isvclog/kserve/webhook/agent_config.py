"""The ConfigMap as the pod webhook reads it for every pod: the keys `logger`, `agent` and `batcher`.

Source: pkg/webhook/admission/pod/{agent_injector,batcher_injector}.go.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from isvclog.kserve.apis.installation import NIL_PANIC
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import Logger
from isvclog.kserve.golang.jsondecode import Field, Pointer, Struct, unmarshal
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.kserve.golang.quantity import QuantityError, check_quantity, quantity_value
from isvclog.kserve.golang.strconv import quote
from isvclog.records import NamedTuple

_RESOURCES = tuple(
    Field(name, "string") for name in ("image", "cpuRequest", "cpuLimit", "memoryRequest", "memoryLimit")
)
_STORAGE = Struct(
    "v1beta1.LoggerStorageSpec",
    (
        Field("path", Pointer("string"), ("StorageSpec",)),
        Field("parameters", Pointer("map[string]string"), ("StorageSpec",)),
        Field("key", Pointer("string"), ("StorageSpec",)),
        Field("serviceAccountName", Pointer("string")),
    ),
)
_LOGGER_CONFIG = Struct(
    "pod.LoggerConfig",
    (
        *_RESOURCES,
        *(Field(name, "string") for name in ("defaultUrl", "caBundle", "caCertFile")),
        Field("tlsSkipVerify", "bool"),
        Field("storage", Pointer(_STORAGE)),
        Field("marshallerUrl", "string"),
        Field("batchSize", "int"),
        Field("batchInterval", "string"),
    ),
)
_LOGGER_FAILURE = 'Failed to parse resource configuration for "logger": %q'
_BATCH_FIELDS = ("marshallerUrl", "batchSize", "batchInterval")
_BATCHER_CONFIG = Struct(
    "pod.BatcherConfig", (*_RESOURCES, Field("maxBatchSize", "string"), Field("maxLatency", "string"))
)
_AGENT_CONFIG = Struct("pod.AgentConfig", _RESOURCES)


class WebhookError(ValueError):
    """The webhook answers with an error or panics, so the pod is not created."""


class LoggerConfig(NamedTuple):
    """The settings that the webhook passes on besides annotations: the ConfigMap's `logger` and the predictor's logger.

    The predictor's logger overrides the ConfigMap.
    """

    default_url: str
    ca_bundle: str
    ca_cert_file: str
    tls_skip_verify: bool
    store_path: str
    store_format: str
    marshaller_url: str
    batch_size: int
    batch_interval: str


def read_logger_config(config: Mapping[str, str], predictor_logger: Logger | None, release: Release) -> LoggerConfig:
    """Read the ConfigMap's `logger` and override it with the predictor's logger.

    A predictor's logger without storage also removes the ConfigMap's storage. An invalid ConfigMap raises WebhookError.
    """
    values = _logger_values(config.get("logger", "{}"), release)
    _check_quantities(values, _LOGGER_FAILURE)
    if predictor_logger is not None:
        values = {**values, **_overrides(predictor_logger)}
    storage = values.get("storage") or {}
    return LoggerConfig(
        default_url=values["defaultUrl"],
        ca_bundle=values["caBundle"] if release.has("tls-settings") else "",
        ca_cert_file=values["caCertFile"],
        tls_skip_verify=values["tlsSkipVerify"],
        store_path=storage.get("path") or "",
        store_format=(storage.get("parameters") or {}).get("format", ""),
        marshaller_url=values.get("marshallerUrl", ""),
        batch_size=values.get("batchSize", 0),
        batch_interval=values.get("batchInterval", ""),
    )


def _overrides(logger: Logger) -> Mapping[str, Any]:
    """Return what a logger overrides in the ConfigMap, by the ConfigMap's names. Storage is always overridden."""
    batching = zip(_BATCH_FIELDS, (logger.marshaller_url, logger.batch_size, logger.batch_interval), strict=True)
    storage = None if logger.storage is None else logger.storage._asdict()
    return {"storage": storage, **{name: value for name, value in batching if value is not None}}


def check_other_configs(config: Mapping[str, str]) -> None:
    """Raise WebhookError if the ConfigMap's `batcher` or `agent` is invalid.

    These keys decide no argument, but an error in one of them keeps every pod from being created.
    """
    _check_others(config.get("batcher", "{}"), config.get("agent", "{}"))


def agent_image(config: Mapping[str, str]) -> str:
    """Look up the image that new pods get for their agent; empty if the ConfigMap cannot be read."""
    try:
        return _agent_image(config.get("agent", "{}"))
    except WebhookError:
        return ""


@lru_cache(maxsize=16)
def _agent_image(text: str) -> str:
    return str(_resources(text, "agent", _AGENT_CONFIG)["image"])


def agent_memory_limit(config: Mapping[str, str]) -> int | None:
    """Return the memory limit of new agents in bytes; None if the ConfigMap cannot be read or has no limit above 0."""
    try:
        return quantity_value(str(_resources(config.get("agent", "{}"), "agent", _AGENT_CONFIG)["memoryLimit"])) or None
    except (WebhookError, QuantityError):
        return None


# One ConfigMap is read for the pods of thousands of services.
@lru_cache(maxsize=16)
def _logger_values(text: str, release: Release) -> Mapping[str, Any]:
    # The ConfigMap got these fields together with the logger block.
    fields = tuple(
        field
        for field in _LOGGER_CONFIG.fields
        if field.name not in ("storage", *_BATCH_FIELDS) or release.has(field.name)
    )
    return _resources(text, "logger", _LOGGER_CONFIG._replace(fields=fields))


@lru_cache(maxsize=16)
def _check_others(batcher: str, agent: str) -> None:
    values = _resources(batcher, "batcher", _BATCHER_CONFIG)
    _check_quantities(values, 'Failed to parse resource configuration for "batcher": %q')
    values = _resources(agent, "agent", _AGENT_CONFIG)
    _check_quantities(values, 'failed to parse resource configuration for "agent": %s')


def _resources(text: str, key: str, struct: Struct) -> Mapping[str, Any]:
    try:
        values = unmarshal(text, struct)
    except JsonError as error:
        verb = "unable" if key == "agent" else "Unable"
        end = "" if key == "agent" else " "
        raise WebhookError(f"panic: {verb} to unmarshall {key} json string due to {error}{end}") from None
    if text.strip() == "null":
        raise WebhookError(NIL_PANIC)
    return values


def _check_quantities(values: Mapping[str, Any], message: str) -> None:
    for name in ("memoryRequest", "memoryLimit", "cpuRequest", "cpuLimit"):
        try:
            check_quantity(str(values[name]))
        except QuantityError as error:
            raise WebhookError(message.replace("%q", quote(str(error))).replace("%s", str(error))) from None
