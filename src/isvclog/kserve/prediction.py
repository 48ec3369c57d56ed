"""The whole path of one component's logger, from the manifest to the running agent.

`preview` prints a Prediction, rules compare it with the author's intention, `audit` compares it with what runs.
"""

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.agent.startup import Startup, start
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.installation import ConfigError, Installation
from isvclog.kserve.apis.spec import NOTHING, Component, InferenceService, Logger
from isvclog.kserve.controller.deployment import Undeployed, find_obstacle, find_same_name
from isvclog.kserve.controller.pod import Pod, component_pod, deployment_mode, worker_pod
from isvclog.kserve.webhook.environment import agent_environment
from isvclog.kserve.webhook.inject import Admission, Injection, Skipped, inject
from isvclog.kserve.webhook.kubelet import expand_args
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.kserve.apis.status import ReportedShortage


class BlockedBy(Enum):
    """One reason why a logger sends nothing, whatever the traffic; the value describes it to a person."""

    CONFIG = "KServe's controller cannot read its ConfigMap"
    NOT_DEPLOYED = "KServe deploys no pod"
    NO_POD = "a ModelMesh predictor has no agent"
    REJECTED_POD = "the webhook rejects the pod"
    NOT_INJECTED = "no agent is injected"
    CRASH = "the agent does not start"
    NO_LOGGER = "the agent runs without a logger"
    NO_TRAFFIC = "no traffic reaches the agent"
    SHORTAGE = "the cluster reports that no new pod starts"


class Prediction(NamedTuple):
    """The prediction for one component, up to the running agent. Stages after the one that ends the path are None."""

    service: InferenceService
    component: Component
    installation: Installation
    mode: str
    blocked_by: BlockedBy | None = None
    reason: str = ""
    undeployed: Undeployed | None = None
    """The reason why KServe does not deploy the component, if `blocked_by` is NOT_DEPLOYED; there is no pod then."""
    shortage: "ReportedShortage | None" = None
    """The reason that the cluster reports for pods that do not run, if `blocked_by` is SHORTAGE."""
    pod: Pod | None = None
    injection: Injection | None = None
    environment: Mapping[str, str] = NOTHING
    args: tuple[str, ...] = ()
    """The agent's arguments after the kubelet's expansion."""
    startup: Startup | None = None

    @property
    def logger(self) -> Logger | None:
        """The component's logger block, or None."""
        return self.component.logger

    @property
    def wants_logger(self) -> bool:
        """True if the logger block or KServe's internal annotation, set by hand, asks for a logger."""
        return self.logger is not None or (self.pod is not None and c.LOGGER in self.pod.annotations)

    def argument(self, flag: str) -> str | None:
        """Look up what the agent gets for a flag, after the kubelet's expansion, even if the agent does not start.

        None if there is no agent or no such flag, and if the value depends on a variable of the cluster.
        """
        written = self.injection.args if self.injection else None
        if not written or flag not in written:
            return None
        index = written.index(flag) + 1
        if index >= len(self.args) or ("$(" in written[index] and written[index] != self.args[index]):
            return None
        return self.args[index]

    @property
    def settings(self) -> AgentSettings | None:
        """The settings in the agent's memory, None if no logger runs."""
        return self.startup.settings if self.startup else None


def predict(
    service: InferenceService, component: Component, installation: Installation, *, as_if_deployed: bool = False
) -> Prediction:
    """Predict everything up to the running agent for one component, whether it has a logger or not.

    With `as_if_deployed`, what keeps KServe from deploying the component is left out.
    """
    try:
        mode = deployment_mode(service, installation)
        pod = component_pod(service, component, installation)
        undeployed = _undeployed(service, component, pod, installation) if pod and not as_if_deployed else None
    except ConfigError as error:
        return Prediction(service, component, installation, "", BlockedBy.CONFIG, str(error))
    if pod is None:
        reason = "its models run in the shared pods of modelmesh-serving, so predictor.logger has no effect"
        return Prediction(service, component, installation, mode, BlockedBy.NO_POD, reason)
    if undeployed is not None:
        reason = undeployed.error or undeployed.obstacle.value
        blocked_by = BlockedBy.NOT_DEPLOYED
        return Prediction(service, component, installation, mode, blocked_by, reason, undeployed)
    return _predict_pod(Prediction(service, component, installation, mode, pod=pod), pod)


