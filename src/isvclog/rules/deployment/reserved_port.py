"""A container that listens on a port of the agent (9081 or 9083).

The containers of a pod share their ports. The agent listens on 9081. If it stores records as objects, it also listens
on 9083, where it converts records to JSON, CSV or Parquet. The container that starts second cannot bind the port and
exits.

If 9081 is the port of the serving container, KServe also tells the agent to forward requests to 9081. The agent then
sends each request to itself again and again. (With KServe 0.7 this port was a workaround to bring requests to the
agent, because that agent always forwarded them to 8080.)

Instead: Let the container listen on another port.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        containers:
          - name: kserve-container
            image: registry.example.com/model:1
            ports:
              - containerPort: 9081

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        containers:
          - name: kserve-container
            image: registry.example.com/model:1
            ports:
              - containerPort: 8080
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.agent.store import CLOUDEVENTS, sink_strategy
from isvclog.kserve.apis.constants import AGENT_CONTAINER, AGENT_PORT, MARSHALLER_PORT
from isvclog.kserve.webhook.inject import component_port
from isvclog.rules.containers import port_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("reserved-port", Severity.ERROR, since="--component-port")
def reserved_port(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod = logger.prediction.pod
        for container in pod.containers if pod else ():
            for port in container.ports:
                if (
                    port in (AGENT_PORT, MARSHALLER_PORT)
                    and container.name != AGENT_CONTAINER
                    and _is_used_by_agent(logger, port)
                ):
                    message = _message(logger, container.name, port)
                    yield Issue(port_path(logger, container.name, port), message, "Use another port.")


def _is_used_by_agent(logger: LoggerContext, port: int) -> bool:
    """Check whether the agent uses the port; the marshaller's is used only if records are stored.

    Other reasons that may keep this agent from starting do not matter here.
    """
    args = logger.prediction.args
    if port == AGENT_PORT or "--log-store-path" not in args:
        return port == AGENT_PORT
    return sink_strategy(args[args.index("--log-url") + 1]) != CLOUDEVENTS and logger.context.release.has(
        "marshallerUrl"
    )


def _message(logger: LoggerContext, name: str, port: int) -> str:
    pod = logger.prediction.pod
    if pod is not None and port == AGENT_PORT == component_port(pod.containers, logger.context.release):
        return (
            f"Requests never reach {code(name)}: the agent listens on port {port} and forwards them to the same port."
        )
    use = "for requests" if port == AGENT_PORT else "to turn records into objects"
    return f"The agent listens on port {port} {use}: either it or {code(name)} does not start."
