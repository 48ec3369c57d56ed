"""Agents as they run, held against the prediction: what matches, and why the rest does not."""

from isvclog.kserve.running.causes import Cause, Difference, Verdict
from isvclog.kserve.running.compare import Comparison, compare
from isvclog.kserve.running.explain import Known
from isvclog.kserve.running.pods import Agent, RunningPod, State, image_release, read_pod
from isvclog.kserve.running.rollout import Rollout, is_unready, read_rollout

__all__ = [
    "Agent",
    "Cause",
    "Comparison",
    "Difference",
    "Known",
    "Rollout",
    "RunningPod",
    "State",
    "Verdict",
    "compare",
    "image_release",
    "is_unready",
    "read_pod",
    "read_rollout",
]
