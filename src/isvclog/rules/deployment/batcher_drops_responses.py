"""No response events for `:predict` requests, because of the `batcher`.

The batcher answers `:predict` requests without setting a status code, and the logger only logs responses with status
200. So no response to such a request is ever logged, since KServe 0.14. Requests are logged. An explainer has no
batcher.

Instead: Log only requests with `mode: request`, or remove `batcher`.

    # before
    spec:
      predictor:
        batcher:
          maxBatchSize: 8
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn

    # after
    spec:
      predictor:
        batcher:
          maxBatchSize: 8
        logger:
          mode: request
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import BATCHER, MODE
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule

_REMEDY = "Remove `batcher`, or log only requests with `mode: request`."


@rule("batcher-drops-responses", Severity.WARNING, since="batcher-drops-responses")
def batcher_drops_responses(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        pod = logger.prediction.pod
        if pod is None or BATCHER not in pod.annotations:
            continue
        mode = pod.annotations.get(MODE, "all")
        if mode == "response":
            message = "Nothing is logged for `:predict` requests: with a `batcher` there are no response events."
            yield Issue((*logger.path, "batcher"), message, _REMEDY, severity=Severity.ERROR, at_key=True)
        elif mode == "all":
            message = "Responses to `:predict` requests are not logged: with a `batcher` there are no response events."
            yield Issue((*logger.path, "batcher"), message, _REMEDY, at_key=True)
