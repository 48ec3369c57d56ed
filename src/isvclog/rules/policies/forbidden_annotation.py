"""A logger whose events contain an annotation that the project file forbids.

`forbiddenAnnotations` in `.isvclog.yaml` names annotations, or shell patterns of them, that must not leave the cluster.
The rule checks the names that the logger lists, even if the pods do not have the annotation today. It also checks names
that a comma in the value of another annotation creates.

Instead: Remove the name from `metadataAnnotations`.

    # isvclog lint --config .isvclog.yaml
    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations: [example.com/team, internal.example.com/cost-centre]

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations: [example.com/team]
"""

from collections.abc import Iterator

from isvclog.diagnosis.lineage import Reason
from isvclog.findings import Severity, code
from isvclog.kserve.webhook.inject import listed_keys
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.removal import removal_fix
from isvclog.rules.rule import Issue, rule


@rule("forbidden-annotation", Severity.ERROR, since="metadataAnnotations", fixes="unsafe")
def forbidden_annotation(context: LintContext) -> Iterator[Issue]:
    patterns = context.policy.forbidden_annotations
    for logger in context.loggers if patterns else ():
        yield from _listed(logger, patterns)
        yield from _injected(logger, patterns)


def _listed(logger: LoggerContext, patterns: tuple[str, ...]) -> Iterator[Issue]:
    pod = logger.prediction.pod
    if pod is None:
        return
    for key in listed_keys(pod.annotations):
        if _is_forbidden(key, patterns):
            condition = "" if key in pod.annotations else " as soon as the pods have it"
            message = f"The project file forbids the annotation {code(key)}, and every event contains it{condition}."
            fix = removal_fix(logger, logger.entry(key), key)
            yield Issue(logger.entry(key), message, fix.title if fix else "Do not list it.", fix)


def _injected(logger: LoggerContext, patterns: tuple[str, ...]) -> Iterator[Issue]:
    for entry in logger.statuses:
        if entry.reason is Reason.INJECTED_BY_COMMA and _is_forbidden(entry.name, patterns):
            name, owner = code(entry.name), code(entry.caused_by)
            message = f"The project file forbids {name}, and a comma in the value of {owner} adds it to every event."
            path = logger.value_path(entry.caused_by)
            yield Issue(path, message, "Write the value without the comma.", at_key=True)


def _is_forbidden(key: str, patterns: tuple[str, ...]) -> bool:
    from fnmatch import fnmatchcase

    return any(fnmatchcase(key, pattern) for pattern in patterns)
