"""Requests can reach the model without passing the agent.

In Standard mode KServe redirects only the first port of the Service to the agent. Requests to other ports of the
container, for example gRPC next to REST, reach the model directly and are not logged.

With `serviceClusterIPNone: true` in the ConfigMap inferenceservice-config, a Service has no address of its own (it is
headless), and clients that look it up get the addresses of the pods. They connect to the model's own port and are not
logged either.

Instead: Serve on one port. If a second protocol must be logged too, create a second InferenceService for it. Set
`serviceClusterIPNone` to false, so that each Service has an address.

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
from isvclog.kserve.apis.constants import STANDARD
from isvclog.kserve.apis.installation import ConfigError
from isvclog.kserve.controller.containers import serving_container
from isvclog.kserve.controller.service import is_headless
from isvclog.rules.containers import port_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_REMEDY = "Serve on the first port only, or create a second InferenceService for this port."


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
                message = f"Requests to port {port} are not logged: only requests to the first port reach the agent."
                yield Issue(path, message, _REMEDY)
        if _has_headless_services(context):
            yield _headless_service(logger)


def _headless_service(logger: LoggerContext) -> Issue:
    message = (
        "Services have no address of their own (headless): requests that clients send directly to pods are not logged."
    )
    remedy = "Send requests through the ingress, or set `serviceClusterIPNone` to false in the ConfigMap."
    return Issue(logger.field(), message, remedy, at_key=True)


def _has_headless_services(context: LintContext) -> bool:
    try:
        return is_headless(context.installation.config)
    except ConfigError:
        return False


def _is_for_metrics(name: object) -> bool:
    return isinstance(name, str) and ("metrics" in name or "prom" in name)
