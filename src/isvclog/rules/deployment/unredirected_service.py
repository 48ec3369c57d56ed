"""An agent that runs but gets no requests, so nothing is logged.

In Standard mode requests reach the agent only through KServe's Service. KServe redirects the Service to the agent only
for a component with a `logger` or `batcher` block, and before KServe 0.9 it never did. If the agent is injected because
somebody set KServe's own annotation `internal.serving.kserve.io/logger`, it runs but gets no requests.

Instead: Write a `logger` block. Before 0.9, use Knative mode or upgrade.

    # before
    metadata:
      annotations:
        serving.kserve.io/deploymentMode: Standard
        internal.serving.kserve.io/logger: "true"
        internal.serving.kserve.io/logger-sink-url: http://sink.research.svc.cluster.local
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn

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
from isvclog.kserve.apis.constants import LOGGER, STANDARD
from isvclog.kserve.apis.releases import since
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("unredirected-service", Severity.ERROR)
def unredirected_service(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod = logger.prediction.pod
        if pod is None or pod.mode != STANDARD or pod.redirected:
            continue
        if logger.declared is None:
            message = "There is no `logger` block, so the Service sends no requests to the agent: nothing is logged."
            yield Issue(logger.origin(LOGGER) or logger.path, message, "Write a `logger` block.", at_key=True)
        else:
            message = f"In Standard mode, KServe {context.release} sends no requests to the agent: nothing is logged."
            remedy = f"Use Knative mode, or upgrade to KServe {since('raw-redirect')} or later."
            yield Issue(logger.field(), message, remedy, at_key=True)
