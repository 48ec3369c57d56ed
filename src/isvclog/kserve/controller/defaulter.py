"""The defaulting webhook: annotations that it adds to a service or rewrites.

Source: pkg/apis/serving/v1beta1/inference_service_defaults.go DefaultInferenceService.
"""

from collections.abc import Mapping

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.spec import InferenceService
from isvclog.kserve.controller.modes import default_mode, read_mode, spell_mode


def defaulted_annotations(service: InferenceService, installation: Installation) -> Mapping[str, str]:
    """Return the service's annotations as the API server stores them, after the defaulting webhook."""
    release = installation.release
    annotations = dict(service.annotations)
    mode = annotations.get(c.DEPLOYMENT_MODE_ANNOTATION)
    if mode is None:
        default = default_mode(installation.config, release)
        if default != c.KNATIVE:
            annotations[c.DEPLOYMENT_MODE_ANNOTATION] = spell_mode(default, release)
    elif release.has("mode-annotation-normalised"):
        annotations[c.DEPLOYMENT_MODE_ANNOTATION] = read_mode(mode, release) or mode
    predictor = service.components.get(c.PREDICTOR)
    if predictor and predictor.model and release.has("model-format-annotation"):
        annotations[c.MODEL_FORMAT_ANNOTATION] = predictor.model.format
    return annotations
