"""Obstacles that keep KServe's controller from deploying a component: errors on its way to a Deployment or a ksvc.

Source: buildPredictorResources, buildPodSpec and multiNodeProcess of components/predictor.go; Reconcile of
components/{transformer,explainer}.go; reconcilers/raw/raw_kube_reconciler.go; reconcilers/factory.go.
"""

from collections.abc import Iterator
from enum import Enum

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.canaries import CANARY_MODE_MESSAGE
from isvclog.kserve.apis.installation import NIL_PANIC, Installation
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.runtimes import Runtime
from isvclog.kserve.apis.spec import Component, InferenceService
from isvclog.kserve.controller.annotations import source_uri
from isvclog.kserve.controller.containers import lacks_model_container
from isvclog.kserve.controller.host_name import host_name_error
from isvclog.kserve.controller.modes import read_mode
from isvclog.kserve.controller.pod import Pod, component_pod
from isvclog.kserve.controller.storage_initializer import storage_initializer_error
from isvclog.kserve.controller.storage_uris import storage_uri_error
from isvclog.kserve.golang.strconv import quote
from isvclog.records import NamedTuple


class Obstacle(Enum):
    """One kind of reason why KServe deploys nothing for a component; the value describes it to a person."""

    STOPPED = f"the annotation {c.STOP_ANNOTATION} stops the service"
    RUNTIME = "no runtime fits the model"
    RUNTIME_CONTENT = "the runtime cannot run the model"
    STORAGE = "KServe cannot fetch the model from its storageUri"
    CONTAINERS = "KServe's controller fails because of container names"
    SAME_NAME = "two containers of the pod get the same name"
    STORAGE_CONFIG = "the key storageInitializer of the ConfigMap lacks a quantity"
    HOST_NAME = "the host name of the component is too long"
    MODE = "the deployment mode is unknown"
    EARLIER = "KServe stops at an earlier component"
    CANARY_MODE = "canary predictors exist in Standard mode only"


class Undeployed(NamedTuple):
    """The reason why no pod of a component ever comes.

    `error` is KServe's own message, empty if there is none, as for a stopped service. `status` is the reason in
    `status.modelStatus.lastFailureInfo`, if KServe writes one. `component` is the one that it is about.
    """

    obstacle: Obstacle
    error: str
    component: str
    status: str = ""
    earlier: Obstacle | None = None
    """The obstacle of an earlier component, which `component` names; None if the component itself has the obstacle."""

    @property
    def title(self) -> str:
        """The reason in a few words; for an earlier component, that one's reason."""
        return _STATUS_TITLES.get(self.status) or (self.earlier or self.obstacle).value


_STATUS_TITLES = {
    "RuntimeNotRecognized": "the named runtime does not exist",
    "RuntimeDisabled": "the named runtime is disabled",
}


def find_obstacle(
    service: InferenceService, component: Component, pod: Pod, installation: Installation
) -> Undeployed | None:
    """Find what keeps KServe's controller from deploying a component; None if it deploys it or if this is not known.

    `pod` is the one that `component_pod` builds for the component. Components come one after the other, and an error in
    one of them keeps all later ones from coming. For releases before 0.15.1, which were not measured, only a lack of
    runtimes is found. An invalid ConfigMap raises ConfigError.
    """
    for earlier in service.components.values():
        if earlier.name == component.name and not component.canary:
            break
        # None for a ModelMesh predictor.
        if built := component_pod(service, earlier, installation):
            found = next(_obstacles(service, earlier, built, installation), None)
            if found is not None and found.obstacle not in (Obstacle.STOPPED, Obstacle.CANARY_MODE):
                return Undeployed(Obstacle.EARLIER, found.error, found.component, found.status, found.obstacle)
        if earlier.name == component.name:
            break  # a canary comes right after the predictor
    return next(_obstacles(service, component, pod, installation), None)


def list_obstacles(
    service: InferenceService, component: Component, pod: Pod, installation: Installation
) -> Iterator[Undeployed]:
    """Yield everything that keeps KServe from deploying a component, except errors of earlier ones.

    An invalid ConfigMap raises ConfigError.
    """
    yield from _obstacles(service, component, pod, installation)
    if twice := find_same_name(component, pod, installation.release):
        yield twice


