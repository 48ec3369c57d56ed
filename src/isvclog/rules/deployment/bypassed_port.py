"""A way into the pod that leads past the agent.

In Standard mode KServe turns the first port of the Service to the agent, and only that one. Requests to further ports
of the container, for example gRPC beside REST, reach the model unseen. With a headless Service
(`serviceClusterIPNone: true` in the ConfigMap inferenceservice-config), clients that look up the Service get the
addresses of the pods, dial the model's own port there and are not logged either.

Instead: Serve on one port. Where a second protocol must be logged as well, give it an InferenceService of its own, and
let the Services have an address.

    # before
    metadata:
      annotations:
        serving.kserve.io/deploymentMode: Standard
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
              - containerPort: 9000
                name: grpc

    # after
    metadata:
      annotations:
        serving.kserve.io/deploymentMode: Standard
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

from isvclog.findings import Severity
from isvclog.kserve.constants import STANDARD
from isvclog.kserve.containers import serving_container
from isvclog.kserve.defaults import ConfigError
from isvclog.kserve.service import is_headless
from isvclog.rules.containers import port_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("bypassed-port", Severity.WARNING)
def bypassed_port(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod = logger.prediction.pod
        if pod is None or pod.mode != STANDARD or not pod.redirected:
            continue
        container = serving_container(pod.containers, context.release)
        for port in container.ports[1:] if container else ():
            path = port_path(logger, container.name if container else "", port)
            if not _is_for_metrics(context.value((*path[:-1], "name"))):
                message = f"Requests to port {port} are not logged: only the first port leads to the agent."
                yield Issue(path, message, "Serve on the first port only, or give this one a service of its own.")
        if _headless(context):
            yield _direct(logger)


def _direct(logger: LoggerContext) -> Issue:
    message = "Requests that clients send to the pods themselves are not logged: in this installation Services are"
    message += " headless."
    remedy = "Send requests through the ingress, or set `serviceClusterIPNone` to false in the ConfigMap."
    return Issue(logger.field(), message, remedy, at_key=True)


def _headless(context: LintContext) -> bool:
    try:
        return is_headless(context.installation.config)
    except ConfigError:
        return False


def _is_for_metrics(name: object) -> bool:
    return isinstance(name, str) and ("metrics" in name or "prom" in name)
