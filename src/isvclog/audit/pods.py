"""The pods of many services, in little memory: what is not about logging is dropped, what repeats is kept once."""

from collections.abc import Mapping
from typing import Any, TypeVar

from isvclog.kserve.running import Agent, RunningPod, read_pod

_Kept = TypeVar("_Kept")


class Pods:
    """Pods by service, as they come from lists of the API server; `count` is how many there are."""

    def __init__(self) -> None:
        self.count = 0
        self._pods: dict[tuple[str, str], list[RunningPod]] = {}
        self._once: dict[Any, Any] = {}

    def add(self, data: Any) -> None:
        """Read a pod, whatever it looks like; those of no InferenceService and those that have ended are left out."""
        pod = read_pod(data)
        if pod is None:
            return
        self.count += 1
        self._pods.setdefault((pod.namespace, pod.service), []).append(
            pod._replace(annotations=self._mapping(pod.annotations), agent=pod.agent and self._agent(pod.agent))
        )

    def of(self, namespace: str, name: str) -> list[RunningPod]:
        """The pods of one service."""
        return self._pods.get((namespace, name), [])

    def _agent(self, agent: Agent) -> Agent:
        return agent._replace(args=self._kept(agent.args), environment=self._mapping(agent.environment))

    def _mapping(self, mapping: Mapping[str, str]) -> Mapping[str, str]:
        return self._once.setdefault(tuple(mapping.items()), mapping)  # type: ignore[no-any-return]

    def _kept(self, value: _Kept) -> _Kept:
        return self._once.setdefault(value, value)  # type: ignore[no-any-return]
