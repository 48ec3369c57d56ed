"""An internal annotation of KServe or kubectl that is listed or set by hand.

KServe's controller uses annotations that begin with `internal.serving.kserve.io/` to tell its webhook what the agent
must do. Such an annotation on a component overrides the component's `logger` block. On the service, it applies if the
block does not set the same thing. The annotation `internal.serving.kserve.io/logger` adds a logger, whatever its value
is. Listed in `metadataAnnotations`, these annotations send the cluster's settings to the sink.

`kubectl.kubernetes.io/last-applied-configuration` contains the whole manifest. KServe does not copy it to pods, unless
its ConfigMap has no key `inferenceService`. In that case the double quotes in the manifest make the agent exit with
code 2.

Instead: Configure the logger in its `logger` block, and list only annotations of your own.

    # before
    spec:
      predictor:
        annotations:
          internal.serving.kserve.io/logger-mode: request
        logger:
          mode: all

    # after
    spec:
      predictor:
        logger:
          mode: request
"""

from collections.abc import Iterator, Mapping

from isvclog.findings import Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.agent.startup import FLAG_EXIT, LOGGER_EXIT
from isvclog.kserve.apis import constants as c
from isvclog.kserve.controller.annotations import logger_annotations
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_FIELDS = {
    c.MODE: "mode",
    c.SINK_URL: "url",
    c.METADATA_HEADERS: "metadataHeaders",
    c.METADATA_ANNOTATIONS: "metadataAnnotations",
}


@rule("internal-annotation", Severity.WARNING)
def internal_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        if context.release.has("metadataAnnotations"):
            yield from _listed(logger)
        if logger.declared is None:
            yield from _added_logger(logger)
        elif _may_override(logger):
            yield from _overriding(logger, logger_annotations(logger.declared))


def _listed(logger: LoggerContext) -> Iterator[Issue]:
    pod = logger.prediction.pod
    for path, key in logger.annotations():
        if key == c.LAST_APPLIED:
            message = (
                f"{code(key)} contains the whole manifest: normally KServe does not copy it to pods, "
                f"and otherwise the agent exits with code {FLAG_EXIT}."
            )
            yield Issue(path, message, "List only annotations of your own.")
        elif key.startswith(c.INTERNAL) and pod is not None and key in pod.annotations:
            message = (
                f"{code(key)} is an internal annotation of KServe: events send the cluster's settings to the sink."
            )
            yield Issue(path, message, "List only annotations of your own.")


def _added_logger(logger: LoggerContext) -> Iterator[Issue]:
    path = logger.origin(c.LOGGER)
    if path is not None:
        pod = logger.prediction.pod
        effect = "" if pod is None or pod.redirected else ", but the Service sends no requests to it"
        message = f"{code(c.LOGGER)} adds a logger to the {logger.name}, whatever its value is{effect}."
        yield Issue(path, message, f"Write a `logger` block into the {logger.name} instead.", at_key=True)


def _may_override(logger: LoggerContext) -> bool:
    given = (logger.component.annotations, logger.service.annotations)
    return any(key in annotations for annotations in given if annotations for key in _FIELDS)


def _overriding(logger: LoggerContext, written: Mapping[str, str]) -> Iterator[Issue]:
    """Yield issues about internal annotations that decide what the `logger` block should; `written` are the block's."""
    pod, release = logger.prediction.pod, logger.context.release
    for key, field in _FIELDS.items() if pod else ():
        path = logger.origin(key)
        is_read = release.has(field if field.startswith("metadata") else "component-annotations")
        if pod and path is not None and is_read and pod.annotations[key] != written.get(key):
            yield _override(logger, path, pod.annotations[key], is_written=key in written)


def _override(logger: LoggerContext, path: KeyPath, value: str, *, is_written: bool) -> Issue:
    key = str(path[-1])
    field = _FIELDS[key]
    if key == c.MODE and value not in c.LOG_MODES:
        message = (
            f"The value of {code(key)} is not a logger mode: the agent exits with code {LOGGER_EXIT} at every start."
        )
        return Issue(path, message, "Remove the annotation.", severity=Severity.ERROR, at_key=True)
    if is_written:
        message = f"{code(key)} overrides the {logger.name}'s `logger.{field}`."
        return Issue(path, message, f"Remove it, and write `logger.{field}`.", at_key=True)
    message = f"{code(key)} takes effect, because the {logger.name}'s `logger` has no `{field}`."
    return Issue(path, message, f"Write `logger.{field}` instead.", at_key=True)
