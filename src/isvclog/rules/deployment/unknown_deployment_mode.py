"""A deployment mode that KServe does not know.

KServe compares the annotation `serving.kserve.io/deploymentMode` letter by letter, so `standard` is not `Standard`.
Where the ConfigMap's default is Knative, an unknown mode is ignored, and the service is deployed in Knative mode. Where
the default is Standard, KServe 0.17 and later deploy nothing: "unsupported deployment mode for workload".

Instead: Write `Standard`, `Knative` or `ModelMesh`; before KServe 0.16 the first two are `RawDeployment` and
`Serverless`.

    # before
    metadata:
      annotations:
        serving.kserve.io/deploymentMode: standard
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
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.apis.constants import DEPLOYMENT_MODE_ANNOTATION, DEPLOYMENT_MODES
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.kserve.controller.modes import read_mode, spell_mode
from isvclog.rules.context import ANNOTATIONS, LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.suggest import closest_name


@rule("unknown-deployment-mode", Severity.ERROR)
def unknown_deployment_mode(context: LintContext) -> Iterator[Issue]:
    service = context.service
    written = service.annotations.get(DEPLOYMENT_MODE_ANNOTATION) if service and context.loggers else None
    # Anything but letters may be a placeholder.
    if not written or not written.isalpha() or read_mode(written, context.release):
        return
    path, remedy = (*ANNOTATIONS, DEPLOYMENT_MODE_ANNOTATION), _remedy(written, context.release)
    if any(Obstacle.MODE in component.obstacles for component in context.components):
        message = "KServe deploys nothing, because it does not know this deployment mode."
        yield Issue(path, message, remedy)
    else:
        yield Issue(path, _ignored(context), remedy, severity=Severity.WARNING)


def _ignored(context: LintContext) -> str:
    mode = code(context.loggers[0].prediction.mode)
    message = f"KServe does not know this deployment mode and ignores it: the service is deployed in {mode} mode"
    if context.release.has("unknown-mode-fails") and not context.installation.mode:
        message += ", or, where the default of the ConfigMap is Standard, not at all"
    return f"{message}."


def _remedy(written: str, release: Release) -> str:
    known = [spell_mode(mode, release) for mode in DEPLOYMENT_MODES]
    closest = closest_name(written, known)
    return f"Write {code(closest)}." if closest else f"Write one of {', '.join(map(code, known))}."
