"""A service that is stopped, so that nothing is logged.

With the annotation `serving.kserve.io/stop: "true"`, KServe deletes the pods of the service, and creates none until the
annotation is removed. Upper and lower case do not matter. Before KServe 0.16 it has no effect.

Instead: Remove the annotation, or write `"false"`, when the service is needed.

    # before
    metadata:
      annotations:
        serving.kserve.io/stop: "true"
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model

    # after
    metadata:
      annotations:
        serving.kserve.io/stop: "false"
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import STOP_ANNOTATION
from isvclog.kserve.controller.deployment import is_stopped
from isvclog.rules.context import ANNOTATIONS, LintContext
from isvclog.rules.rule import Issue, rule


@rule("stopped-service", Severity.INFO, since="stop-annotation")
def stopped_service(context: LintContext) -> Iterator[Issue]:
    if context.service and context.loggers and is_stopped(context.service, context.release):
        message = "The service is stopped: KServe runs no pods, and nothing is logged."
        yield Issue((*ANNOTATIONS, STOP_ANNOTATION), message, "Remove the annotation to start the service.")
