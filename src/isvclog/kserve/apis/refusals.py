"""Checks of KServe's validating webhook of parts of a service that are not about its logger.

Source: pkg/apis/serving/v1beta1/inference_service_validation.go, pkg/validation/env_policy.go. Only releases that were
measured are checked.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.keypath import KeyPath, mapping_at, mappings_at, string_at
from isvclog.kserve.apis.canaries import find_canary_refusals
from isvclog.kserve.apis.constants import (
    AUTOSCALER_CLASS_ANNOTATION,
    COMPONENTS,
    DEPLOYMENT_MODE_ANNOTATION,
    EXPLAINER,
    LEGACY_MODES,
    MODEL_CONTAINER,
    PREDICTOR,
    STANDARD,
    STORAGE_URI_VARIABLE,
    TRANSFORMER_CONTAINER,
)
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.implementation import FORMER_EXPLAINERS, FRAMEWORKS, exactly_one_message
from isvclog.kserve.apis.object_meta import ObjectMeta
from isvclog.kserve.apis.releases import Release
from isvclog.patterns import late_pattern

_AUTOSCALERS = ("hpa", "keda", "external", "none")
_KNATIVE_CLASS, _KNATIVE_HPA = "autoscaling.knative.dev/class", "hpa.autoscaling.knative.dev"
_BLOCKED = "PYTHONPATH"
_KEY_OF_MODEL = late_pattern(r"kbs:///[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+/[a-zA-Z0-9_.-]+")
_WORKER_STORAGE = ("pvc", "oci")
_SERVED = (*FRAMEWORKS, "model")
_IMPLEMENTATIONS = frozenset((*_SERVED, "art"))
_REPLICAS = frozenset(("minReplicas", "maxReplicas", "containerConcurrency"))
_CHECKED = frozenset(
    (
        *_REPLICAS,
        *("containers", "initContainers", "workerSpec", "storageUris"),
        *("scaleMetric", "deploymentStrategy", *FORMER_EXPLAINERS),
    )
)
_CHECKED_INSIDE = frozenset(("env", "name", "confidential"))
_Found = Iterator[tuple[KeyPath, str, str]]
"""The path of each field, what is wrong with it, and the webhook's message."""


def check_service(metadata: ObjectMeta, spec: Mapping[str, Any], release: Release) -> None:
    """Raise Rejected, with the webhook's message, for the first thing that the webhook rejects."""
    if (found := next(find_refusals(metadata, spec, release), None)) is not None:
        raise Rejected(*found)


def find_refusals(metadata: ObjectMeta, spec: Mapping[str, Any], release: Release) -> _Found:
    """Yield everything that the webhook rejects, in its order."""
    if not release.has("measured-deployment"):
        return
    checked = _checked_fields(metadata, spec)
    if checked <= _REPLICAS:  # as in most services
        if checked:
            yield from _replicas(spec)
        return
    predictor = mapping_at(spec, (PREDICTOR,))
    yield from _autoscaler(metadata)
    yield from _environment(spec, metadata.name, release)
    yield from _workers(predictor, metadata)
    yield from _collocated(predictor)
    yield from _named_model(predictor, release)
    yield from _storage_uris(spec, release)
    yield from _confidential(predictor, release)
    yield from _replicas(spec)
    yield from _scaling(metadata.annotations, spec, release)
    yield from _former_explainer(spec, release)
    yield from find_canary_refusals(metadata.annotations, spec, release)


def _checked_fields(metadata: ObjectMeta, spec: Mapping[str, Any]) -> set[str]:
    """Collect the names of the fields of a service that one of the checks is about."""
    found = {AUTOSCALER_CLASS_ANNOTATION} & metadata.annotations.keys()
    found |= {"canary"} & spec.keys()
    for _, component in _parts(spec):
        found |= _CHECKED & component.keys()
        for key, value in component.items():
            if key in _IMPLEMENTATIONS and isinstance(value, Mapping):
                found |= _CHECKED_INSIDE & value.keys()
    return found


