"""Traffic that a release of KServe cannot handle yet: probes of the model's own path, gRPC, streams."""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.apis.constants import STANDARD
from isvclog.kserve.apis.releases import since
from isvclog.kserve.controller.containers import serving_container
from isvclog.rules.containers import container_path
from isvclog.rules.context import LoggerContext
from isvclog.rules.rule import Issue

# Model servers that stream what they generate.
_GENERATORS = ("huggingface", "vllm")


def wrong_probe(logger: LoggerContext) -> Iterator[Issue]:
    """Yield an issue if the agent's own probe asks the model for `/` instead of its readiness probe's path."""
    pod, release = logger.prediction.pod, logger.context.release
    if pod is None or pod.mode != STANDARD or release.has("readiness-path-fix"):
        return
    container = serving_container(pod.containers, release)
    probe = (container.probe or {}).get("httpGet") if container else None
    if container is None or not isinstance(probe, dict) or probe.get("path", "/") in ("", "/"):
        return
    path = (*container_path(logger, container.name), "readinessProbe", "httpGet", "path")
    message = (
        f"The agent of KServe {release} probes `/` instead of {code(str(probe['path']))}: "
        "the pod becomes ready only if the model answers `/` as well."
    )
    remedy = f"Probe `/` or a TCP port, or upgrade to KServe {since('readiness-path-fix')} or later."
    yield Issue(path, message, remedy, severity=Severity.WARNING)


def unlogged_grpc(logger: LoggerContext) -> Iterator[Issue]:
    """Yield an issue if the model serves gRPC and the release does not log it."""
    pod, release = logger.prediction.pod, logger.context.release
    if pod is None or release.has("grpc-logging"):
        return
    model = logger.component.model
    path = None
    if model is not None and (model.protocol or "").startswith("grpc"):
        path = (*container_path(logger, pod.containers[0].name), "protocolVersion")
    else:
        path = _h2c_port(logger)
    if path is not None:
        remedy = f"Serve REST, or upgrade to KServe {since('grpc-logging')} or later."
        message = f"The agent of KServe {release} does not log gRPC requests."
        yield Issue(path, message, remedy, severity=Severity.WARNING)


def _h2c_port(logger: LoggerContext) -> tuple[str | int, ...] | None:
    for container in logger.prediction.pod.containers if logger.prediction.pod else ():
        path = (*container_path(logger, container.name), "ports")
        ports = logger.context.value(path)
        for index, port in enumerate(ports if isinstance(ports, list) else ()):
            name = port.get("name") if isinstance(port, dict) else None
            if isinstance(name, str) and name.startswith(("h2c", "grpc")):
                return (*path, index, "name")
    return None


def held_stream(logger: LoggerContext) -> Iterator[Issue]:
    """Yield an issue if the model streams its answers and the release's agent collects them until the end."""
    model, release = logger.component.model, logger.context.release
    if model is not None and model.format.lower() in _GENERATORS and not release.has("streaming"):
        message = f"The agent of KServe {release} collects streamed answers: clients get them in one piece at the end."
        remedy = f"Upgrade to KServe {since('streaming')} or later."
        yield Issue(logger.field(), message, remedy, severity=Severity.INFO, at_key=True)
