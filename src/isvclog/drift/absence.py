"""Components whose pods do not run: KServe deploys nothing, the API server refuses the pods, or the model fails."""

from collections.abc import Iterator

from isvclog.diagnosis.shortages import older_pods, shortage_remedy, shortage_sentence
from isvclog.diagnosis.undeployed import kserve_message, undeployed_remedy
from isvclog.drift.causes import Difference, DriftCause
from isvclog.kserve.apis.status import ReportedShortage, Shortage
from isvclog.kserve.controller.deployment import Obstacle, Undeployed
from isvclog.kserve.prediction import BlockedBy, Prediction


def find_absence(prediction: Prediction, shortage: ReportedShortage | None, pods: int) -> Iterator[Difference]:
    """Yield the reason why pods of a component with a logger do not run, if there is one.

    `pods` is the number of those that run. The prediction comes before the `shortage` that the cluster reports, because
    it says what to change.
    """
    if not prediction.wants_logger:
        return
    if prediction.undeployed is not None:
        is_stop = prediction.undeployed.obstacle is Obstacle.STOPPED
        remedy = undeployed_remedy(prediction.undeployed, prediction.service, prediction.installation)
        cause = DriftCause.STOP if is_stop else DriftCause.OBSTACLE
        yield Difference(cause, pods=0, detail=_undeployed(prediction.undeployed, pods), advice=_sentence(remedy))
    elif shortage is not None and prediction.blocked_by is not BlockedBy.NO_POD:
        detail, remedy = shortage_sentence(shortage, pods), shortage_remedy(shortage)
        yield Difference(_cause(shortage), pods=0, detail=detail, advice=_sentence(remedy))


def _undeployed(undeployed: Undeployed, pods: int) -> str:
    if undeployed.obstacle is Obstacle.STOPPED:
        return f"KServe runs no pods, because {undeployed.obstacle.value}."
    effect = "KServe deploys nothing" if not pods else f"KServe deploys nothing new ({older_pods(pods)})"
    place = f"the {undeployed.component} fails: " if undeployed.earlier else ""
    error = kserve_message(undeployed)
    return f"{effect}, because {place}{undeployed.title}{': ' if error else ''}{error}."


def _cause(shortage: ReportedShortage) -> DriftCause:
    if shortage.kind is Shortage.REFUSED:
        return DriftCause.REFUSED
    return DriftCause.NOT_LOADED if shortage.kind is Shortage.MODEL else DriftCause.NOT_DEPLOYED


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
