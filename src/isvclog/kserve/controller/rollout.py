"""Pods that are replaced when a service changes: those whose template changes.

Source: kserve-behaviour section 9, after ksvc_reconciler.go and deployment_reconciler.go. The annotations of a
component are part of its template, and so are KServe's own ones for `url`, `mode` and the two metadata lists.
"""

from collections.abc import Mapping

from isvclog.kserve.apis.constants import DISABLE_UPDATE_ANNOTATION
from isvclog.kserve.apis.installation import ConfigError, Installation
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import Component, InferenceService
from isvclog.kserve.controller.pod import component_pod


def causes_rollout(before: InferenceService, after: InferenceService, installation: Installation) -> tuple[str, ...]:
    """List the names of the components that get new pods, in KServe's order.

    A change of `storage`, `marshallerUrl`, `batchSize` or `batchInterval` replaces no pods: only pods created later use
    it.
    """
    return tuple(
        name
        for name, component in after.components.items()
        if _template(after, component, installation) != _template(before, before.components.get(name), installation)
    )


def replaced_canaries(before: InferenceService, after: InferenceService, installation: Installation) -> frozenset[str]:
    """Return the names of the canary predictors (`spec.canary`) that get new pods."""
    return frozenset(
        name
        for name, canary in after.canaries.items()
        if _template(after, canary, installation) != _template(before, before.canaries.get(name), installation)
    )


def is_held(service: InferenceService, release: Release, unready: bool = False) -> bool:
    """Check whether the annotation `disable-auto-update` keeps changes from the pods.

    KServe updates the pods of an `unready` service in any case.
    """
    if unready or not release.has("disable-auto-update"):
        return False
    return service.annotations.get(DISABLE_UPDATE_ANNOTATION) == "true"


def _template(
    service: InferenceService, component: Component | None, installation: Installation
) -> Mapping[str, str] | None:
    """Return the annotations in a component's pod template; None if it has none, or they cannot be determined."""
    try:
        pod = component_pod(service, component, installation) if component else None
    except ConfigError:
        return None
    return pod.annotations if pod else None
