"""The status of an InferenceService: why KServe reports that the pods of a component do not run.

Source: inference_service_status.go of pkg/apis/serving/v1beta1 (FailureReason, UpdateModelTransitionStatus,
PropagateRawStatus, PropagateStatus, PropagateModelStatus); Reconcile, reconcileModel and buildPodSpec of
components/predictor.go.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from isvclog.keypath import mapping_at, mappings_at, string_at, value_at
from isvclog.kserve.apis.constants import COMPONENTS, PREDICTOR
from isvclog.kserve.apis.refused_pods import Refusal, find_refusal
from isvclog.records import NamedTuple

_FAILED_TO_LOAD = "FailedToLoad"
_RECONCILE_FAILED = "ReconcileFailed"
_RUNTIME_REASONS = ("RuntimeNotRecognized", "RuntimeDisabled", "NoSupportingRuntime")
_SPEC_REASONS = ("InvalidPredictorSpec", "InvalidWorkerSpecNotSet", "InvalidGPUAllocation")
_LEFT_BY_STOP = "Stopped"
"""The reason of the condition while a service is stopped and until it has started again."""


class Shortage(Enum):
    """One kind of reason that a cluster reports for pods that do not run; the value describes it to a person."""

    RUNTIME = "KServe has no runtime for the model"
    SPEC = "KServe cannot build the pod"
    RECONCILE = "KServe's controller fails to deploy the component"
    REFUSED = "the API server rejects the pods"
    MODEL = "the model does not load"
    UNREADY = "no pod runs, and KServe reports that the component is not ready"


class ReportedShortage(NamedTuple):
    """The reason that a cluster reports for pods that do not run.

    `message` has the words of KServe, of the API server or of the model's container. They are foreign text, which may
    contain secrets. `reason` is the one of the status, if there is one. `refusal` says who refuses the pods.
    `location` is a pod; `exit_code` is that of a container, 0 if none is reported.
    """

    kind: Shortage
    message: str
    reason: str = ""
    refusal: Refusal | None = None
    location: str = ""
    exit_code: int = 0

    @property
    def title(self) -> str:
        """The reason in a few words."""
        return self.refusal.value if self.refusal else self.kind.value

    @property
    def keeps_pods_away(self) -> bool:
        """True if no new pod starts; False if pods start and get no requests."""
        return self.kind is not Shortage.MODEL


class _Condition(NamedTuple):
    status: str = ""
    reason: str = ""
    message: str = ""


def read_shortage(
    data: Mapping[str, Any], component: str, *, has_pods: bool, refusal: str = ""
) -> ReportedShortage | None:
    """Read why the pods of a component do not run; None if the status reports no reason.

    `refusal` has the words of the API server in a Deployment or ReplicaSet, if it refuses the pods. Without any pod,
    an error about an earlier component counts as well, because KServe then reconciles no later one, and so does any
    other reason for which the component is not ready. Malformed parts of the status count as missing.
    """
    condition = _condition(data, component)
    failure = _failed_deployment(data, component) or _refused(condition, refusal) or _failed_model(data, component)
    if failure or has_pods:
        return failure
    earlier = COMPONENTS[: COMPONENTS.index(component)]
    failures = (_failed_deployment(data, name) for name in earlier)
    return next(filter(None, failures), None) or _unready(condition)


def is_refusal_reported(data: Mapping[str, Any], component: str) -> bool:
    """Check whether the status itself has the words with which the API server refuses the pods of a component."""
    return find_refusal(_condition(data, component).message) is not None


def is_ready(data: Mapping[str, Any]) -> bool | None:
    """Return the condition `Ready` of a service; None if the status does not have it."""
    found = _named_condition(data, "Ready")
    return found.status == "True" if found else None


def _failed_deployment(data: Mapping[str, Any], component: str) -> ReportedShortage | None:
    """Read an error of KServe's controller that ends its work on a service."""
    failure, condition = _failed_model(data, component), _condition(data, component)
    if failure and failure.kind is not Shortage.MODEL:
        return failure
    if condition.reason in _SPEC_REASONS:
        return ReportedShortage(Shortage.SPEC, condition.message, condition.reason)
    if condition.reason == _RECONCILE_FAILED:
        return ReportedShortage(Shortage.RECONCILE, condition.message, condition.reason)
    return None


def _refused(condition: _Condition, refusal: str) -> ReportedShortage | None:
    if refused_by := find_refusal(condition.message):
        return ReportedShortage(Shortage.REFUSED, condition.message, condition.reason, refused_by)
    if not refusal:
        return None
    return ReportedShortage(Shortage.REFUSED, refusal, refusal=find_refusal(refusal) or Refusal.OTHER)


def _unready(condition: _Condition) -> ReportedShortage | None:
    if not condition.message or condition.reason == _LEFT_BY_STOP:
        return None
    return ReportedShortage(Shortage.UNREADY, condition.message, condition.reason)


def _failed_model(data: Mapping[str, Any], component: str) -> ReportedShortage | None:
    """Read the failure of the predictor's model; None for other components, and if there is none now.

    KServe leaves `lastFailureInfo` as it is when the failure is over. What it is about now is in the target state.
    """
    status = mapping_at(data, ("status", "modelStatus"))
    failure = mapping_at(status, ("lastFailureInfo",))
    reason = string_at(failure, ("reason",))
    if component != PREDICTOR or string_at(status, ("states", "targetModelState")) != _FAILED_TO_LOAD or not reason:
        return None
    if reason in _RUNTIME_REASONS:
        kind = Shortage.RUNTIME
    else:
        kind = Shortage.SPEC if reason in _SPEC_REASONS else Shortage.MODEL
    code = value_at(failure, ("exitCode",))
    return ReportedShortage(
        kind,
        string_at(failure, ("message",)),
        reason,
        location=string_at(failure, ("location",)),
        exit_code=code if type(code) is int and kind is Shortage.MODEL else 0,
    )


def _condition(data: Mapping[str, Any], component: str) -> _Condition:
    """Find the condition that says why a component is not ready; empty if it is ready or nothing is known about it.

    In Knative mode the one of the configuration has the words of the revision that failed. Only the other one reports
    that the controller fails before that.
    """
    name = component.capitalize()
    own, configuration = (_failed_condition(data, f"{name}{part}Ready") for part in ("", "Configuration"))
    return configuration if configuration.message and own.reason != _RECONCILE_FAILED else own


def _failed_condition(data: Mapping[str, Any], name: str) -> _Condition:
    found = _named_condition(data, name)
    return found if found and found.status == "False" else _Condition()


def _named_condition(data: Mapping[str, Any], name: str) -> _Condition | None:
    for item in mappings_at(data, ("status", "conditions")):
        if item.get("type") == name:
            return _Condition(*(string_at(item, (field,)) for field in ("status", "reason", "message")))
    return None
