"""The controller: annotations, labels and containers of a component's pod at the time the webhook sees it.

Source: pkg/controller/v1beta1/inferenceservice/components/{predictor,transformer,explainer}.go and
reconcilers/{knative,raw}.
"""

from collections.abc import Mapping

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.runtimes import Runtime
from isvclog.kserve.apis.spec import NOTHING, Component, Container, InferenceService
from isvclog.kserve.controller.containers import pod_containers, worker_container
from isvclog.kserve.controller.layers import (
    RUNTIME_SOURCE,
    Layer,
    component_layers,
    disallowed_labels,
    knative_layers,
    merge_layers,
)
from isvclog.kserve.controller.modes import default_mode, read_mode
from isvclog.kserve.controller.runtime_choice import RuntimeChoice, choose_runtime
from isvclog.records import NamedTuple


class Pod(NamedTuple):
    """A component's pod at admission. `layers` are the annotation sources in merge order: the last one wins."""

    annotations: Mapping[str, str]
    labels: Mapping[str, str]
    containers: tuple[Container, ...]
    layers: tuple[Layer, ...]
    mode: str
    choice: RuntimeChoice = RuntimeChoice()
    redirected: bool = True
    """True if the component's Service sends its traffic through the agent."""
    unknown_runtime: str = ""
    """A runtime that the model names but that was not given: its annotations, labels and containers are unknown."""

    @property
    def runtime(self) -> Runtime | None:
        """The runtime whose annotations, labels and containers the pod has; None if there is none or it is unknown."""
        return self.choice.runtime


def deployment_mode(service: InferenceService, installation: Installation) -> str:
    """Choose Knative, Standard or ModelMesh: the override, else the service's annotation, else the ConfigMap's default.

    Without an override, an invalid ConfigMap raises ConfigError even if the service has the annotation.
    """
    if installation.mode:
        return c.LEGACY_MODES.get(installation.mode, installation.mode)
    annotated = read_mode(service.annotations.get(c.DEPLOYMENT_MODE_ANNOTATION, ""), installation.release)
    # The ConfigMap is read in any case, and an invalid one stops the controller.
    default = default_mode(installation.config, installation.release)
    return annotated or default


def component_pod(service: InferenceService, component: Component, installation: Installation) -> Pod | None:
    """Build the pod of one component; None if KServe creates none (a ModelMesh predictor runs in shared pods).

    An invalid ConfigMap raises ConfigError.
    """
    mode = deployment_mode(service, installation)
    if mode == c.MODELMESH:
        if component.name == c.PREDICTOR:
            return None
        mode = c.KNATIVE
    model = component.model
    choice = _choose(service, component, installation)
    runtime = choice.runtime
    copied = _without_metadata(runtime, installation)
    containers = pod_containers(component, runtime, installation.release)
    layers = tuple(component_layers(service, component, copied, installation))
    if mode == c.KNATIVE:
        layers = tuple(knative_layers(layers, component, containers, installation.release))
    return Pod(
        annotations=merge_layers(layers),
        labels=_labels(service, component, copied, installation, mode),
        containers=containers,
        layers=layers,
        mode=mode,
        choice=choice,
        redirected=_is_redirected(component, installation.release, mode),
        unknown_runtime=(model.runtime or "") if model and runtime is None else "",
    )


def worker_pod(service: InferenceService, component: Component, installation: Installation) -> Pod | None:
    """Build the pods of a predictor on other nodes than the first; None if it has none, or the runtime is not known.

    They get the annotations of the predictor, those of the runtime's `workerSpec` unfiltered, and no requests.
    """
    choice = _choose(service, component, installation)
    runtime = choice.runtime
    container = worker_container(component, runtime) if runtime and component.workers else None
    if runtime is None or runtime.workers is None or container is None:
        return None
    template = Runtime(runtime.name, runtime.workers.annotations, runtime.workers.labels)
    own = Layer(RUNTIME_SOURCE, template.annotations, {})
    layers = (own, *component_layers(service, component, None, installation))
    labels = _labels(service, component, template, installation, c.STANDARD)
    return Pod(merge_layers(layers), labels, (container,), layers, c.STANDARD, choice, redirected=False)


def _choose(service: InferenceService, component: Component, installation: Installation) -> RuntimeChoice:
    model, release = component.model, installation.release
    if model is None:
        return RuntimeChoice()
    return choose_runtime(model, service.namespace, installation.runtimes, release, workers=component.workers)


def _is_redirected(component: Component, release: Release, mode: str) -> bool:
    """Check whether the component's Service sends its traffic through the agent (service_reconciler.go:161-172)."""
    if mode == c.KNATIVE:
        return True  # queue-proxy forwards to the agent through USER_PORT
    if component.canary:
        return False  # its Service is made without the logger (components/predictor.go reconcileCanaryDeployments)
    return (component.logger or component.batcher) is not None and release.has("raw-redirect")


def _without_metadata(runtime: Runtime | None, installation: Installation) -> Runtime | None:
    if runtime is None or installation.release.has("runtime-annotations"):
        return runtime
    return runtime._replace(annotations=NOTHING, labels=NOTHING)


def _labels(
    service: InferenceService, component: Component, runtime: Runtime | None, installation: Installation, mode: str
) -> dict[str, str]:
    labels = {
        **(runtime.labels if runtime else {}),
        **service.labels,
        **component.labels,
        c.SERVICE_LABEL: service.name,
        c.COMPONENT_LABEL: component.name,
    }
    disallowed = disallowed_labels(installation) if mode == c.KNATIVE else frozenset()
    if disallowed.isdisjoint(labels):
        return labels
    return {key: value for key, value in labels.items() if key not in disallowed}
