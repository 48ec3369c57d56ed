"""Explanations for components that KServe does not deploy: the effect on the cluster and the remedy.

The sentences contain no values from manifests, except KServe's own message and what runtimes support.
"""

from collections.abc import Iterable, Iterator, Sequence

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import Release, since
from isvclog.kserve.apis.runtimes import Runtime, SupportedFormat
from isvclog.kserve.apis.spec import InferenceService, Model
from isvclog.kserve.controller.deployment import Obstacle, Undeployed
from isvclog.kserve.controller.runtime_choice import default_protocol
from isvclog.kserve.controller.storage_initializer import KEY, MODELCAR
from isvclog.kserve.controller.storage_uris import storage_prefixes
from isvclog.suggest import closest_name

_MOST_LISTED = 20
_NO_POD = "no pod is created, and the service never becomes ready"
_MODELCAR = " and ".join(f'"{name}": "{quantity}"' for name, quantity in MODELCAR.items())


def explain_undeployed(
    undeployed: Undeployed, service: InferenceService, installation: Installation
) -> tuple[str, str, str]:
    """Return cause, effect and remedy of a component that KServe does not deploy."""
    error = kserve_message(undeployed)
    because = f"KServe's message: {error}" if error else undeployed.obstacle.value
    if undeployed.earlier is not None:
        because = f"the {undeployed.component} fails, and KServe deploys no later component; {because}"
    effect = _NO_POD
    if undeployed.status:
        effect += f"; status.modelStatus.lastFailureInfo.reason is {undeployed.status}"
    match undeployed.obstacle:
        case Obstacle.STOPPED:
            effect = "KServe deletes its pods, and creates none until the annotation is removed"
        case Obstacle.CONTAINERS | Obstacle.RUNTIME_CONTENT if undeployed.error.startswith("panic: "):
            effect = f"KServe's controller fails (panic) each time it processes the service; {_NO_POD}"
        case Obstacle.STORAGE if "not supported" in undeployed.error:
            effect += ", unless the cluster has a ClusterStorageContainer for this URI"
        case Obstacle.CANARY_MODE:
            effect = "KServe's webhook rejects the service, so nothing is deployed"
        case Obstacle.STORAGE_CONFIG:
            effect = (
                f"KServe {installation.release} deploys no service at all, and its webhook rejects every KServe pod"
            )
        case Obstacle.SAME_NAME:
            effect = f"the API server rejects the pod; {_NO_POD}"
        case _:
            pass
    return because, effect, undeployed_remedy(undeployed, service, installation)


def kserve_message(undeployed: Undeployed) -> str:
    """Return KServe's own message, with the beginning of an address where Go prints one; empty if there is none."""
    return undeployed.error.replace("<POINTER>", "0xc000...")


def undeployed_remedy(undeployed: Undeployed, service: InferenceService, installation: Installation) -> str:
    """Say what to change so that KServe deploys the component."""
    component = service.components.get(undeployed.component)
    match undeployed.earlier or undeployed.obstacle:
        case Obstacle.RUNTIME if component is not None and component.model is not None:
            return _runtime_remedy(component.model, service.namespace, installation, workers=component.workers)
        case Obstacle.STORAGE if "only one of" in undeployed.error:
            return "leave out storageUri or storage.path"
        case Obstacle.STORAGE:
            prefixes = ", ".join(storage_prefixes(installation.release))
            return f"write storageUri with one of {prefixes}"
        case Obstacle.STORAGE_CONFIG:
            newer = since("modelcar-optional")
            return f"write {_MODELCAR} into {KEY} of {c.CONFIGMAP}, or use KServe {newer} or later"
        case Obstacle.RUNTIME_CONTENT if undeployed.error.startswith("panic: "):
            return "leave out workerSpec, or name a runtime that has a workerSpec"
        case obstacle:
            return _REMEDIES[obstacle]


