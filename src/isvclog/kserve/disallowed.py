"""What the controller keeps from pods: its own lists of annotations and labels, and what the ConfigMap adds to them.

Source: pkg/constants/constants.go and pkg/apis/serving/v1beta1/configmap.go NewInferenceServicesConfig.
"""

from collections.abc import Iterable

from isvclog.kserve.constants import LAST_APPLIED, MODEL_FORMAT_ANNOTATION
from isvclog.kserve.defaults import Installation, controller_config
from isvclog.kserve.golang.jsondecode import Field, Struct

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
    """Annotation keys that pods do not get from the service, its components and its runtime."""
    younger = (MODEL_FORMAT_ANNOTATION,) if installation.release.has("disallowed-model-format") else ()
    return _disallowed(installation, (*_ANNOTATIONS, *younger), "serviceAnnotationDisallowedList")


def disallowed_labels(installation: Installation) -> frozenset[str]:
    """Label keys that pods do not get, KServe's own included; only Knative mode asks (ksvc_reconciler.go)."""
    return _disallowed(installation, _LABELS, "serviceLabelDisallowedList")


def _disallowed(installation: Installation, built_in: Iterable[str], field: str) -> frozenset[str]:
    """The built-in list is only set while the ConfigMap has the key `inferenceService`: else nothing is kept away.

    The ConfigMap adds to the list since 0.15.0; before, the list was constant.
    """
    if not installation.release.has("configurable-disallowed-annotations"):
        return frozenset(built_in)
    if _KEY not in installation.config:
        return frozenset()
    failure = f"unable to unmarshall {_KEY} json string due to "
    added = controller_config(installation.config, _KEY, _CONFIG, failure)[field]
    return frozenset((*built_in, *(added or ())))
