"""A service of an older release that KServe 0.16.0 to 0.18.1 deploys in another mode.

Up to 0.15, KServe writes `RawDeployment` into `status.deploymentMode` of a service in Standard mode. KServe 0.16.0 to
0.18.1 do not know this word and deploy the service as a Knative Service: without Knative it fails, and with Knative the
service gets other pods, other annotations and another address.

Instead: Upgrade to KServe 0.19.0 or later, or delete the service and create it again.

    # isvclog lint --kserve-version 0.17
    # before
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
      deploymentMode: RawDeployment

    # after
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

from isvclog.findings import Severity, code
from isvclog.keypath import string_at
from isvclog.kserve.apis.constants import KNATIVE, LEGACY_MODES, STANDARD
from isvclog.kserve.apis.releases import since
from isvclog.kserve.controller.modes import status_mode
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("misread-mode", Severity.ERROR, since="standard-mode-name", until="legacy-status-read")
def misread_mode(context: LintContext) -> Iterator[Issue]:
    path, release = ("status", "deploymentMode"), context.release
    status = string_at(context.data, path)
    if context.loggers and LEGACY_MODES.get(status) == STANDARD and status_mode(status, release) == KNATIVE:
        because = f"because it does not know {code(status)} in the status"
        message = f"KServe {release} deploys this service in Knative mode, {because}."
        remedy = f"Use KServe {since('legacy-status-read')} or later, or delete the service and create it again."
        yield Issue(path, message, remedy)
