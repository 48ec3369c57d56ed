"""A key in `metadataAnnotations` that is not an annotation of the pod.

The agent receives annotations that the pod has when it is created: those of the service, of the component and of the
ServingRuntime, and a few that KServe and Knative add. Keys are compared letter by letter. KServe leaves out a key that
the pod does not have: every event lacks it, and only the log of KServe's controller reports this. Labels do not count.
Annotations of another component do not count either, nor do annotations of the ServingRuntime itself that are not in
its `spec`.

Instead: Write the key exactly as the annotation is written, or add the annotation to `metadata.annotations`. If it
comes from a ServingRuntime, give the runtime to isvclog with `--serving-runtime`.

    # before
    metadata:
      annotations:
        example.com/Team: research
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/team]

    # after
    metadata:
      annotations:
        example.com/Team: research
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/Team]
"""

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.diagnosis.lineage import HINTED, Reason, near_annotation
from isvclog.findings import Fix, Severity, code
from isvclog.keypath import dotted
from isvclog.kserve.apis.constants import LAST_APPLIED
from isvclog.kserve.apis.object_meta import key_problem
from isvclog.kserve.controller.pod import Pod
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("missing-annotation", Severity.WARNING, since="metadataAnnotations", fixes="unsafe", applies_to="annotations")
def missing_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers if context.is_complete else ():
        pod = logger.prediction.pod
        if pod is not None and logger.missing:
            for index, key in enumerate(_missing_keys(logger)):
                yield _issue(logger, pod, key, near_annotation(key, pod) if index < HINTED else "")


def _missing_keys(logger: LoggerContext) -> Iterator[str]:
    """Yield the listed keys that nobody sets; other rules report keys that are invalid or not copied to the pod."""
    unset = {status.name for status in logger.statuses if status.reason is Reason.NOT_ON_POD}
    for key in dict.fromkeys(logger.missing):
        if key in unset and key != LAST_APPLIED and not key_problem(key):
            yield key


def _issue(logger: LoggerContext, pod: Pod, key: str, near: str) -> Issue:
    path = logger.entry(key)
    at_key = not isinstance(path[-1], int)
    message = f"The {logger.name}'s pod has no annotation {code(key)}: its events lack it."
    if near and all(near != name for name, _ in logger.pairs):
        remedy = f"Write {code(near)}."
        same_letters = near.casefold() == key.casefold() and logger.context.value(path) == key
        fix = Fix(remedy, (Replace(path, near),), safe=False) if same_letters else None
        return Issue(path, message, remedy if same_letters else f"Did you mean {code(near)}?", fix, at_key=at_key)
    if pod.unknown_runtime:
        remedy = f"Give the runtime {code(pod.unknown_runtime)} with `--serving-runtime`, if it has the annotation."
        return Issue(path, message, remedy, severity=Severity.INFO, at_key=at_key)
    return Issue(path, message, _remedy(logger, pod, key), at_key=at_key)


def _remedy(logger: LoggerContext, pod: Pod, key: str) -> str:
    if key in logger.service.labels or key in logger.component.labels:
        return "It is a label: write it as an annotation too."
    for other in logger.service.components.values():
        if key in other.annotations:
            return f"Move it from {code(dotted(('spec', other.name, 'annotations')))} to `metadata.annotations`."
    if logger.component.model is not None and pod.runtime is None:
        return "Add it to `metadata.annotations`, or give the runtime that has it with `--serving-runtime`."
    return "Add it to `metadata.annotations`, or remove it from the list."
