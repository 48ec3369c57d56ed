"""The pod webhook: the argument list of the agent container it injects, and the environment that container gets.

Source: pkg/webhook/admission/pod/{mutator,agent_injector,batcher_injector}.go.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from isvclog.kserve import constants as c
from isvclog.kserve.golang.jsondecode import Field, Pointer, Struct, unmarshal
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.kserve.golang.quantity import QuantityError, check_quantity
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.releases import NEWEST, Release
from isvclog.kserve.spec import NOTHING, Container, Logger

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
_BATCHER_CONFIG = Struct(
    "pod.BatcherConfig", (*_RESOURCES, Field("maxBatchSize", "string"), Field("maxLatency", "string"))
)
_AGENT_CONFIG = Struct("pod.AgentConfig", _RESOURCES)

NIL_PANIC = "panic: runtime error: invalid memory address or nil pointer dereference"


class WebhookError(ValueError):
    """The webhook answers with an error (or panics): the pod is not created."""


class LoggerConfig(NamedTuple):
    """What the webhook passes on beside annotations: the ConfigMap's `logger`, overridden by the predictor's logger."""

    default_url: str
    ca_bundle: str
    ca_cert_file: str
    tls_skip_verify: bool
    store_path: str
    store_format: str
    marshaller_url: str
    batch_size: int
    batch_interval: str


class Injection(NamedTuple):
    """`args` is None where no agent is injected; then `error` says why the pod is refused, or it is empty."""

    args: tuple[str, ...] | None = None
    environment: Mapping[str, str] = NOTHING
    error: str = ""
    ca_bundle: str = ""
    """The ConfigMap of the service's namespace whose CA file is mounted, where it exists."""


class Admission(NamedTuple):
    """A pod as the webhook sees it. `name` is empty for the pods of a Deployment: they are named after admission."""

    annotations: Mapping[str, str]
    labels: Mapping[str, str]
    containers: tuple[Container, ...]
    namespace: str
    name: str = ""
    knative: bool = False


def inject(
    pod: Admission, config: Mapping[str, str], predictor_logger: Logger | None, release: Release = NEWEST
) -> Injection:
    """What the webhook does to one pod. `config` is the data of `inferenceservice-config`, read for every pod."""
    try:
        logger_config = _logger_config(config, predictor_logger, release)
        _resources(config, "batcher", _BATCHER_CONFIG, 'Failed to parse resource configuration for "batcher": %q')
        _resources(config, "agent", _AGENT_CONFIG, 'failed to parse resource configuration for "agent": %s')
        wanted = {c.LOGGER, c.PULLER, c.BATCHER} & pod.annotations.keys()
        if not wanted or any(container.name == c.AGENT_CONTAINER for container in pod.containers):
            return Injection()
        args = [*_puller_args(pod), *_batcher_args(pod)]
        if c.LOGGER in pod.annotations:
            args += _logger_args(pod, logger_config, release)
        args += ["--component-port", str(_component_port(pod.containers))]
        return Injection(tuple(args), _environment(pod, release), ca_bundle=logger_config.ca_bundle)
    except WebhookError as error:
        return Injection(error=str(error))


def logged_pairs(annotations: Mapping[str, str]) -> list[tuple[str, str]]:
    """The annotations that reach the agent, in order: listed keys that the pod has, compared letter by letter."""
    keys = annotations.get(c.METADATA_ANNOTATIONS, "").split(",")
    return [(key, annotations[key]) for key in keys if key in annotations]


def _logger_args(pod: Admission, config: LoggerConfig, release: Release) -> list[str]:
    annotations, labels = pod.annotations, pod.labels
    args = ["--log-url", annotations.get(c.SINK_URL, config.default_url)]
    args += ["--source-uri", pod.name]
    args += ["--log-mode", annotations.get(c.MODE, "all")]
    args += ["--inference-service", labels.get(c.SERVICE_LABEL, "")]
    args += ["--namespace", pod.namespace]
    args += ["--endpoint", labels.get(c.ENDPOINT_LABEL, "")]
    args += ["--component", labels.get(c.COMPONENT_LABEL, "")]
    if config.store_path:
        args += ["--log-store-path", config.store_path]
    if config.store_format:
        args += ["--log-store-format", config.store_format]
    if config.marshaller_url:
        args += ["--log-marshaller-url", config.marshaller_url]
    if config.batch_size > 0:
        args += ["--log-batch-size", str(config.batch_size)]
    if config.batch_interval:
        args += ["--log-batch-interval", config.batch_interval]
    if c.METADATA_HEADERS in annotations and release.has("--metadata-headers"):
        args += ["--metadata-headers", annotations[c.METADATA_HEADERS]]
    if c.METADATA_ANNOTATIONS in annotations and release.has("--metadata-annotations"):
        pairs = logged_pairs(annotations)
        args += ["--metadata-annotations", ",".join(f"{key}={value}" for key, value in pairs)]
    if release.has("tls-settings"):
        if config.ca_cert_file:
            args += ["--logger-ca-cert-file", config.ca_cert_file]
        # Two arguments: the flag alone means true, and "false" behind it is ignored by the agent.
        args += ["--logger-tls-skip-verify", "true" if config.tls_skip_verify else "false"]
    return args