def _autoscaler(metadata: ObjectMeta) -> _Found:
    value = metadata.annotations.get(AUTOSCALER_CLASS_ANNOTATION)
    if value is not None and value not in _AUTOSCALERS:
        path = ("metadata", "annotations", AUTOSCALER_CLASS_ANNOTATION)
        reason = f"is not an autoscaler that KServe knows: {', '.join(_AUTOSCALERS)}"
        yield path, reason, f"[{value}] is not a supported autoscaler class type"


def _environment(spec: Mapping[str, Any], name: str, release: Release) -> _Found:
    if not release.has("blocked-environment"):
        return
    for path, container in _containers(spec):
        for index, item in enumerate(mappings_at(container, ("env",)) if "env" in container else ()):
            if item.get("name") == _BLOCKED:
                reason = "is one that KServe accepts in no container"
                problem = f"setting {_BLOCKED} in container {_quoted(_name_of(path, container, spec))} is not allowed"
                message = f"the InferenceService {_quoted(name)} is invalid: {problem} for security reasons"
                yield (*path, "env", index, "name"), reason, message


def _containers(spec: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    """Yield all containers in the order in which the webhook looks at them."""
    for part, component in _parts(spec):
        path: KeyPath = ("spec", part)
        yield from _listed(component, path)
        for key in _served(component)[:1] if part == PREDICTOR else ():
            yield (*path, key), component[key]
        if part == PREDICTOR and "workerSpec" in component:
            yield from _listed(mapping_at(component, ("workerSpec",)), (*path, "workerSpec"))
        elif part == EXPLAINER and isinstance(component.get("art"), Mapping):
            yield (*path, "art"), component["art"]


def _listed(pod: Mapping[str, Any], path: KeyPath) -> Iterator[tuple[KeyPath, Mapping[str, Any]]]:
    for field in ("containers", "initContainers"):
        for index, item in enumerate(mappings_at(pod, (field,)) if field in pod else ()):
            yield (*path, field, index), item


def _name_of(path: KeyPath, container: Mapping[str, Any], spec: Mapping[str, Any]) -> str:
    """Return the name of a container after the defaulting webhook."""
    if len(path) == 4 and path[2:] == ("containers", 0):
        alone = path[1] != PREDICTOR or len(mappings_at(spec, (PREDICTOR, "containers"))) == 1
        served = path[1] == PREDICTOR and _served(mapping_at(spec, (PREDICTOR,)))
        if (alone or not container.get("name")) and not served:
            return MODEL_CONTAINER
    return str(container.get("name") or "")


def _served(predictor: Mapping[str, Any]) -> list[str]:
    """List the blocks of a predictor that can be its model."""
    found = [key for key in predictor if key in _SERVED and isinstance(predictor[key], Mapping)]
    return found if len(found) < 2 else sorted(found, key=_SERVED.index)


def _parts(spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the name and the content of each component that the service has."""
    for part in COMPONENTS:
        component = spec.get(part)
        if isinstance(component, Mapping):
            yield part, component


def _workers(predictor: Mapping[str, Any], metadata: ObjectMeta) -> _Found:
    workers = predictor.get("workerSpec")
    if not isinstance(workers, Mapping):
        return
    path: KeyPath = ("spec", PREDICTOR, "workerSpec")
    invalid = f"the InferenceService {_quoted(metadata.name)} is invalid: "
    if len(mappings_at(workers, ("containers",))) > 1:
        message = "setting multiple containers in workerSpec is not allowed"
        yield (*path, "containers"), "has more than one container", invalid + message
    for key in _served(predictor)[:1]:
        yield from _worker_model(mapping_at(predictor, (key,)), ("spec", PREDICTOR, key), metadata, invalid)
    for field in ("pipelineParallelSize", "tensorParallelSize"):
        size = workers.get(field)
        if isinstance(size, int) and not isinstance(size, bool) and size < 1:
            spelled = f"{field[0].upper()}{field[1:]}"
            yield (*path, field), "is less than 1", f"{invalid}WorkerSpec.{spelled} cannot be less than 1({size})"


def _worker_model(model: Mapping[str, Any], path: KeyPath, metadata: ObjectMeta, invalid: str) -> _Found:
    names = [item.get("name") for item in mappings_at(model, ("env",))]
    for name in ("PIPELINE_PARALLEL_SIZE", "TENSOR_PARALLEL_SIZE"):
        if name in names:
            message = f"{invalid}setting {name} in environment variables is not allowed"
            yield (*path, "env", names.index(name), "name"), "is set by KServe from workerSpec", message
    uri = model.get("storageUri")
    if not isinstance(uri, str):
        message = f"{invalid}StorageURI must be set for multinode enabled"
        yield (*path, "storageUri"), "is missing; a predictor with workerSpec needs one", message
    elif (scheme := uri.partition("://")[0]) not in _WORKER_STORAGE:
        message = f"{invalid}Multinode only supports 'pvc' and 'oci' Storage Protocol({scheme})"
        yield (*path, "storageUri"), "must begin with pvc:// or oci:// in a predictor with workerSpec", message
    scaler = metadata.annotations.get(AUTOSCALER_CLASS_ANNOTATION, "")
    if scaler != "none":
        reason = "must be none for a predictor with workerSpec"
        message = f"{invalid}Multinode only supports 'none' autoscaler({scaler})"
        yield ("metadata", "annotations", AUTOSCALER_CLASS_ANNOTATION), reason, message


def _collocated(predictor: Mapping[str, Any]) -> _Found:
    for index, container in enumerate(mappings_at(predictor, ("containers",))):
        if container.get("name") == TRANSFORMER_CONTAINER:
            for place, item in enumerate(mappings_at(container, ("env",))):
                if item.get("name") == STORAGE_URI_VARIABLE:
                    path = ("spec", PREDICTOR, "containers", index, "env", place, "name")
                    message = "storage uri should not be specified in transformer container"
                    yield path, f"must not be set in {TRANSFORMER_CONTAINER}", message
            return


def _named_model(predictor: Mapping[str, Any], release: Release) -> _Found:
    if not release.has("unnamed-standard-predictor"):
        return
    for key in _served(predictor)[:1]:
        if string_at(predictor, (key, "name")):
            message = "the 'name' field is not allowed in standard predictor"
            yield ("spec", PREDICTOR, key, "name"), "must be left out: KServe names the container itself", message


def _storage_uris(spec: Mapping[str, Any], release: Release) -> _Found:
    if not release.has("several-storage-uris"):
        return
    # The webhook looks at the predictor last.
    for part, component in sorted(_parts(spec), key=lambda item: item[0] == PREDICTOR):
        if component.get("storageUris") is None:
            continue
        path: KeyPath = ("spec", part, "storageUris")
        if _has_storage_uri(component, part):
            message = "Setting both StorageURI and StorageURIs is not supported."
            yield path, "must be left out beside storageUri", message
        for index, item in enumerate(mappings_at(component, ("storageUris",))):
            yield from _storage_place(item, (*path, index))


def _has_storage_uri(component: Mapping[str, Any], part: str) -> bool:
    keys = _served(component)[:1] if part == PREDICTOR else ["art"]
    if any(isinstance(mapping_at(component, (key,)).get("storageUri"), str) for key in keys):
        return True
    named = (item for item in mappings_at(component, ("containers",)) if item.get("name") == MODEL_CONTAINER)
    return any(item.get("name") == STORAGE_URI_VARIABLE for own in named for item in mappings_at(own, ("env",)))


def _storage_place(item: Mapping[str, Any], path: KeyPath) -> _Found:
    mounted = item.get("mountPath")
    if not item.get("uri"):
        yield (*path, "uri"), "is empty", "storage URI cannot be empty"
    if not isinstance(mounted, str):
        return
    if mounted == "/":
        yield (*path, "mountPath"), "must not be the root", "storage path cannot be empty"
    elif not mounted.startswith("/"):
        yield (*path, "mountPath"), "must begin with a slash", f"storage path must be absolute: {mounted}"
    elif ".." in mounted:
        message = f"storage path cannot contain '..' for security reasons: {mounted}"
        yield (*path, "mountPath"), "must not contain two dots in a row", message


def _confidential(predictor: Mapping[str, Any], release: Release) -> _Found:
    for key in _served(predictor)[:1] if release.has("confidential-annotations") else ():
        model = mapping_at(predictor, (key,))
        confidential = mapping_at(model, ("confidential",))
        if confidential.get("enabled") is not True:
            return
        path: KeyPath = ("spec", PREDICTOR, key)
        if not model.get("storageUri"):
            message = "confidential model serving requires storageUri to be set"
            yield (*path, "storageUri"), "is missing; a confidential model needs one", message
        resource = confidential.get("resourceId")
        if isinstance(resource, str) and resource and not _KEY_OF_MODEL.fullmatch(resource):
            message = f"invalid confidential resourceId format {_quoted(resource)}, expected kbs:///<repo>/<type>/<tag>"
            yield (*path, "confidential", "resourceId"), "must look like kbs:///repo/type/tag", message


def _replicas(spec: Mapping[str, Any]) -> _Found:
    """Yield what validateReplicas and validateContainerConcurrency of component.go reject."""
    for part, component in _parts(spec):
        path: KeyPath = ("spec", part)
        low, high = _number(component.get("minReplicas")), _number(component.get("maxReplicas"))
        concurrency = _number(component.get("containerConcurrency"))
        if concurrency is not None and concurrency < 0:
            yield (*path, "containerConcurrency"), "is negative", "parallelism cannot be less than 0"
        low, high = 1 if low is None else low, high or 0
        if low < 0:
            yield (*path, "minReplicas"), "is negative", "'MinReplicas' cannot be less than 0"
        if high < 0:
            yield (*path, "maxReplicas"), "is negative", "'MaxReplicas' cannot be less than 0"
        elif low > high != 0:
            message = "'MinReplicas' cannot be greater than MaxReplicas"
            yield (*path, "maxReplicas"), "is smaller than minReplicas", message


def _scaling(annotations: Mapping[str, str], spec: Mapping[str, Any], release: Release) -> _Found:
    """Yield what validateAutoScalingCompExtension rejects, if the service itself says its mode.

    0.16.0 does not take the annotation RawDeployment for Standard here.
    """
    mode = annotations.get(DEPLOYMENT_MODE_ANNOTATION)
    if mode is None:
        return
    if release.has("mode-annotation-normalised"):
        mode = LEGACY_MODES.get(mode, mode)
    standard = mode == (STANDARD if release.has("standard-mode-name") else "RawDeployment")
    scaler = annotations.get(AUTOSCALER_CLASS_ANNOTATION if standard else _KNATIVE_CLASS)
    for part, component in _parts(spec):
        path = ("spec", part)
        if not standard and scaler != _KNATIVE_HPA and component.get("deploymentStrategy") is not None:
            problem = "customizing deploymentStrategy is only supported for raw deployment mode"
            yield (*path, "deploymentStrategy"), "only exists in Standard mode", problem
        yield from _scale_metric(component.get("scaleMetric"), _metrics(scaler, standard), path)


def _scale_metric(metric: Any, accepted: tuple[str, ...] | None, path: KeyPath) -> _Found:
    if accepted is None or not isinstance(metric, str) or metric in accepted:
        return
    if not accepted:
        yield (*path, "scaleMetric"), "must be left out", "ScaleMetric is not supported for KEDA"
        return
    reason = f"must be one of {', '.join(accepted)} for this autoscaler"
    yield (*path, "scaleMetric"), reason, f"[{metric}] is not a supported metric"


def _metrics(scaler: str | None, standard: bool) -> tuple[str, ...] | None:
    """List the metrics that an autoscaler accepts as `scaleMetric`; None if it is not checked."""
    if scaler in ("hpa", _KNATIVE_HPA):
        return ("cpu", "memory")
    if standard:
        return () if scaler == "keda" else None
    return ("concurrency", "rps")


def _former_explainer(spec: Mapping[str, Any], release: Release) -> _Found:
    """Yield an explainer that the API does not have any more: it is pruned, and nothing is left to explain with."""
    explainer = mapping_at(spec, (EXPLAINER,))
    if not release.has("art-is-the-only-explainer") or {"art", "containers"} & explainer.keys():
        return
    for name in FORMER_EXPLAINERS:
        if name in explainer:
            reason = "does not exist any more; an explainer is `art` or has `containers`"
            yield ("spec", EXPLAINER, name), reason, exactly_one_message(EXPLAINER, release)


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _quoted(text: str) -> str:
    from isvclog.kserve.golang.strconv import quote

    return quote(text)
