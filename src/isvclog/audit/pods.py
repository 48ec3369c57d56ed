"""The pods of many services in little memory: only data about logging are kept, and equal values are kept once."""

from collections.abc import Mapping, Reversible
from itertools import islice
from typing import Any, TypeVar

from isvclog.drift import Agent, RunningPod, read_pod
from isvclog.kserve.apis.spec import Container

_Kept = TypeVar("_Kept")
_RECENT = 4


def lend_strings(pod: RunningPod, others: Reversible[RunningPod]) -> RunningPod | None:
    """Find one of the last `others` that differs from `pod` in the name alone, or return None.

    It is returned with the name of `pod`. Pods of one revision differ like that, so their contents are kept once.
    """
    for other in islice(reversed(others), _RECENT):
        if pod._replace(name=other.name) == other:
            return other._replace(name=pod.name)
    return None


class Pods:
    """The pods of many services, grouped by service, from lists of the API server; `count` is the number of pods."""

    def __init__(self) -> None:
        self.count = 0
        self._pods: dict[tuple[str, str], list[RunningPod]] = {}
        self._once: dict[Any, Any] = {}
        self._containers: dict[str, tuple[Container, ...]] = {}

    def add(self, data: Any) -> None:
        """Read and store a pod of any shape. Pods of no InferenceService and pods that have ended are skipped."""
        pod = read_pod(data)
        if pod is None:
            return
        self.count += 1
        others = self._pods.setdefault((pod.namespace, pod.service), [])
        others.append(lend_strings(pod, others) or self._small(pod))

    def of(self, namespace: str, name: str) -> list[RunningPod]:
        """Return the pods of one service."""
        return self._pods.get((namespace, name), [])

    def _small(self, pod: RunningPod) -> RunningPod:
        return pod._replace(
            namespace=self._kept(pod.namespace),
            component=self._kept(pod.component),
            annotations=self._mapping(pod.annotations),
            labels=self._mapping(pod.labels),
            containers=self._containers.setdefault(repr(pod.containers), pod.containers),
            agent=pod.agent and self._agent(pod.agent),
        )

    def _agent(self, agent: Agent) -> Agent:
        return agent._replace(
            args=tuple(map(self._kept, agent.args)),
            image=self._kept(agent.image),
            environment=self._mapping(agent.environment),
            state=self._kept(agent.state),
        )

    def _mapping(self, mapping: Mapping[str, str]) -> Mapping[str, str]:
        return {self._kept(key): self._kept(value) for key, value in mapping.items()}

    def _kept(self, value: _Kept) -> _Kept:
        return self._once.setdefault(value, value)  # type: ignore[no-any-return]
