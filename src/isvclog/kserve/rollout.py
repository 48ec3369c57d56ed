"""Which pods are made anew when a service changes: those whose template does.

Source: kserve-behaviour section 9, after ksvc_reconciler.go and deployment_reconciler.go: the annotations of a
component are part of its template, KServe's own ones for `url`, `mode` and what is listed among them.
"""

from collections.abc import Mapping

from isvclog.kserve.constants import DISABLE_UPDATE_ANNOTATION
from isvclog.kserve.controller import component_pod
from isvclog.kserve.defaults import ConfigError, Installation
from isvclog.kserve.releases import Release
from isvclog.kserve.spec import Component, InferenceService


def causes_rollout(before: InferenceService, after: InferenceService, installation: Installation) -> tuple[str, ...]:
    """The names of the components that get new pods, in KServe's order.

    `storage`, `marshallerUrl`, `batchSize` and `batchInterval` roll nothing: only pods made later take them up.
    """
    return tuple(
        name
        for name, component in after.components.items()
        if _template(after, component, installation) != _template(before, before.components.get(name), installation)
    )


def is_held(service: InferenceService, release: Release, unready: bool = False) -> bool:
    """Whether KServe leaves the pods as they are (`disable-auto-update`), which it never does of an unready service."""
    held = release.has("disable-auto-update") and service.annotations.get(DISABLE_UPDATE_ANNOTATION) == "true"
    return held and not unready


def _template(
    service: InferenceService, component: Component | None, installation: Installation
) -> Mapping[str, str] | None:
    """The annotations in the template of a component's pods; None where it has none, or they cannot be told."""
    try:
        pod = component_pod(service, component, installation) if component else None
    except ConfigError:
        return None
    return pod.annotations if pod else None
