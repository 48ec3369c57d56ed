"""Paths of the containers of a component's pod in the manifest, for rules to point at."""

from collections.abc import Iterator

from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import MODEL_CONTAINER
from isvclog.kserve.apis.implementation import FRAMEWORKS
from isvclog.rules.context import LoggerContext


def container_path(logger: LoggerContext, name: str) -> KeyPath:
    """Find the path where the manifest writes the pod's container of this name.

    For a container that only the runtime has, it is the path of the runtime's name, or else of the model.
    """
    paths = dict(_written(logger))
    if name in paths:
        return paths[name]
    model = model_path(logger)
    runtime = (*model, "runtime")
    return runtime if logger.context.value(runtime) is not None else model


def port_path(logger: LoggerContext, name: str, port: int) -> KeyPath:
    """Find the path where the manifest writes a port of a container, or else the container."""
    path = container_path(logger, name)
    ports = logger.context.value((*path, "ports"))
    for index, item in enumerate(ports if isinstance(ports, list) else ()):
        if isinstance(item, dict) and item.get("containerPort") == port:
            return (*path, "ports", index, "containerPort")
    return path


def _written(logger: LoggerContext) -> Iterator[tuple[str, KeyPath]]:
    """Yield the containers that the manifest writes, by the names that they have in the pod."""
    containers = logger.context.value((*logger.path, "containers"))
    items = enumerate(containers) if isinstance(containers, list) else ()
    paths = [(*logger.path, "containers", index) for index, item in items if isinstance(item, dict)]
    for container, path in zip(logger.component.containers, paths, strict=False):
        yield container.name, path
    if logger.component.model is not None:
        yield MODEL_CONTAINER, model_path(logger)


def model_path(logger: LoggerContext) -> KeyPath:
    """Find the path of the predictor's model: a framework or `model`, or else the component."""
    names = (name for name in (*FRAMEWORKS, "model") if isinstance(logger.context.value((*logger.path, name)), dict))
    name = next(names, "")
    return (*logger.path, name) if name else logger.path
