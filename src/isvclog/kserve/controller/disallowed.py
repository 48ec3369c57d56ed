"""Annotations and labels that the controller keeps from pods: its own lists, and what the ConfigMap adds to them.

Source: pkg/constants/constants.go and pkg/apis/serving/v1beta1/configmap.go NewInferenceServicesConfig.
"""

from functools import lru_cache

from isvclog.kserve.apis.constants import LAST_APPLIED, MODEL_FORMAT_ANNOTATION
from isvclog.kserve.apis.installation import Installation, controller_config
from isvclog.kserve.apis.releases import Release
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
