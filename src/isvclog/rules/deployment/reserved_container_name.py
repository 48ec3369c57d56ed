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
from isvclog.rules.containers import container_path
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("reserved-container-name", Severity.ERROR)
def reserved_container_name(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod = logger.prediction.pod
        for container in pod.containers if pod else ():
            if pod is None or container.name != AGENT_CONTAINER:
                continue
            path = container_path(logger, container.name)
            named = (*path, "name")
            path = path if context.value(named) is None else named
            if AGENT_PORT in container.ports:
                message = "KServe leaves this pod to its own `agent`: what is logged is up to that container."
                yield Issue(path, message, "Rename it if KServe's agent is to log.", severity=Severity.WARNING)
                continue
            outage = pod.mode == STANDARD and pod.redirected
            effect = "and the Service sends every request to port 9081, where nobody listens" if outage else ""
            message = f"KServe injects no agent beside a container called `agent`: nothing is logged{', ' * outage}"
            yield Issue(path, f"{message}{effect}.", "Call the container something else.")
