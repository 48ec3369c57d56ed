"""Running agents, compared with the prediction: what matches, and why the rest does not."""

from isvclog.drift.causes import ABSENCES, ComponentState, Difference, DriftCause
from isvclog.drift.compare import Comparison, compare
from isvclog.drift.explain import KnownFacts
from isvclog.drift.pods import Agent, ContainerState, RunningPod, image_release, read_pod, reduce_pod, service_of_pod
from isvclog.drift.rollout import Rollout, is_unready, read_rollout

__all__ = [
    "ABSENCES",
    "Agent",
    "Comparison",
    "ComponentState",
    "ContainerState",
    "Difference",
    "DriftCause",
    "KnownFacts",
    "Rollout",
    "RunningPod",
    "compare",
    "image_release",
    "is_unready",
    "read_pod",
    "read_rollout",
    "reduce_pod",
    "service_of_pod",
]
