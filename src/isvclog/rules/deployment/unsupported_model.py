"""A model that no runtime can serve.

KServe chooses a runtime that supports the format of the model, its version if one is written, and its protocol (`v1` if
none is written). Without `runtime`, only formats with `autoSelect: true` count, and runtimes with a `workerSpec` serve
only predictors with a `workerSpec`. If nothing fits, KServe deploys nothing, and `status.modelStatus` says
`NoSupportingRuntime`, `RuntimeNotRecognized` or `RuntimeDisabled`. Later components are not deployed either.

This is checked where the runtimes are known: from `--serving-runtime`, from the project file or from the cluster.

Instead: Write a format, a version and a protocol that a runtime supports, or install a runtime that supports them.

    # isvclog lint --serving-runtime shipped
    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
            version: "3"
          storageUri: gs://bucket/model

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
            version: "1"
          storageUri: gs://bucket/model
"""

from collections.abc import Iterator

from isvclog.diagnosis.undeployed import kserve_message, undeployed_remedy
from isvclog.findings import Severity
from isvclog.keypath import KeyPath
from isvclog.kserve.controller.deployment import Obstacle, Undeployed
from isvclog.rules.containers import model_path
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("unsupported-model", Severity.ERROR)
def unsupported_model(context: LintContext) -> Iterator[Issue]:
    for component in context.deployed_for_loggers if context.is_complete else ():
        for obstacle in (Obstacle.RUNTIME, Obstacle.RUNTIME_CONTENT):
            if found := component.obstacles.get(obstacle):
                yield _issue(component, found)


def _issue(component: LoggerContext, undeployed: Undeployed) -> Issue:
    message = f"KServe deploys nothing, because {undeployed.title}: {kserve_message(undeployed)}."
    remedy = undeployed_remedy(undeployed, component.service, component.context.installation)
    remedy = f"{remedy[0].upper()}{remedy[1:]}."
    return Issue(_path(component, undeployed), message, remedy, at_key=True)


def _path(component: LoggerContext, undeployed: Undeployed) -> KeyPath:
    """Return the path of what has to change: the runtime, the protocol, the version, or else the format."""
    path = model_path(component)
    wanted: tuple[KeyPath, ...] = ("modelFormat", "version"), ("modelFormat", "name"), ("modelFormat",)
    if undeployed.obstacle is Obstacle.RUNTIME_CONTENT or undeployed.status != "NoSupportingRuntime":
        wanted = (("runtime",), *wanted)
    elif "protocol" in undeployed.error:
        wanted = (("protocolVersion",), *wanted)
    return next(((*path, *names) for names in wanted if component.context.value((*path, *names)) is not None), path)
