"""Explanations for pods that do not run, as the cluster itself reports it: the effect and the remedy."""

from isvclog.kserve.apis.refused_pods import Refusal
from isvclog.kserve.apis.status import ReportedShortage, Shortage

_KEEP = "pods that run already keep the logger that they started with"


def explain_shortage(shortage: ReportedShortage) -> tuple[str, str, str]:
    """Return cause, effect and remedy of pods that do not run. The cause has the words of the cluster."""
    because = f"{_SPEAKERS.get(shortage.kind, 'KServe reports')}: {_words(shortage)}"
    if shortage.kind is Shortage.MODEL:
        return because, "the pod gets no requests, so nothing is logged", shortage_remedy(shortage)
    effect = _KEEP
    if shortage.reason:
        effect += f"; the reason in the status is {shortage.reason}"
    return because, effect, shortage_remedy(shortage)


def shortage_sentence(shortage: ReportedShortage, pods: int) -> str:
    """Write one sentence about pods that do not run, with the words of the cluster; `pods` run nevertheless."""
    title = shortage.title[0].upper() + shortage.title[1:]
    still = f" ({older_pods(pods)})" if pods and shortage.kind is not Shortage.MODEL else ""
    return f"{title}{still}: {_words(shortage).rstrip('.')}."


def shortage_remedy(shortage: ReportedShortage) -> str:
    """Say what to do so that pods come."""
    if shortage.refusal:
        return _REFUSAL_REMEDIES[shortage.refusal]
    if shortage.kind is Shortage.RUNTIME and shortage.reason == "NoSupportingRuntime":
        return "write a modelFormat and protocolVersion that a runtime supports, or create such a runtime"
    return _REMEDIES[shortage.kind]


def older_pods(pods: int) -> str:
    """Say that so many pods of an earlier version of the service run."""
    return "1 older pod still runs" if pods == 1 else f"{pods:,} older pods still run"


def _words(shortage: ReportedShortage) -> str:
    return ": ".join(filter(None, (_exit(shortage), shortage.message or shortage.reason)))


def _exit(shortage: ReportedShortage) -> str:
    place = f" in {shortage.location}" if shortage.location else ""
    return f"exit code {shortage.exit_code}{place}" if shortage.exit_code else ""


_SPEAKERS = {
    Shortage.REFUSED: "the API server's message",
    Shortage.MODEL: "the status of the model",
}
_REMEDIES = {
    Shortage.RUNTIME: "create or enable the runtime, or name one that exists and is enabled",
    Shortage.SPEC: "change the service or its runtime as the message says",
    Shortage.RECONCILE: "change what the message names; KServe then tries again by itself",
    Shortage.MODEL: "look at the logs of the containers storage-initializer and kserve-container",
    Shortage.UNREADY: "see the events of the component's Deployment or Knative Service with kubectl describe",
}
_REFUSAL_REMEDIES = {
    Refusal.QUOTA: "ask for a larger ResourceQuota, or lower the requests and limits of the pods, the agent's included",
    Refusal.LIMITS: "write requests and limits that the LimitRange of the namespace allows",
    Refusal.SECURITY: "write a securityContext that the namespace allows, or ask for another level of pod security",
    Refusal.WEBHOOK: "change what the webhook names, or ask its owner for an exception",
    Refusal.POLICY: "change what the policy names, or ask its owner for an exception",
    Refusal.UNANSWERED: "make sure that the pods of the webhook run and that its certificate is valid",
    Refusal.OTHER: "change what the message names",
}
