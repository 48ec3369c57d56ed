"""A logger on a predictor in ModelMesh mode.

In ModelMesh mode the models run in shared pods, which KServe's controller does not create. No agent is injected there,
and nothing is logged. Only a transformer can log, because it has its own pod.

Instead: Deploy the service in Standard or Knative mode, or move the logger to the transformer. ModelMesh itself sends
payloads to its own payload processor, if one is configured.

    # before
    metadata:
      annotations:
        serving.kserve.io/deploymentMode: ModelMesh
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
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
from isvclog.kserve.prediction import BlockedBy
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("modelmesh-logger", Severity.ERROR)
def modelmesh_logger(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        if logger.prediction.blocked_by is BlockedBy.NO_POD:
            message = "Nothing is logged: in ModelMesh mode the predictor's models run in shared pods without an agent."
            remedy = "Deploy the service in Standard or Knative mode, or remove `logger`."
            yield Issue(logger.field(), message, remedy, at_key=True)
