"""A logger whose events lack an annotation that the project's policy requires.

`requiredAnnotations` in `.isvclog.yaml` names annotations, or shell patterns of them, that every event must carry. The
logger must list each of them, and the pods must have the annotation. If the pods do not have a listed annotation,
KServe drops its name silently.

Instead: Give the service the annotation and list its name in `metadataAnnotations`.

    # isvclog lint --config .isvclog.yaml
    # before
    metadata:
      annotations:
        example.com/team: fraud
        example.com/cost-centre: "4711"
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local

    # after
    metadata:
      annotations:
        example.com/team: fraud
        example.com/cost-centre: "4711"
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
          metadataAnnotations: [example.com/team, example.com/cost-centre]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.webhook.inject import listed_keys
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("required-annotation", Severity.ERROR, since="metadataAnnotations")
def required_annotation(context: LintContext) -> Iterator[Issue]:
    required = context.policy.required_annotations
    for logger in context.loggers if required else ():
        pod = logger.prediction.pod
        if pod is not None:
            for pattern in required:
                yield from _required(logger, pod, pattern)


def _required(logger: LoggerContext, pod: Pod, pattern: str) -> Iterator[Issue]:
    from fnmatch import fnmatchcase

    listed = [key for key in listed_keys(pod.annotations) if fnmatchcase(key, pattern)]
    if any(key in pod.annotations for key in listed):
        return
    if listed:
        if not pod.unknown_runtime and logger.context.is_complete:
            message = f"Events carry no annotation {code(listed[0])}, which the policy requires: the pods have none."
            yield Issue(logger.entry(listed[0]), message, f"Give the service an annotation {code(listed[0])}.")
        return
    path = logger.field("metadataAnnotations")
    if logger.context.may_be_elsewhere(*path):
        return
    path = logger.field() if logger.context.value(path) is None else path
    message = f"Events carry no annotation {code(pattern)}, which the policy requires: the logger lists none."
    what = f"an annotation like {code(pattern)}" if set(pattern) & set("*?[") else code(pattern)
    yield Issue(path, message, f"List {what} in `metadataAnnotations`.", at_key=True)
