"""No `httpGet` or `tcpSocket` readiness probe, so the agent does not start.

In Standard mode KServe gives the agent the readiness probe of one container: `transformer-container`, otherwise the
first container. It only uses probes of kind `httpGet` or `tcpSocket`. With `exec`, `grpc` or no probe, the variable
SERVING_READINESS_PROBE is missing, and the agent exits with code 1 (before KServe 0.15: 1 or 2). The new pods restart
in a loop and never become ready.

KServe adds a TCP probe to containers named `kserve-container` or `transformer-container` that have no probe. It does
not add one to other containers, nor to the workers of a multi-node predictor. In Knative mode the agent has Knative's
own probe, so the problem does not occur.

Instead: Give that container an `httpGet` or `tcpSocket` readiness probe.

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
            readinessProbe:
              exec:
                command: [/bin/ready]

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
            readinessProbe:
              httpGet:
                path: /ready
                port: 8080
"""

from collections.abc import Collection, Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.agent.startup import lacks_probe
from isvclog.kserve.apis.constants import STANDARD
from isvclog.kserve.apis.implementation import read_container
from isvclog.kserve.controller.containers import serving_container
from isvclog.rules.containers import container_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_REMEDY = "Give it an `httpGet` or `tcpSocket` readiness probe."


@rule("unprobed-agent", Severity.ERROR)
def unprobed_agent(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod, injection = logger.prediction.pod, logger.prediction.injection
        if pod is None or pod.mode != STANDARD or injection is None or injection.args is None:
            continue
        if not logger.is_deployable:
            continue
        startup = lacks_probe(injection.environment, context.release)
        container = serving_container(pod.containers, context.release)
        if startup is not None and container is not None:
            yield _unprobed(logger, container.name, container.probe or (), startup.exit)
        yield from _workers(logger)


def _unprobed(logger: LoggerContext, name: str, kinds: Collection[str], exit_code: int | None) -> Issue:
    kind = next((kind for kind in ("exec", "grpc") if kind in kinds), None)
    has = f"has only a readiness probe of kind `{kind}`" if kind else "has no readiness probe that the agent can use"
    message = f"{code(name)} {has}: the agent exits with code {exit_code} at every start."
    path = container_path(logger, name)
    probe, runtime = (*path, "readinessProbe"), (*path, "runtime")
    if logger.context.value(probe) is not None:
        return Issue(probe, message, _REMEDY, at_key=True)
    if logger.context.value(runtime) is not None:
        return Issue(runtime, message, _REMEDY)
    return Issue(path, message, _REMEDY, at_key=True)


def _workers(logger: LoggerContext) -> Iterator[Issue]:
    """Yield an issue if the workers' pods have no probe that the agent can use.

    Pods of workers get the same annotations as the head's, and so an agent, but no default probe.
    """
    path = (*logger.path, "workerSpec")
    spec = logger.context.value(path)
    if not isinstance(spec, dict):
        return
    containers = spec.get("containers")
    first = containers[0] if isinstance(containers, list) and containers else None
    probe = read_container(first).probe if isinstance(first, dict) else None
    if not {"httpGet", "tcpSocket"} & (probe or {}).keys():
        message = (
            "The agent in the workers' pods exits with code 1 at every start, unless the runtime's `worker-container` "
            "has an `httpGet` or `tcpSocket` readiness probe."
        )
        yield Issue(path, message, "Give `worker-container` such a probe.", severity=Severity.WARNING, at_key=True)
