"""The sources of a pod's annotations: what each adds, and which annotations and labels do not reach the pod.

Later sources win. Source: utils.Union and utils.Filter in components/{predictor,transformer,explainer}.go, KServe's
ksvc_reconciler.go, and Knative's pkg/reconciler/revision/resources/meta.go. The lists of what the controller does not
copy: pkg/constants/constants.go and pkg/apis/serving/v1beta1/configmap.go NewInferenceServicesConfig.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from isvclog.keypath import KeyPath, dotted
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.constants import LAST_APPLIED, MODEL_FORMAT_ANNOTATION
from isvclog.kserve.apis.installation import Installation, controller_config
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.runtimes import Runtime
from isvclog.kserve.apis.spec import Component, Container, InferenceService, Scaling
from isvclog.kserve.controller.annotations import internal_annotations
from isvclog.kserve.controller.modes import defaulted_annotations
from isvclog.kserve.golang.jsondecode import Field, Struct
from isvclog.records import NamedTuple

SERVICE_SOURCE = "metadata.annotations"
KSERVE_SOURCE = "KServe"
KNATIVE_SOURCE = "Knative"
RUNTIME_SOURCE = "the runtime's spec.annotations"

# ksvc_reconciler.go moves these to the Knative Service itself.
_MOVED_BY_KNATIVE = ("serving.knative.dev/rollout-duration", "serving.knative.openshift.io/enablePassthrough")
_KEPT_FROM_PODS = tuple(
    "serving.knative.dev/" + name for name in ("lastPinned", "no-gc", "routingStateModified", "routes")
)
_ADDED_BY_KNATIVE = ("serving.knative.dev/creator", "kubectl.kubernetes.io/default-container")
_AUTOSCALING = "autoscaling.knative.dev/"
_INITIAL_SCALE = _AUTOSCALING + "initial-scale"
_KNATIVE = ".knative."  # in all of them


class Layer(NamedTuple):
    """One source of pod annotations; `removed` has the reason for each key that does not reach the pod."""

    source: str
    annotations: Mapping[str, str]
    removed: Mapping[str, str]
    path: KeyPath = ()
    """The key path of the annotations in the service's manifest; empty if they come from elsewhere."""


def merge_layers(layers: tuple[Layer, ...]) -> dict[str, str]:
    """Merge the layers to the annotations of the pod; later layers win."""
    annotations: dict[str, str] = {}
    for layer in layers:
        annotations.update(layer.annotations)
    return annotations


def knative_layers(
    layers: tuple[Layer, ...], component: Component, containers: tuple[Container, ...], release: Release
) -> Iterator[Layer]:
    """Yield the layers as they are in Knative mode, and the annotations that KServe and Knative add there."""
    for layer in (*layers, Layer(KSERVE_SOURCE, _autoscaling(component.scaling, layers, release), {})):
        removed = {
            key: reason
            for key, value in layer.annotations.items()
            if _KNATIVE in key and (reason := _removal_reason(key, value, release))
        }
        if not removed:
            yield layer
            continue
        kept = {key: value for key, value in layer.annotations.items() if key not in removed}
        yield Layer(layer.source, kept, {**layer.removed, **removed}, layer.path)
    first = containers[0].name if containers else c.MODEL_CONTAINER
    # The creator of the Knative Service is the account that KServe's controller runs under.
    yield Layer(KNATIVE_SOURCE, dict(zip(_ADDED_BY_KNATIVE, ("<creator>", first), strict=True)), {})


def component_layers(
    service: InferenceService, component: Component, runtime: Runtime | None, installation: Installation
) -> Iterator[Layer]:
    """Yield the layers that the controller merges for one component, each without its disallowed annotations."""
    disallowed = disallowed_annotations(installation)
    if runtime is not None:
        yield _filtered(RUNTIME_SOURCE, runtime.annotations, disallowed)
    path: KeyPath = ("metadata", "annotations")
    yield _filtered(SERVICE_SOURCE, defaulted_annotations(service, installation), disallowed, path)
    # Added after the filter.
    yield Layer(KSERVE_SOURCE, internal_annotations(service.name, component), {})
    path = ("spec", component.name, "annotations")
    yield _filtered(dotted(path), component.annotations, disallowed, path)


def _filtered(source: str, annotations: Mapping[str, str], disallowed: frozenset[str], path: KeyPath = ()) -> Layer:
    if disallowed.isdisjoint(annotations):
        return Layer(source, annotations, {}, path)
    reason = "KServe's controller does not copy it to pods (serviceAnnotationDisallowedList)"
    removed = {key: reason for key in annotations if key in disallowed}
    return Layer(source, {key: value for key, value in annotations.items() if key not in removed}, removed, path)


def scaling_keys() -> tuple[str, ...]:
    """List the keys that KServe always sets for Knative, whose values Knative keeps from pods in later releases."""
    return f"{_AUTOSCALING}class", f"{_AUTOSCALING}min-scale"


