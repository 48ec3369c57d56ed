"""A deployment mode in the annotation that is not the one in the status.

KServe's webhook rejects every update of such a service, also one that only adds a logger: "deploymentMode cannot be
changed". Some releases compare spellings: 0.16.0 rejects the annotation `RawDeployment` or `Serverless`, because it
writes `Standard` or `Knative` into the status itself. 0.17.0 to 0.18.1 reject any mode in the annotation if an older
release wrote the status. 0.19.0 treats an empty status as Standard, so a new service with the annotation `Knative`
never gets pods.

Instead: Write the mode of the status into the annotation, as the release spells it, or use the release that the message
names. A service changes its mode only if it is deleted and created again.

    # isvclog lint --kserve-version 0.16.0
    # before
    metadata:
      annotations:
        serving.kserve.io/deploymentMode: RawDeployment
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model
    status:
      deploymentMode: Standard

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
          storageUri: gs://bucket/model
    status:
      deploymentMode: Standard
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.keypath import string_at
from isvclog.kserve.apis.constants import DEPLOYMENT_MODE_ANNOTATION
from isvclog.kserve.apis.releases import since
from isvclog.kserve.controller.modes import update_rejection
from isvclog.rules.context import ANNOTATIONS, LintContext
from isvclog.rules.rule import Issue, rule


@rule("rejected-update", Severity.ERROR, since="mode-checked-on-update")
def rejected_update(context: LintContext) -> Iterator[Issue]:
    service, release = context.service, context.release
    if service is None or not context.loggers:
        return
    status = string_at(context.data, ("status", "deploymentMode"))
    rejection = update_rejection(service.annotations.get(DEPLOYMENT_MODE_ANNOTATION), status, release)
    if not rejection:
        return
    path = (*ANNOTATIONS, DEPLOYMENT_MODE_ANNOTATION)
    if not status:
        message = (
            f"KServe {release} never creates pods of this service, because it rejects its own update: {rejection}."
        )
        remedy = f"Use KServe {since('empty-status-read')} or later, or another mode."
    else:
        message = f"KServe {release} rejects every update, also one that adds a logger: {rejection}."
        remedy = "Write the mode of the status into the annotation."
        if release.has("mode-annotation-normalised") and not release.has("legacy-status-read"):
            remedy = f"Use KServe {since('legacy-status-read')} or later, or delete the service and create it again."
    yield Issue(path, message, remedy)
