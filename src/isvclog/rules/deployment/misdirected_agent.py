"""An agent that forwards requests to a port where the model does not listen.

KServe tells the agent one port: the first port of `transformer-container`, otherwise the first port of
`kserve-container`, otherwise 8080. In Knative mode requests are for the one container that has a port, which may be
another one. The agent then logs each request, but the request fails with 502.

In a custom predictor with only one container, KServe renames this container to `kserve-container`. KServe 0.15.0 does
not rename the first of several containers, and does not look at its port; later releases do not deploy such a service,
which `misnamed-container` reports. Before 0.15 KServe did not know `transformer-container`. Before 0.8 it always used
8080.

Instead: Let the container listen on 8080, or give the port to `kserve-container`.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        containers:
          - name: kserve-container
            image: registry.example.com/model:1
          - name: proxy
            image: registry.example.com/proxy:1
            ports:
              - containerPort: 5000

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        containers:
          - name: kserve-container
            image: registry.example.com/model:1
          - name: proxy
            image: registry.example.com/proxy:1
            ports:
              - containerPort: 8080
"""

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.findings import Fix, Severity, code
from isvclog.kserve.apis.constants import AGENT_PORT, KNATIVE, MODEL_CONTAINER, TRANSFORMER_CONTAINER
from isvclog.kserve.apis.spec import Container
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.webhook.inject import component_port
from isvclog.rules.containers import container_path, port_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("misdirected-agent", Severity.ERROR, fixes="unsafe")
def misdirected_agent(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod = logger.prediction.pod
        serving = _serving_container(pod) if pod else None
        if pod is None or serving is None or not serving.ports or not logger.is_deployable:
            continue
        port = component_port(pod.containers, context.release)
        # `reserved-port` reports the agent's own port, which KServe 0.7 needed to send requests to the agent.
        if serving.ports[0] not in (port, AGENT_PORT):
            yield _issue(logger, pod, serving, port)


def _serving_container(pod: Pod) -> Container | None:
    """Find the container that requests are for, None if it is uncertain: Knative allows ports in one container only."""
    transformers = [container for container in pod.containers if container.name == TRANSFORMER_CONTAINER]
    if pod.mode == KNATIVE and not transformers:
        return next((container for container in pod.containers if container.ports), None)
    return (*transformers, *pod.containers)[0] if pod.containers else None


def _issue(logger: LoggerContext, pod: Pod, serving: Container, port: int) -> Issue:
    path, own = port_path(logger, serving.name, serving.ports[0]), serving.ports[0]
    other = next((container.name for container in pod.containers if port in container.ports), None)
    severity = Severity.ERROR if other is None else Severity.WARNING
    if other is None:
        name = code(serving.name)
        message = f"The agent forwards requests to port {port}, but {name} listens on {own}: each request fails."
    elif other == serving.name:
        message = f"The agent forwards requests to port {port} of {code(serving.name)}, not to its first port, {own}."
    else:
        message = f"The agent forwards requests to port {port} of {code(other)}, not to {code(serving.name)}."
    fix = _rename(logger, pod, serving)
    return Issue(path, message, fix.title if fix else f"Let it listen on port {port}.", fix, severity)


def _rename(logger: LoggerContext, pod: Pod, serving: Container) -> Fix | None:
    """Build the fix that gives the container the name that KServe looks for; None if that is not enough."""
    name = (*container_path(logger, serving.name), "name")
    known = {container.name for container in pod.containers} & {MODEL_CONTAINER, TRANSFORMER_CONTAINER}
    if known or logger.context.value(name) is None or not logger.context.release.has("--component-port"):
        return None
    return Fix(f"Rename the container to `{MODEL_CONTAINER}`.", (Replace(name, MODEL_CONTAINER),), safe=False)