def find_same_name(component: Component, pod: Pod, release: Release) -> Undeployed | None:
    """Find two containers of one name, for which the API server refuses what KServe deploys; None if there are none.

    KServe itself makes two of kserve-container if a custom predictor has it in another place than the first (inferred
    from its code and from Kubernetes' ValidatePodSpec, not measured).
    """
    names: list[str] = []
    for index, container in enumerate(pod.containers if release.has("measured-deployment") else ()):
        if container.name in names:
            error = f"spec.template.spec.containers[{index}].name: Duplicate value: {quote(container.name)}"
            return Undeployed(Obstacle.SAME_NAME, error, component.name)
        names.append(container.name)
    return None


def is_stopped(service: InferenceService, release: Release) -> bool:
    """Check whether an annotation keeps all pods of a service away (GetForceStopRuntime of pkg/utils)."""
    return release.has("stop-annotation") and service.annotations.get(c.STOP_ANNOTATION, "").lower() == "true"


def workload_name(service: InferenceService, component: Component) -> str:
    """Return the name of a component's Deployment or Knative Service."""
    parts = (service.name, component.label, component.name)
    return "-".join(filter(None, parts))


def _obstacles(
    service: InferenceService, component: Component, pod: Pod, installation: Installation
) -> Iterator[Undeployed]:
    """Yield the obstacles in the order in which the controller meets them."""
    release, name, choice = installation.release, component.name, pod.choice
    if service.canary and pod.mode != c.STANDARD and release.has("canary"):
        yield Undeployed(Obstacle.CANARY_MODE, CANARY_MODE_MESSAGE, name)
    measured = release.has("measured-deployment")
    if measured and (error := _storage_error(component, installation)):
        yield Undeployed(Obstacle.STORAGE, error, name)
    if choice.error and (choice.is_certain or installation.all_runtimes):
        yield Undeployed(Obstacle.RUNTIME, choice.error, name, choice.status)
    if measured:
        yield from _measured_obstacles(service, component, pod, installation)


def _measured_obstacles(
    service: InferenceService, component: Component, pod: Pod, installation: Installation
) -> Iterator[Undeployed]:
    name = component.name
    if pod.runtime is not None and (error := _runtime_error(component, pod.runtime)):
        yield Undeployed(Obstacle.RUNTIME_CONTENT, error, name, "" if error == NIL_PANIC else "InvalidPredictorSpec")
    if lacks_model_container(component):
        yield Undeployed(Obstacle.CONTAINERS, NIL_PANIC, name)
    if error := storage_initializer_error(installation.config, installation.release):
        yield Undeployed(Obstacle.STORAGE_CONFIG, error, name)
    if pod.mode == c.STANDARD:
        yield from _standard_obstacles(service, component, pod, installation)
    if is_stopped(service, installation.release):
        yield Undeployed(Obstacle.STOPPED, "", name)


def _storage_error(component: Component, installation: Installation) -> str:
    uri = source_uri(component)
    if uri is None:
        return ""
    model = component.model
    if model is not None and model.storage is not None and model.storage.path is not None:
        return "must provide only one of storageUri and storage.path"
    return storage_uri_error(uri, installation.release, installation.uri_formats)


def _runtime_error(component: Component, runtime: Runtime) -> str:
    if not runtime.containers:
        return "no container configuration found in selected serving runtime"
    if all(container.name != c.MODEL_CONTAINER for container in runtime.containers):
        return f"failed to find {c.MODEL_CONTAINER} in ServingRuntime containers"
    if not component.workers:
        return ""
    if runtime.workers is None:
        return NIL_PANIC
    names = [container.name for container in runtime.workers.containers]
    if not names:
        return "No workerSpec container configuration found in selected serving runtime"
    if c.WORKER_CONTAINER not in names:
        return f"failed to find {c.WORKER_CONTAINER} in ServingRuntime containers"
    return ""


def _standard_obstacles(
    service: InferenceService, component: Component, pod: Pod, installation: Installation
) -> Iterator[Undeployed]:
    failure = f"fails to create NewRawKubeReconciler for {component.name}: "
    if error := host_name_error(workload_name(service, component), service.namespace, installation.config):
        yield Undeployed(Obstacle.HOST_NAME, failure + error, component.name)
    written = pod.annotations.get(c.DEPLOYMENT_MODE_ANNOTATION)
    if written and installation.release.has("unknown-mode-fails"):
        known = read_mode(written, installation.release)
        # A mode that the status or an option overrides is no error.
        if known is None or (known != c.STANDARD and installation.mode is None):
            error = f"unsupported deployment mode for workload: {written}"
            yield Undeployed(Obstacle.MODE, failure + error, component.name)
