"""The pod webhook: whether it injects the agent, with which arguments and which environment.

Source: pkg/webhook/admission/pod/{mutator,agent_injector}.go.
"""

from collections.abc import Mapping
from enum import Enum

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.releases import NEWEST, Release
from isvclog.kserve.apis.spec import NOTHING, Container, Logger
from isvclog.kserve.webhook.agent_config import LoggerConfig, WebhookError, check_other_configs, read_logger_config
from isvclog.kserve.webhook.environment import probe_environment
from isvclog.records import NamedTuple

# Linux starts no process with an argument of this size, and etcd does not store such a pod. In a small manifest, a key
# that is listed again and again would become gigabytes.
ENDLESS = 2 * 1024 * 1024
_ENABLE_PULLER, _ENABLE_BATCHER = "--enable-puller", "--enable-batcher"
FLAGS_ALONE = frozenset((_ENABLE_PULLER, _ENABLE_BATCHER))
"""The flags behind which the webhook writes no value. It writes one behind `--logger-tls-skip-verify`."""


class Skipped(Enum):
    """One reason why the webhook leaves a pod unchanged; the value describes it to a person."""

    NOT_WANTED = "no annotation of the pod asks for one"
    NAME_TAKEN = f'another container of the pod is called "{c.AGENT_CONTAINER}"'
    EXCLUDED = f"the namespace has the label {c.EXCLUDING_LABEL}, so the API server does not ask KServe's webhook"


class Injection(NamedTuple):
    """The result of the webhook for one pod.

    `args` is None if no agent is injected: then `error` says why the pod is rejected, or `skipped` why it is unchanged.
    """

    args: tuple[str, ...] | None = None
    environment: Mapping[str, str] = NOTHING
    error: str = ""
    ca_bundle: str = ""
    """The ConfigMap in the service's namespace whose CA file is mounted, if it exists."""
    skipped: Skipped | None = None


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
    """Inject the agent into one pod as the webhook does, if it does.

    `config` is the data of `inferenceservice-config`, which the webhook reads for every pod.
    """
    try:
        logger_config = read_logger_config(config, predictor_logger, release)
        check_other_configs(config)
        wanted = {c.LOGGER, c.PULLER, c.BATCHER} & pod.annotations.keys()
        if not wanted:
            return Injection(skipped=Skipped.NOT_WANTED)
        if any(container.name == c.AGENT_CONTAINER for container in pod.containers):
            return Injection(skipped=Skipped.NAME_TAKEN)
        args = [*_puller_args(pod), *_batcher_args(pod)]
        if c.LOGGER in pod.annotations:
            args += _logger_args(pod, logger_config, release)
        if release.has("--component-port"):
            args += ["--component-port", str(component_port(pod.containers, release))]
        environment = probe_environment(pod.containers, release, knative=pod.knative)
        return Injection(tuple(args), environment, ca_bundle=logger_config.ca_bundle)
    except WebhookError as error:
        return Injection(error=str(error))


def listed_keys(annotations: Mapping[str, str]) -> list[str]:
    """List the keys in a pod's list of annotations to log, even those that the pod does not have."""
    listed = annotations.get(c.METADATA_ANNOTATIONS)
    return listed.split(",") if listed else []


def logged_pairs(annotations: Mapping[str, str]) -> list[tuple[str, str]]:
    """List the annotations that reach the agent, in order: listed keys that the pod has, in exactly the same spelling.

    Beyond `ENDLESS` characters, repetitions are left out.
    """
    pairs: dict[str, str] = {}
    found, size = [], 0
    for key in listed_keys(annotations):
        if key in annotations and (size <= ENDLESS or key not in pairs):
            pairs[key] = annotations[key]
            found.append((key, pairs[key]))
            size += len(key) + len(pairs[key])
    return found


def _logger_args(pod: Admission, config: LoggerConfig, release: Release) -> list[str]:
    annotations, labels = pod.annotations, pod.labels
    args = ["--log-url", annotations.get(c.SINK_URL, config.default_url)]
    args += ["--source-uri", pod.name]
    args += ["--log-mode", annotations.get(c.MODE, "all")]
    args += ["--inference-service", labels.get(c.SERVICE_LABEL, "")]
    args += ["--namespace", pod.namespace]
    args += ["--endpoint", labels.get(c.ENDPOINT_LABEL, "")]
    args += ["--component", labels.get(c.COMPONENT_LABEL, "")]
    for flag, value in (
        ("--log-store-path", config.store_path),
        ("--log-store-format", config.store_format),
        ("--log-marshaller-url", config.marshaller_url),
        ("--log-batch-size", str(config.batch_size) if config.batch_size > 0 else ""),
        ("--log-batch-interval", config.batch_interval),
    ):
        args += [flag, value] if value else []
    if c.METADATA_HEADERS in annotations and release.has("--metadata-headers"):
        args += ["--metadata-headers", annotations[c.METADATA_HEADERS]]
    if c.METADATA_ANNOTATIONS in annotations and release.has("--metadata-annotations"):
        pairs = logged_pairs(annotations)
        args += ["--metadata-annotations", ",".join(f"{key}={value}" for key, value in pairs)]
    return [*args, *_tls_args(config)] if release.has("tls-settings") else args


def _tls_args(config: LoggerConfig) -> list[str]:
    args = ["--logger-ca-cert-file", config.ca_cert_file] if config.ca_cert_file else []
    # Two arguments: the flag alone means true, and "false" behind it is ignored by the agent.
    return [*args, "--logger-tls-skip-verify", "true" if config.tls_skip_verify else "false"]


def _puller_args(pod: Admission) -> list[str]:
    if c.PULLER not in pod.annotations:
        return []
    args = [_ENABLE_PULLER]
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
    args = [_ENABLE_BATCHER]
    for flag, key in (("--max-batchsize", c.BATCHER_MAX_BATCH_SIZE), ("--max-latency", c.BATCHER_MAX_LATENCY)):
        if key in pod.annotations:
            args += [flag, pod.annotations[key]]
    return args


def component_port(containers: tuple[Container, ...], release: Release) -> int:
    """Choose the port to which the agent sends requests.

    It is the first port of transformer-container or else of kserve-container, or 8080. Before 0.8.0 the agent was told
    nothing and always used 8080.
    """
    if not release.has("--component-port"):
        return c.DEFAULT_HTTP_PORT
    ports = {container.name: container.ports for container in containers}
    chosen = ports.get(c.MODEL_CONTAINER, ())
    if release.has("transformer-container"):
        chosen = ports.get(c.TRANSFORMER_CONTAINER, chosen)
    return chosen[0] if chosen else c.DEFAULT_HTTP_PORT
