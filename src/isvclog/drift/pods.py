"""Pods as a cluster describes them: the arguments of their agents, and the state these are in.

All data is read leniently, because nothing guarantees that a cluster or a proxy answers with well-formed data.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from isvclog.errors import UsageError
from isvclog.keypath import list_at, mapping_at, mappings_at, string_at, strings_at, value_at
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.implementation import read_container
from isvclog.kserve.apis.releases import Release, find_release, image_tag
from isvclog.kserve.apis.spec import NOTHING, Container
from isvclog.records import NamedTuple

REVISION_LABEL = "serving.knative.dev/revision"
TEMPLATE_LABEL = "pod-template-hash"
_ENDED = ("Succeeded", "Failed")
# The fields of a container and of its status that are read; True for those that are read of the agent only.
_CONTAINER_FIELDS = {"name": False, "ports": False, "readinessProbe": False, "image": True, "args": True, "env": True}
_STATUS_FIELDS = {"name": True, "state": True, "lastState": True, "ready": True, "restartCount": True}
_LABELS = frozenset((c.SERVICE_LABEL, c.COMPONENT_LABEL, c.ENDPOINT_LABEL, REVISION_LABEL, TEMPLATE_LABEL, "app"))


class ContainerState(NamedTuple):
    """The state of a container: `exit` and `reason` are those of its last end, `waiting` is why it does not run now."""

    waiting: str = ""
    running: bool = False
    ready: bool = False
    exit: int | None = None
    reason: str = ""
    restarts: int = 0


class Agent(NamedTuple):
    """The container `agent`: its arguments before the kubelet's expansion, and its variables by name.

    A variable whose value is not in the pod but in a secret, for example, has its own name in angle brackets as its
    value. `ca_bundle` is the ConfigMap that the webhook has mounted for certificates, if any.
    """

    args: tuple[str, ...] = ()
    image: str = ""
    environment: Mapping[str, str] = NOTHING
    state: ContainerState = ContainerState()
    ca_bundle: str = ""

    @property
    def logs(self) -> bool:
        """True if the arguments tell the agent to log."""
        return any(arg == "--log-url" or arg.startswith("--log-url=") for arg in self.args)

    @property
    def release(self) -> Release | None:
        """The release in the image's tag; None if there is no tag or it names no known release."""
        return image_release(self.image)


class RunningPod(NamedTuple):
    """A pod of a component, limited to what affects logging: other labels and the models' variables are left out.

    `containers` are all except the agent's; `agent` is None if there is no such container.
    """

    service: str
    namespace: str
    component: str
    name: str = ""
    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    containers: tuple[Container, ...] = ()
    agent: Agent | None = None
    service_account: str = ""

    @property
    def knative(self) -> bool:
        """True if Knative created the pod, False if a Deployment of KServe did."""
        return REVISION_LABEL in self.labels

    @property
    def revision(self) -> str:
        """The name that pods of one template share: a revision's name, a ReplicaSet's hash, or an empty string."""
        return self.labels.get(REVISION_LABEL) or self.labels.get(TEMPLATE_LABEL, "")

    @property
    def worker(self) -> bool:
        """True if the pod is a worker of a predictor that runs on several nodes."""
        return self.labels.get("app") == f"isvc.{self.service}-predictor-worker"

    @property
    def canary(self) -> str:
        """The name of the pod's canary predictor (`spec.canary`), or an empty string. Only Standard mode has those."""
        app, start, end = self.labels.get("app", ""), f"isvc.{self.service}-", "-predictor"
        if self.knative or not (app.startswith(start) and app.endswith(end)):
            return ""
        return app[len(start) : -len(end)]


def read_pod(data: Any) -> RunningPod | None:
    """Read a pod as the API server returns it; None if it has ended or does not belong to an InferenceService."""
    service = service_of_pod(data)
    if not service:
        return None
    labels = strings_at(data, ("metadata", "labels"))
    containers = mappings_at(data, ("spec", "containers"))
    agents = [item for item in containers if item.get("name") == c.AGENT_CONTAINER]
    others = [item for item in containers if item.get("name") != c.AGENT_CONTAINER]
    return RunningPod(
        service=service,
        namespace=string_at(data, ("metadata", "namespace")),
        component=labels.get(c.COMPONENT_LABEL, ""),
        name=string_at(data, ("metadata", "name")),
        annotations=strings_at(data, ("metadata", "annotations")),
        labels={key: value for key, value in labels.items() if key in _LABELS},
        containers=tuple(read_container(item)._replace(env=NOTHING) for item in others),
        agent=_agent(agents[0], data) if agents else None,
        service_account=string_at(data, ("spec", "serviceAccountName")),
    )


