"""During a canary rollout, some requests are not logged or use an old logger.

In Standard mode each canary predictor (`spec.canary`) has its own Service. KServe does not redirect this Service to the
agent, although the canary's pods have one. So the canary's share of the requests is not logged.

In Knative mode `canaryTrafficPercent` leaves the rest of the requests with the previous revision. That revision keeps
the logger that it was created with, even if the logger has changed since then.

Instead: Compare the number of events with the number of requests only after the rollout is complete. Send requests that
must be logged to the stable predictor.

    # before
    metadata:
      annotations:
        serving.kserve.io/deploymentMode: Standard
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
      canary:
        - trafficPercent: 10
          predictor:
            name: next
            model:
              modelFormat:
                name: sklearn
              storageUri: gs://bucket/next

    # after
    metadata:
      annotations:
        serving.kserve.io/deploymentMode: Standard
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import KNATIVE, PREDICTOR, STANDARD
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("unlogged-canary", Severity.WARNING)
def unlogged_canary(context: LintContext) -> Iterator[Issue]:
    if context.service is not None and context.service.canary:
        yield from _in_standard_mode(context)
    for logger in context.loggers:
        path = (*logger.path, "canaryTrafficPercent")
        percent, pod = context.value(path), logger.prediction.pod
        if pod is not None and pod.mode == KNATIVE and type(percent) is int and 0 <= percent < 100:
            message = (
                "The previous revision gets the rest of the requests and logs with the settings it was created with."
            )
            remedy = "Expect events of both revisions until the rollout is complete."
            yield Issue(path, message, remedy, severity=Severity.INFO)


def _in_standard_mode(context: LintContext) -> Iterator[Issue]:
    predictor = context.predictor
    canaries = context.value(("spec", "canary"))
    if predictor is None or predictor.prediction.mode != STANDARD or not isinstance(canaries, list):
        return
    for index in range(len(canaries)):
        path = ("spec", "canary", index, PREDICTOR)
        if predictor.prediction.wants_logger or context.value((*path, "logger")) is not None:
            message = "Requests to this canary are not logged: its Service does not send them to the agent."
            yield Issue(path, message, "Send requests that must be logged to the stable predictor.", at_key=True)
