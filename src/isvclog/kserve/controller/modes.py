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
    return mode_names(release).get(name)


def mode_names(release: Release) -> Mapping[str, str]:
    """Return today's spelling of each name that a release knows a mode by."""
    return _NAMES if release.has("standard-mode-name") else _OLD_NAMES


def status_mode(status: str, release: Release) -> str | None:
    """Return the mode in which a service with this `status.deploymentMode` is reconciled; None if it has none.

    From 0.16.0 to 0.18.1, the spellings of older releases are taken for Knative, also RawDeployment (GetDeploymentMode
    of pkg/controller/v1beta1/inferenceservice/utils/utils.go).
    """
    if not status:
        return None
    if status in c.LEGACY_MODES and release.has("standard-mode-name") and not release.has("legacy-status-read"):
        return c.KNATIVE
    return _NAMES.get(status)


def update_rejection(annotation: str | None, status: str, release: Release) -> str:
    """Return the webhook's message about every update of a service with this annotation and status; empty if none.

    Source: validateDeploymentMode of inference_service_validation.go, called on 0.16.0 to 0.20.0.
    """
    if annotation is None or not release.has("mode-checked-on-update"):
        return ""
    if release.has("mode-annotation-normalised"):
        annotation = _NAMES.get(annotation, annotation)
    status = _checked_status(annotation, status, release)
    if status in ("", annotation):
        return ""
    return f"update rejected: deploymentMode cannot be changed from '{status}' to '{annotation}'"


def _checked_status(annotation: str, status: str, release: Release) -> str:
    """Return the status as the webhook compares it. 0.19.0 takes an empty one for Standard."""
    if not release.has("legacy-status-read"):
        return status
    if not status and annotation == c.KNATIVE and not release.has("empty-status-read"):
        return c.STANDARD
    return _NAMES.get(status, status)


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
