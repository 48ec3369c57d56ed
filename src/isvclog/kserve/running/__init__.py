"""Running agents, compared with the prediction: what matches, and why the rest does not."""

from isvclog.kserve.running.causes import ComponentState, Difference, DriftCause
from isvclog.kserve.running.compare import Comparison, compare
from isvclog.kserve.running.explain import KnownFacts
from isvclog.kserve.running.pods import Agent, ContainerState, RunningPod, image_release, read_pod
from isvclog.kserve.running.rollout import Rollout, is_unready, read_rollout

__all__ = [
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
]