_REMEDIES = {
    Obstacle.STOPPED: f"remove the annotation {c.STOP_ANNOTATION} to start the service",
    Obstacle.RUNTIME: "name a runtime that supports the model",
    Obstacle.RUNTIME_CONTENT: f"give the runtime the containers that KServe needs, {c.MODEL_CONTAINER} first of all",
    Obstacle.CONTAINERS: f"call the container of the model server {c.MODEL_CONTAINER}",
    Obstacle.SAME_NAME: f"write {c.MODEL_CONTAINER} as the first container, and give the others names of their own",
    Obstacle.HOST_NAME: "shorten the name of the service or of its namespace, or set domainTemplate under ingress in "
    "inferenceservice-config",
    Obstacle.CANARY_MODE: "deploy the service in Standard mode, or use canaryTrafficPercent in Knative mode",
    Obstacle.MODE: f"write {', '.join(c.DEPLOYMENT_MODES)} as the annotation {c.DEPLOYMENT_MODE_ANNOTATION}",
}


def _runtime_remedy(model: Model, namespace: str, installation: Installation, *, workers: bool) -> str:
    """Say what the runtimes support that is closest to the model."""
    reachable = list(_reachable(namespace, installation))
    names = sorted({item.name for item in reachable})
    if model.runtime is not None and model.runtime not in names:
        return f"name a runtime that exists and is enabled: {_listed(names)}"
    offers = list(_offers(model, reachable))
    of_format = [offer for offer in offers if offer[1].name == model.format]
    fitting = list(_of_version(model, of_format))
    if not of_format:
        return _format_remedy(model.format, [item.name for _, item in offers])
    if not fitting:
        return _version_remedy([item.version for _, item in of_format])
    return _protocol_remedy(model, fitting, installation.release, workers=workers)


def _protocol_remedy(model: Model, fitting: Sequence[Runtime], release: Release, *, workers: bool) -> str:
    if model.runtime is None and not any((runtime.workers is not None) == workers for runtime in fitting):
        return "use a runtime that has a workerSpec" if workers else "add workerSpec, which the runtime needs"
    protocols = sorted({protocol for runtime in fitting for protocol in runtime.protocols})
    meant = "" if default_protocol(model, release) else "; the default is v1"
    return f"write a protocolVersion that the runtime of this format supports: {_listed(protocols)}{meant}"


def _reachable(namespace: str, installation: Installation) -> Iterator[Runtime]:
    for runtime in installation.runtimes:
        if runtime.namespace in (namespace, None) and not runtime.disabled:
            yield runtime


def _offers(model: Model, runtimes: Iterable[Runtime]) -> Iterator[tuple[Runtime, SupportedFormat]]:
    """Yield each runtime that may be chosen for the model with each format that it supports."""
    for runtime in runtimes:
        if runtime.multi_model if model.runtime is None else runtime.name != model.runtime:
            continue
        for item in runtime.formats:
            if item.auto_select or model.runtime is not None:
                yield runtime, item


def _of_version(model: Model, offers: Iterable[tuple[Runtime, SupportedFormat]]) -> Iterator[Runtime]:
    return (runtime for runtime, item in offers if model.version in (None, item.version))


def _format_remedy(written: str, offered: Iterable[str]) -> str:
    known = sorted(set(offered))
    closest = closest_name(written, known)
    meant = f"{closest}, or another " if closest else "a "
    return f"write {meant}modelFormat that a runtime supports: {_listed(known)}"


def _version_remedy(known: Iterable[str | None]) -> str:
    versions = sorted({version for version in known if version is not None})
    return f"write a version of the format that a runtime supports, {_listed(versions)}, or leave it out"


def _listed(names: Sequence[str]) -> str:
    rest = f" and {len(names) - _MOST_LISTED:,} more" if len(names) > _MOST_LISTED else ""
    return ", ".join(names[:_MOST_LISTED]) + rest or "there is none"