def _puller_args(pod: Admission) -> list[str]:
    if c.PULLER not in pod.annotations:
        return []
    args = ["--enable-puller"]
    for flag, key in (("--config-dir", c.PULLER_CONFIG_DIR), ("--model-dir", c.PULLER_MODEL_DIR)):
        if key in pod.annotations:
            args += [flag, pod.annotations[key]]
    if not {c.PULLER_MODEL_DIR, c.PULLER_CONFIG_VOLUME} <= pod.annotations.keys():
        # The same text for either, as in KServe.
        raise WebhookError(f"can not find {c.PULLER_CONFIG_VOLUME} label")
    return args


def _batcher_args(pod: Admission) -> list[str]:
    if c.BATCHER not in pod.annotations:
        return []
    args = ["--enable-batcher"]
    for flag, key in (("--max-batchsize", c.BATCHER_MAX_BATCH_SIZE), ("--max-latency", c.BATCHER_MAX_LATENCY)):
        if key in pod.annotations:
            args += [flag, pod.annotations[key]]
    return args


def _component_port(containers: tuple[Container, ...]) -> int:
    """The first port of transformer-container where there is one, else of kserve-container; 8080 without a port."""
    ports = {container.name: container.ports for container in containers}
    chosen = ports.get(c.TRANSFORMER_CONTAINER, ports.get(c.MODEL_CONTAINER, ()))
    return chosen[0] if chosen else c.DEFAULT_HTTP_PORT


def _environment(pod: Admission, release: Release) -> dict[str, str]:
    """The variable the agent insists on: copied from queue-proxy in Knative, else made of the readiness probe."""
    if pod.knative:
        return {c.PROBE_VARIABLE: '{"tcpSocket":{"port":8080,"host":"127.0.0.1"}}'}
    container = next((item for item in pod.containers if item.name == c.TRANSFORMER_CONTAINER), None)
    container = container or (pod.containers[0] if pod.containers else Container(""))
    probe = container.probe
    if release.has("probe-environment") and not (probe and {"httpGet", "tcpSocket"} & probe.keys()):
        return {}
    return {c.PROBE_VARIABLE: json.dumps(probe or {}, default=str)}


def _logger_config(config: Mapping[str, str], predictor_logger: Logger | None, release: Release) -> LoggerConfig:
    values = _resources(
        config, "logger", _LOGGER_CONFIG, 'Failed to parse resource configuration for "logger": %q', check=False
    )
    storage = values["storage"] or {}
    path, parameters = storage.get("path"), storage.get("parameters")
    url, size, interval = values["marshallerUrl"], values["batchSize"], values["batchInterval"]
    if predictor_logger is not None:
        # A predictor's logger without storage takes the ConfigMap's storage away.
        store = predictor_logger.storage
        path, parameters = (store.path, store.parameters) if store else (None, None)
        url = url if predictor_logger.marshaller_url is None else predictor_logger.marshaller_url
        size = size if predictor_logger.batch_size is None else predictor_logger.batch_size
        interval = interval if predictor_logger.batch_interval is None else predictor_logger.batch_interval
    _check_quantities(values, 'Failed to parse resource configuration for "logger": %q')
    stores, batches = release.has("storage"), release.has("batchSize")
    return LoggerConfig(
        default_url=values["defaultUrl"],
        ca_bundle=values["caBundle"] if release.has("tls-settings") else "",
        ca_cert_file=values["caCertFile"],
        tls_skip_verify=values["tlsSkipVerify"],
        store_path=(path or "") if stores else "",
        store_format=(parameters or {}).get("format", "") if stores else "",
        marshaller_url=url if batches else "",
        batch_size=size if batches else 0,
        batch_interval=interval if batches else "",
    )


def _resources(
    config: Mapping[str, str], key: str, struct: Struct, message: str, *, check: bool = True
) -> dict[str, Any]:
    text = config.get(key, "{}")
    try:
        values = unmarshal(text, struct)
    except JsonError as error:
        verb = "unable" if key == "agent" else "Unable"
        end = "" if key == "agent" else " "
        raise WebhookError(f"panic: {verb} to unmarshall {key} json string due to {error}{end}") from None
    if text.strip() == "null":
        raise WebhookError(NIL_PANIC)
    if check:
        _check_quantities(values, message)
    return values


def _check_quantities(values: Mapping[str, Any], message: str) -> None:
    for name in ("memoryRequest", "memoryLimit", "cpuRequest", "cpuLimit"):
        try:
            check_quantity(str(values[name]))
        except QuantityError as error:
            raise WebhookError(message.replace("%q", quote(str(error))).replace("%s", str(error))) from None
