"""The pods of many services in little memory: packed, and the data of those of one revision once."""

from typing import Any

from isvclog.audit.packing import Name, Packed, pack_pod, unpack_pods
from isvclog.cluster import Account
from isvclog.drift import RunningPod


class Pods:
    """The pods of many services, grouped by service, from lists of the API server; `count` is the number of pods.

    `account` is charged for them.
    """

    def __init__(self, account: Account | None = None) -> None:
        self.count = 0
        self._account = account or Account()
        self._pods: dict[Name, list[Packed]] = {}

    def add(self, data: Any) -> None:
        """Read and store a pod: packed, or as data of any shape.

        Pods of no InferenceService and pods that have ended are skipped. Raises TooManyObjects.
        """
        pod = data if isinstance(data, Packed) else pack_pod(data)
        if pod.service:
            self._account.charge(pod.size)
            self.count += 1
            others = self._pods.setdefault(pod.service, [])
            others.append(pod.share(others))

    def of(self, namespace: str, name: str) -> list[RunningPod]:
        """Return the pods of one service."""
        return unpack_pods(self._pods.get((namespace, name), ()))
