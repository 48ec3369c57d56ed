"""The containers of a component's pod, in the order in which the controller writes them.

Source: buildPodSpec of components/predictor.go, setDefaultPodSpec of reconcilers/deployment/deployment_reconciler.go.
"""

from collections.abc import Mapping
from typing import Any

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.runtimes import Runtime
from isvclog.kserve.apis.spec import Component, Container, Model

_PROBE_DEFAULTS = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}


def pod_containers(component: Component, runtime: Runtime | None, release: Release) -> tuple[Container, ...]:
    """List the containers of a component's pod, with the readiness probes that are added to them.

    With a model, kserve-container comes first, whatever the order in the runtime. Other components keep the order of
    the manifest.
    """
    if component.model is None:
        containers = _custom(component.containers) or (Container(c.MODEL_CONTAINER),)
    else:
        containers = _in_runtime(component.model, component.containers, runtime)
    return tuple(_probed(container, release) for container in containers)


def lacks_model_container(component: Component) -> bool:
    """Check whether a custom component has containers, but none that KServe takes for the model's.

    The controller then dereferences a nil pointer (GetContainer of predictor_custom.go).
    """
    names = [container.name for container in component.containers]
    return component.model is None and bool(names) and c.MODEL_CONTAINER not in names


def _custom(containers: tuple[Container, ...]) -> tuple[Container, ...]:
    """Replace the first container by kserve-container, as the controller does, wherever that one is."""
    serving = _find(containers, c.MODEL_CONTAINER)
    return (serving, *containers[1:]) if serving else containers


def serving_container(containers: tuple[Container, ...], release: Release) -> Container | None:
    """Select the container whose readiness probe the agent uses, and whose ports the Service gets in Standard mode.

    None if there are no containers. Source: createDefaultSvc of reconcilers/service/service_reconciler.go,
    agent_injector.go.
    """
    if release.has("transformer-container"):
        transformers = [container for container in containers if container.name == c.TRANSFORMER_CONTAINER]
        if transformers:
            return transformers[-1]
    return containers[0] if containers else None


def worker_container(component: Component, runtime: Runtime) -> Container | None:
    """Merge the container of the pods on other nodes; None without one. It gets no default probe (multiNodeProcess)."""
    given = _find(runtime.workers.containers, c.WORKER_CONTAINER) if runtime.workers else None
    own = component.worker_container
    if given is None or own is None:
        return given
    return _override(given, own._replace(name=own.name or given.name))


def _in_runtime(model: Model, extra: tuple[Container, ...], runtime: Runtime | None) -> tuple[Container, ...]:
    if runtime is None and not extra:
        return (Container(model.container or c.MODEL_CONTAINER, model.ports, model.probe),)
    given = runtime.containers if runtime else ()
    serving = _find(given, c.MODEL_CONTAINER) or Container(c.MODEL_CONTAINER)
    own = Container(model.container or c.MODEL_CONTAINER, model.ports, model.probe)
    special = (c.MODEL_CONTAINER, c.TRANSFORMER_CONTAINER)
    others = (
        *(container for container in given if container.name not in special),
        *(container for container in extra if container.name != c.TRANSFORMER_CONTAINER),
    )
    return (_override(serving, own), *_transformer(given, extra), *others)


def _transformer(given: tuple[Container, ...], extra: tuple[Container, ...]) -> tuple[Container, ...]:
    """Merge the transformer-containers of a runtime (`given`) and of a component into one; empty without any."""
    found = [_find(containers, c.TRANSFORMER_CONTAINER) for containers in (given, extra)]
    transformers = [container for container in found if container]
    return (_override(transformers[0], transformers[-1]),) if transformers else ()


def _find(containers: tuple[Container, ...], name: str) -> Container | None:
    return next((container for container in containers if container.name == name), None)


def _override(container: Container, by: Container) -> Container:
    """Merge one container into another with Kubernetes' strategic merge, as far as it affects logging."""
    ports = _merge_ports(container.ports, by.ports)
    return Container(by.name, ports, _merge(container.probe, by.probe), {**container.env, **by.env})


def _merge_ports(given: tuple[int, ...], by: tuple[int, ...]) -> tuple[int, ...]:
    """Merge two lists of ports. New ports come first; ports in both lists keep the order of `given`.

    Source: strategicpatch/patch.go.
    """
    left, right, merged = list(by), [port for port in given if port not in by], []
    while left and right:
        behind = left[0] in given and given.index(right[0]) < given.index(left[0])
        merged.append((right if behind else left).pop(0))
    return (*merged, *left, *right)


def _merge(given: Any, by: Any) -> Any:
    """Merge mappings into each other; of other values, return `by` unless it is None."""
    if isinstance(given, Mapping) and isinstance(by, Mapping):
        return {**given, **{key: _merge(given.get(key), value) for key, value in by.items()}}
    return given if by is None else by


def _probed(container: Container, release: Release) -> Container:
    """Add a TCP readiness probe to a serving container without one, as Standard mode does. Knative adds one, too."""
    serving = [c.MODEL_CONTAINER]
    if release.has("transformer-container"):
        serving.append(c.TRANSFORMER_CONTAINER)
    if container.probe is None and container.name in serving:
        port = (container.ports or (c.DEFAULT_HTTP_PORT,))[0]
        return container._replace(probe={"tcpSocket": {"port": port}, **_PROBE_DEFAULTS})
    return container