def apply_shortage(prediction: Prediction, shortage: "ReportedShortage") -> Prediction:
    """Return the prediction for a component whose pods do not run, as the cluster reports.

    It is the prediction itself if that has a reason of its own for sending nothing. The pod is the one that KServe asks
    for.
    """
    if prediction.blocked_by is not None:
        return prediction
    return Prediction(*prediction[:4], BlockedBy.SHORTAGE, shortage.message, shortage=shortage, pod=prediction.pod)


def predict_worker(service: InferenceService, component: Component, installation: Installation) -> Prediction | None:
    """Predict the agents of a predictor's pods on other nodes than the first; None if there are none or it is unknown.

    An invalid ConfigMap raises ConfigError.
    """
    pod = worker_pod(service, component, installation)
    return pod and _predict_pod(Prediction(service, component, installation, c.STANDARD, pod=pod), pod)


def _predict_pod(so_far: Prediction, pod: Pod) -> Prediction:
    """Predict what the webhook does with a pod, and the start of its agent."""
    service, installation, knative = so_far.service, so_far.installation, pod.mode == c.KNATIVE
    admission = Admission(pod.annotations, pod.labels, pod.containers, service.namespace, knative=knative)
    injection = inject(admission, installation.config, service.predictor_logger, installation.release)
    if installation.excludes_pods and injection.skipped is None:
        injection = Injection(skipped=Skipped.EXCLUDED)
    so_far = so_far._replace(injection=injection)
    if injection.args is None:
        return _without_agent(so_far)
    return start_agent(so_far, agent_environment(injection.environment, knative=knative))


def _undeployed(
    service: InferenceService, component: Component, pod: Pod, installation: Installation
) -> Undeployed | None:
    found = find_obstacle(service, component, pod, installation)
    return found or find_same_name(component, pod, installation.release)


def start_agent(prediction: Prediction, environment: Mapping[str, str]) -> Prediction:
    """Predict the start of an injected agent with these variables; without an agent, nothing changes."""
    pod, injection = prediction.pod, prediction.injection
    if pod is None or injection is None or injection.args is None:
        return prediction
    args = expand_args(injection.args, environment)
    startup = start(args, environment, prediction.installation.release)
    if startup.settings is not None and prediction.logger is not None and prediction.logger.log_all_responses:
        # KServe passes the field on like metadataHeaders (#2722); annotation and flag are not named in public yet.
        startup = startup._replace(settings=startup.settings._replace(log_all_responses=True))
    blocked_by, reason = _blocked_by(prediction.component, pod, startup)
    return prediction._replace(
        blocked_by=blocked_by, reason=reason, environment=environment, args=tuple(args), startup=startup
    )


def _without_agent(so_far: Prediction) -> Prediction:
    assert so_far.injection is not None
    if so_far.injection.skipped:
        return so_far._replace(blocked_by=BlockedBy.NOT_INJECTED, reason=so_far.injection.skipped.value)
    return so_far._replace(blocked_by=BlockedBy.REJECTED_POD, reason=so_far.injection.error)


def _blocked_by(component: Component, pod: Pod, startup: Startup) -> tuple[BlockedBy | None, str]:
    if not startup.runs:
        return BlockedBy.CRASH, startup.message
    if startup.settings is None:
        return BlockedBy.NO_LOGGER, "its --log-url is empty"
    if not pod.redirected and component.canary:
        return BlockedBy.NO_TRAFFIC, "the Service of a canary sends traffic to the model's port, past the agent"
    if not pod.redirected:
        return BlockedBy.NO_TRAFFIC, "in Standard mode the Service sends traffic to the model's port, past the agent"
    return None, ""
