"""A field or an annotation that KServe's webhook rejects.

KServe checks more than the logger when a service is applied: it accepts only some autoscalers, no `name` of the model's
container (since 0.16), no variable `PYTHONPATH` (since 0.18), no `storageUri` beside `storageUris`, and for a predictor
with `workerSpec` only models from a volume or an image and the autoscaler `none`. The explainers `alibi` and `aix` do
not exist any more. Canary predictors (since 0.20) need Standard mode, a name and a model of their own, and a fixed
number of replicas. KServe rejects the whole service.

Instead: Remove or correct what the message names.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          name: server
          modelFormat:
            name: sklearn
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
          storageUri: gs://bucket/model
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import DEPLOYMENT_MODE_ANNOTATION, STANDARD
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("rejected-field", Severity.ERROR, since="measured-deployment")
def rejected_field(context: LintContext) -> Iterator[Issue]:
    for path, reason, message in context.refusals if context.loggers else ():
        is_written = context.value(path) is not None
        quoted = f" ({message})" if message else ""
        text = f"KServe rejects the service{quoted}: {_named(path)} {reason}."
        remedy = "Remove or correct it." if is_written else "Add it."
        yield Issue(path if is_written else _nearest(context, path), text, remedy, at_key=True)
    yield from _canaries_in_another_mode(context)


def _canaries_in_another_mode(context: LintContext) -> Iterator[Issue]:
    """Yield an issue about canaries if the default of the installation is another mode than Standard."""
    annotated = DEPLOYMENT_MODE_ANNOTATION in (context.service.annotations if context.service else ())
    predictor = context.predictor
    if predictor is None or annotated or not (found := predictor.obstacles.get(Obstacle.CANARY_MODE)):
        return
    text = f"KServe rejects the service ({found.error}): its mode is {predictor.prediction.mode}, the default."
    remedy = f"Add the annotation {code(DEPLOYMENT_MODE_ANNOTATION)} with the value {code(STANDARD)}."
    yield Issue(("spec", "canary"), text, remedy, at_key=True)


def _named(path: KeyPath) -> str:
    if path[-3:-2] == ("env",):
        return "the variable"
    return f"`{path[-1]}`" if isinstance(path[-1], str) else "this"


def _nearest(context: LintContext, path: KeyPath) -> KeyPath:
    """Return the part of a path that is written."""
    while path and context.value(path) is None:
        path = path[:-1]
    return path
