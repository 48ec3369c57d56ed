"""No `httpGet` or `tcpSocket` readiness probe, so the agent does not start.

In Standard mode KServe gives the agent the readiness probe of one container: `transformer-container`, otherwise the
first container. It only uses probes of kind `httpGet` or `tcpSocket`. With `exec`, `grpc` or no probe, the variable
SERVING_READINESS_PROBE is missing, and the agent exits with 1 (before KServe 0.15: 1 or 2). The new pods restart in a
loop and never become ready.

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

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.agent.startup import lacks_probe
from isvclog.kserve.apis.constants import STANDARD
from isvclog.kserve.apis.implementation import read_container
from isvclog.kserve.controller.containers import serving_container
from isvclog.rules.containers import container_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("unprobed-agent", Severity.ERROR)
def unprobed_agent(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod, injection = logger.prediction.pod, logger.prediction.injection
        if pod is None or pod.mode != STANDARD or injection is None or injection.args is None:
            continue
        startup = lacks_probe(injection.environment, context.release)
        container = serving_container(pod.containers, context.release)
        if startup is not None and container is not None:
            yield _unprobed(logger, container.name, sorted(container.probe or ()), startup.exit)
        yield from _workers(logger)


def _unprobed(logger: LoggerContext, name: str, probe: list[str], exit_code: int | None) -> Issue:
    path = container_path(logger, name)
    probed = (*path, "readinessProbe")
    kinds = [kind for kind in probe if kind in ("exec", "grpc")]
    what = f"only {kinds[0]!r} as its readiness probe" if kinds else "no readiness probe that the agent can use"
    message = f"The agent exits with {exit_code} in a loop: {code(name)} has {what.replace(chr(39), '`')}."
    if logger.context.value(probed) is not None:
        return Issue(probed, message, _REMEDY, at_key=True)
    runtime = (*path, "runtime")
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
        message = "The workers' pods get an agent as well, and it exits with 1 in a loop unless the runtime's"
        message += " `worker-container` has an `httpGet` or `tcpSocket` readiness probe."
        yield Issue(path, message, "Give `worker-container` such a probe.", severity=Severity.WARNING, at_key=True)


_REMEDY = "Give it an `httpGet` or `tcpSocket` readiness probe."
