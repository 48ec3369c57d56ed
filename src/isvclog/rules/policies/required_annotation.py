"""A logger whose events lack an annotation that the project file requires.

`requiredAnnotations` in `.isvclog.yaml` names annotations, or shell patterns of them, that every event must have. The
logger must list each of them, and the pods must have the annotation. If the pods do not have a listed annotation,
KServe leaves it out, and nothing reports this.

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
    for logger in context.loggers:
        pod = logger.prediction.pod
        for pattern in context.policy.required_annotations if pod else ():
            if pod and (issue := _issue(logger, pod, pattern)):
                yield issue


def _issue(logger: LoggerContext, pod: Pod, pattern: str) -> Issue | None:
    from fnmatch import fnmatchcase

    listed = [key for key in listed_keys(pod.annotations) if fnmatchcase(key, pattern)]
    if not listed:
        return _unlisted(logger, pattern)
    if any(key in pod.annotations for key in listed) or pod.unknown_runtime or not logger.context.is_complete:
        return None
    key = code(listed[0])
    message = f"Events lack the annotation {key}, which the project file requires: the pods do not have it."
    return Issue(logger.entry(listed[0]), message, f"Add the annotation {key} to the service.")


def _unlisted(logger: LoggerContext, pattern: str) -> Issue | None:
    path = logger.field("metadataAnnotations")
    if logger.context.may_be_elsewhere(*path):
        return None
    path = logger.field() if logger.context.value(path) is None else path
    is_glob = bool(set(pattern) & set("*?["))
    what = f"an annotation like {code(pattern)}" if is_glob else f"the annotation {code(pattern)}"
    message = f"Events lack {what}, which the project file requires: the logger does not list it."
    return Issue(path, message, f"List {what} in `metadataAnnotations`.", at_key=True)
