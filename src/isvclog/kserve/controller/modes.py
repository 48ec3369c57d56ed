"""Deployment modes: their names in each release, the default of a ConfigMap, and what the defaulting webhook writes.

Source: pkg/apis/serving/v1beta1/inference_service_defaults.go DefaultInferenceService.
"""

from collections.abc import Mapping

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.installation import ConfigError, Installation, controller_config
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import InferenceService
from isvclog.kserve.golang.jsondecode import Field, Struct

_OLD_NAMES = {**c.LEGACY_MODES, c.MODELMESH: c.MODELMESH}
_NAMES = {**_OLD_NAMES, c.KNATIVE: c.KNATIVE, c.STANDARD: c.STANDARD}

_DEPLOY = Struct("v1beta1.DeployConfig", (Field("defaultDeploymentMode", "string"),))


def read_mode(name: str, release: Release) -> str | None:
    """Convert a release's name of a mode to today's spelling; None if the release does not know the name."""
    return (_NAMES if release.has("standard-mode-name") else _OLD_NAMES).get(name)


def spell_mode(mode: str, release: Release) -> str:
    """Convert a mode to the release's own name for it."""
    if release.has("standard-mode-name"):
        return mode
    return next(name for name, current in _OLD_NAMES.items() if current == mode)


def default_mode(config: Mapping[str, str], release: Release) -> str:
    """Return `defaultDeploymentMode` of the ConfigMap in today's spelling; Knative if there is no key `deploy`.

    An invalid value raises ConfigError, as in NewDeployConfig of pkg/apis/serving/v1beta1/configmap.go.
    """
    if "deploy" not in config:
        return c.KNATIVE
    name = controller_config(config, "deploy", _DEPLOY, "unable to parse deploy config json: ")["defaultDeploymentMode"]
    if not name:
        raise ConfigError("invalid deploy config, defaultDeploymentMode is required")
    mode = read_mode(name, release)
    if mode is None:
        first, second, third = (spell_mode(supported, release) for supported in c.DEPLOYMENT_MODES)
        raise ConfigError(f"invalid deployment mode. Supported modes are {first}, {second} and {third}")
    return mode


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
        annotations.setdefault(c.MODEL_FORMAT_ANNOTATION, predictor.model.format)
    return annotations
