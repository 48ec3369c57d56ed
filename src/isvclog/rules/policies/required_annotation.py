"""A logger whose events lack an annotation that the project's policy asks for.

`requiredAnnotations` in `.isvclog.yaml` names annotations, or shell patterns of them, that every event must carry. The
logger has to list each of them, and the pods have to have the annotation: KServe drops a listed name without an
annotation silently.

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
from isvclog.kserve.controller import Pod
from isvclog.kserve.webhook import listed_keys
from isvclog.rules.rule import Issue, rule
from isvclog.rules.subject import Part, Subject


@rule("required-annotation", Severity.ERROR, since="metadataAnnotations")
def required_annotation(subject: Subject) -> Iterator[Issue]:
    required = subject.policy.required_annotations
    for part in subject.parts if required else ():
        pod = part.prediction.pod
        if pod is not None:
            for pattern in required:
                yield from _required(part, pod, pattern)


def _required(part: Part, pod: Pod, pattern: str) -> Iterator[Issue]:
    from fnmatch import fnmatchcase

    listed = [key for key in listed_keys(pod.annotations) if fnmatchcase(key, pattern)]
    if any(key in pod.annotations for key in listed):
        return
    if listed:
        if not pod.unknown_runtime and part.subject.whole:
            message = f"Events carry no annotation {code(listed[0])}, which the policy requires: the pods have none."
            yield Issue(part.entry(listed[0]), message, f"Give the service an annotation {code(listed[0])}.")
        return
    path = part.field("metadataAnnotations")
    if part.subject.open(*path):
        return
    path = part.field() if part.subject.value(path) is None else path
    message = f"Events carry no annotation {code(pattern)}, which the policy requires: the logger lists none."
    what = f"an annotation like {code(pattern)}" if set(pattern) & set("*?[") else code(pattern)
    yield Issue(path, message, f"List {what} in `metadataAnnotations`.", at_key=True)