def knative_added() -> tuple[str, ...]:
    """List the keys that Knative adds to every pod."""
    return _ADDED_BY_KNATIVE


def knative_removed(release: Release) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List the keys, and the prefixes of keys, that never reach a pod in Knative mode, whatever their values are."""
    prefixes = (_AUTOSCALING,) if release.has("knative-strips-autoscaling") else ()
    return (*_MOVED_BY_KNATIVE, *_KEPT_FROM_PODS), prefixes


def _removal_reason(key: str, value: str, release: Release) -> str:
    """Say why an annotation does not reach the pods in Knative mode; empty if it does."""
    if key in _MOVED_BY_KNATIVE:
        return "KServe moves it to the Knative Service"
    if key in _KEPT_FROM_PODS:
        return "Knative does not copy it to pods"
    if key.startswith(_AUTOSCALING) and release.has("knative-strips-autoscaling"):
        return "Knative 1.21 and later copy no autoscaling.knative.dev annotation to pods"
    if key == _INITIAL_SCALE and release.has("no-knative-initial-scale") and not _is_scale(value):
        return "KServe removes it, because it is not a whole number above zero"
    return ""


def _is_scale(value: str) -> bool:
    """Check whether KServe leaves an initial scale as it is: zero needs a setting of Knative's (knative utils)."""
    digits = value.removeprefix("+").removeprefix("-")
    return digits.isascii() and digits.isdigit() and int(digits) != 0


def _autoscaling(scaling: Scaling, layers: tuple[Layer, ...], release: Release) -> dict[str, str]:
    """Build the annotations of SetAutoScalingAnnotations.

    These are all of the component's settings, and a class if the user names none.
    """
    named = any(f"{_AUTOSCALING}class" in layer.annotations for layer in layers)
    values = {
        "class": None if named else "kpa.autoscaling.knative.dev",
        "target": scaling.target,
        "metric": scaling.metric,
        "min-scale": 1 if scaling.min_replicas is None else scaling.min_replicas,
        "max-scale": scaling.max_replicas or None,
    }
    if release.has("knative-initial-scale") and not release.has("no-knative-initial-scale"):
        values |= _initial_scale(scaling)
    return {f"{_AUTOSCALING}{name}": str(value) for name, value in values.items() if value is not None}


def _initial_scale(scaling: Scaling) -> dict[str, int | None]:
    """Build what only 0.15.1 sets. Knative accepts zero only where its own configuration allows it."""
    least = 1 if scaling.min_replicas is None else scaling.min_replicas
    return {"initial-scale": least or None, "max-scale": scaling.max_replicas or 0}


_ANNOTATIONS = (
    "autoscaling.knative.dev/min-scale",
    "autoscaling.knative.dev/max-scale",
    "internal.serving.kserve.io/storage-initializer-sourceuri",
    LAST_APPLIED,
)
_LABELS = ("networking.knative.dev/visibility",)

_KEY = "inferenceService"
_RESOURCE = Struct(
    "v1beta1.ResourceConfig",
    tuple(Field(name, "string") for name in ("cpuLimit", "memoryLimit", "cpuRequest", "memoryRequest")),
)
_CONFIG = Struct(
    "v1beta1.InferenceServicesConfig",
    (
        Field("serviceAnnotationDisallowedList", "[]string"),
        Field("serviceLabelDisallowedList", "[]string"),
        Field("resource", _RESOURCE),
    ),
)


def disallowed_annotations(installation: Installation) -> frozenset[str]:
    """Return the annotation keys that pods do not get from the service, its components and its runtime."""
    return _disallowed(installation.config.get(_KEY), installation.release, "serviceAnnotationDisallowedList")


def disallowed_labels(installation: Installation) -> frozenset[str]:
    """Return the label keys that pods do not get, not even from KServe itself.

    Only Knative mode uses them (ksvc_reconciler.go).
    """
    return _disallowed(installation.config.get(_KEY), installation.release, "serviceLabelDisallowedList")


@lru_cache(maxsize=16)  # one ConfigMap is read for thousands of services
def _disallowed(text: str | None, release: Release, field: str) -> frozenset[str]:
    """Merge the built-in list of keys with the ConfigMap's own list.

    The built-in list is only set while the ConfigMap has the key `inferenceService`; without that key, nothing is kept
    from pods. The ConfigMap can add to the list since 0.15.0; before, the list was constant.
    """
    built_in = _LABELS
    if field == "serviceAnnotationDisallowedList":
        newer = (MODEL_FORMAT_ANNOTATION,) if release.has("disallowed-model-format") else ()
        built_in = (*_ANNOTATIONS, *newer)
    if not release.has("configurable-disallowed-annotations"):
        return frozenset(built_in)
    if text is None:
        return frozenset()
    failure = f"unable to unmarshall {_KEY} json string due to "
    added = controller_config({_KEY: text}, _KEY, _CONFIG, failure)[field]
    return frozenset((*built_in, *(added or ())))