def service_of_pod(data: Any) -> str:
    """Return the name of the service that a pod belongs to; empty for a pod of none and for one that has ended."""
    service = strings_at(data, ("metadata", "labels")).get(c.SERVICE_LABEL, "")
    return "" if _has_ended(data) else service


def reduce_pod(data: Any) -> dict[str, Any]:
    """Reduce a pod to what `read_pod` reads, without its name: the pods of one revision are then equal."""
    labels = strings_at(data, ("metadata", "labels"))
    metadata = {
        "namespace": string_at(data, ("metadata", "namespace")),
        "annotations": strings_at(data, ("metadata", "annotations")),
        "labels": {key: value for key, value in labels.items() if key in _LABELS},
    }
    containers = [_some(item, _CONTAINER_FIELDS) for item in mappings_at(data, ("spec", "containers"))]
    statuses = [_some(item, _STATUS_FIELDS) for item in mappings_at(data, ("status", "containerStatuses"))]
    spec = {"containers": containers, "serviceAccountName": string_at(data, ("spec", "serviceAccountName"))}
    if volumes := _ca_volumes(data):
        spec["volumes"] = volumes
    return {"metadata": metadata, "spec": spec, "status": {"containerStatuses": statuses}}


def _ca_volumes(data: Any) -> list[dict[str, Any]]:
    """Reduce the volumes of a pod to the one with the CA bundle. Others have names of their own in each pod."""
    volumes = mappings_at(data, ("spec", "volumes"))
    return [
        {"name": c.CA_BUNDLE_VOLUME, "configMap": {"name": string_at(item, ("configMap", "name"))}}
        for item in volumes
        if item.get("name") == c.CA_BUNDLE_VOLUME
    ]


def _some(container: Mapping[str, Any], fields: Mapping[str, bool]) -> dict[str, Any]:
    """Reduce a container or its status to some fields; those marked True matter for the agent only."""
    is_agent = container.get("name") == c.AGENT_CONTAINER
    wanted = [field for field, of_agent in fields.items() if is_agent or not of_agent]
    return {field: container[field] for field in wanted if field in container}


def _has_ended(data: Any) -> bool:
    deleted = value_at(data, ("metadata", "deletionTimestamp"))
    return bool(deleted) or string_at(data, ("status", "phase")) in _ENDED


@lru_cache(maxsize=256)
def image_release(image: str) -> Release | None:
    """Parse the release in an image's tag (`kserve/agent:v0.16.0@sha256:...`); None for other tags and without one."""
    try:
        release = find_release(image_tag(image))
    except UsageError:
        return None
    return release if release.is_released else None  # a tag `next` says nothing about upstream


def _agent(container: Mapping[str, Any], pod: Any) -> Agent:
    named = [(string_at(item, ("name",)), item.get("value")) for item in mappings_at(container, ("env",))]
    return Agent(
        args=tuple(arg for arg in list_at(container, ("args",)) if isinstance(arg, str)),
        image=string_at(container, ("image",)),
        environment={name: value if isinstance(value, str) else f"<{name}>" for name, value in named},
        state=_state(pod),
        ca_bundle=next((string_at(item, ("configMap", "name")) for item in _ca_volumes(pod)), ""),
    )


def _state(pod: Any) -> ContainerState:
    statuses = mappings_at(pod, ("status", "containerStatuses"))
    found = next((item for item in statuses if item.get("name") == c.AGENT_CONTAINER), {})
    now = mapping_at(found, ("state",))
    ended = mapping_at(now, ("terminated",)) or mapping_at(found, ("lastState", "terminated"))
    return ContainerState(
        waiting=string_at(now, ("waiting", "reason")),
        running=isinstance(now.get("running"), dict),
        ready=found.get("ready") is True,
        exit=_number(ended.get("exitCode")),
        reason=string_at(ended, ("reason",)),
        restarts=_number(found.get("restartCount")) or 0,
    )


def _number(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
