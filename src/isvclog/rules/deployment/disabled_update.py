"""Logger changes do not reach the pods, because `disable-auto-update` is set.

With the annotation `serving.kserve.io/disable-auto-update: "true"`, KServe no longer updates a service once it is
ready. A change of the logger or of a logged annotation is stored, but the pods keep the old value. The events then
differ from what the manifest says.

Instead: Remove the annotation for the change. Add it again when the new pods are ready.

    # before
    metadata:
      annotations:
        serving.kserve.io/disable-auto-update: "true"
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn

    # after
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
from isvclog.kserve.apis.constants import DISABLE_UPDATE_ANNOTATION
from isvclog.kserve.controller.rollout import is_held
from isvclog.rules.context import ANNOTATIONS, LintContext
from isvclog.rules.rule import Issue, rule


@rule("disabled-update", Severity.WARNING, since="disable-auto-update")
def disabled_update(context: LintContext) -> Iterator[Issue]:
    service = context.service
    if service is None or not is_held(service, context.installation.release) or not context.loggers:
        return
    message = "Changes of the logger and of logged annotations do not reach the pods while the service is ready."
    remedy = "Remove the annotation for such a change, and add it again afterwards."
    yield Issue((*ANNOTATIONS, DISABLE_UPDATE_ANNOTATION), message, remedy)
