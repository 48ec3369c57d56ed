"""Messages with which the API server refuses pods, as ReplicaSets and the objects above them repeat them.

Source: the admission plugins of Kubernetes (plugin/pkg/admission/{resourcequota,limitranger}, pod-security-admission
of staging/src/k8s.io) and the webhook dispatchers of k8s.io/apiserver.
"""

import re
from enum import Enum


class Refusal(Enum):
    """The part of the API server that refuses pods; the value is a sentence about it without the full stop."""

    QUOTA = "a quota of the namespace does not allow the pods"
    LIMITS = "a LimitRange of the namespace does not allow the pods"
    SECURITY = "the pod security of the namespace does not allow the pods"
    WEBHOOK = "an admission webhook rejects the pods"
    POLICY = "an admission policy rejects the pods"
    UNANSWERED = "an admission webhook that does not answer keeps the pods away"
    OTHER = "the API server rejects the pods"


# The first one that fits is taken: a webhook may quote any of the others. Most runs compile none of them.
_MESSAGES = (
    (Refusal.WEBHOOK, r"admission webhook \"[^\"]*\" denied the request"),
    (Refusal.UNANSWERED, r"failed calling webhook \""),
    (Refusal.POLICY, r"ValidatingAdmissionPolicy '[^']*' with binding '[^']*' denied request"),
    (Refusal.QUOTA, r"(?:exceeded|failed) quota: "),
    (Refusal.SECURITY, r"violates PodSecurity \"|against any security context constraint"),
    (Refusal.LIMITS, r"(?:minimum|maximum) \S+ usage per (?:Container|Pod) is "),
    (Refusal.OTHER, r"pods? \"[^\"]*\" is (?:forbidden|invalid): |serviceaccount \"[^\"]*\" not found"),
)


def find_refusal(message: str) -> Refusal | None:
    """Find who refuses the pods that a message is about; None if it is about something else."""
    return next((refusal for refusal, pattern in _MESSAGES if re.search(pattern, message)), None)
