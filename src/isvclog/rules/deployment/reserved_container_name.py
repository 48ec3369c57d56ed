"""A container named `agent`, so KServe does not inject its own agent.

If a pod has a container with this name, KServe's webhook assumes that the agent is already there and injects none.
Nothing is logged. In Standard mode requests fail as well: the Service of a component with a logger sends them to port
9081, where nothing listens.

Instead: Give the container another name.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        containers:
          - name: kserve-container
            image: registry.example.com/model:1
          - name: agent
            image: registry.example.com/metrics:1

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        containers:
          - name: kserve-container
            image: registry.example.com/model:1
          - name: metrics-agent
            image: registry.example.com/metrics:1
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import AGENT_CONTAINER, AGENT_PORT, STANDARD
from isvclog.kserve.apis.spec import Container
from isvclog.kserve.controller.pod import Pod
from isvclog.rules.containers import container_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("reserved-container-name", Severity.ERROR)
def reserved_container_name(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod = logger.prediction.pod
        for container in pod.containers if pod else ():
            if pod and container.name == AGENT_CONTAINER:
                yield _issue(logger, pod, container)


def _issue(logger: LoggerContext, pod: Pod, container: Container) -> Issue:
    path = container_path(logger, container.name)
    name = (*path, "name")
    path = path if logger.context.value(name) is None else name
    if AGENT_PORT in container.ports:
        message = (
            "KServe injects no agent, because a container is named `agent`: that container decides what is logged."
        )
        return Issue(path, message, "Rename it if KServe's agent must log.", severity=Severity.WARNING)
    message = "KServe injects no agent, because a container is named `agent`: nothing is logged"
    if pod.mode == STANDARD and pod.redirected:
        message += f", and requests fail, because the Service sends them to port {AGENT_PORT}"
    return Issue(path, f"{message}.", "Rename the container.")
