"""A field, mode or behaviour that the selected KServe release does not have yet.

If a field came with a later release, kubectl rejects the manifest, and other clients drop the field without an error.
If a behaviour came with a later release, there is no error at all:

- KServe 0.14 reads a list of several `metadataHeaders` as one name.
- Before 0.16, response events do not contain request headers.
- Before 0.16, KServe ignores a deployment mode that is spelled `Standard`.
- Before 0.10, gRPC is not logged.

`--kserve-version` selects the release that the manifest is for. Without it, isvclog assumes the newest release.
`logAllResponses` is in no release yet: only `--kserve-version next`, which is not released, knows it.

Instead: Upgrade KServe, or write what the release understands.

    # isvclog lint --kserve-version 0.14
    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataHeaders: [X-Request-Id, X-User-Id]

    # after
    logger:
      mode: request
      url: http://sink.research.svc.cluster.local
      metadataHeaders: [X-Request-Id]
"""

from collections.abc import Iterator

from isvclog.changes import Replace
from isvclog.findings import Fix, Severity, code
from isvclog.kserve.apis.constants import DEPLOYMENT_MODE_ANNOTATION, MODE
from isvclog.kserve.apis.releases import NEWEST, since
from isvclog.kserve.controller.modes import read_mode, spell_mode
from isvclog.rules.context import ANNOTATIONS, LintContext, LoggerContext
from isvclog.rules.releases._traffic import held_stream, unlogged_grpc, wrong_probe
from isvclog.rules.rule import Issue, rule


@rule("unknown-to-release", Severity.ERROR, fixes="safe")
def unknown_to_release(context: LintContext) -> Iterator[Issue]:
    if context.release >= NEWEST or not context.loggers:
        return
    yield from _mode(context)
    for logger in context.loggers:
        yield from _headers(logger)
        yield from wrong_probe(logger)
        yield from unlogged_grpc(logger)
        yield from held_stream(logger)


def _mode(context: LintContext) -> Iterator[Issue]:
    """Yield an issue about a deployment mode in the spelling of a later release, which has no effect."""
    release = context.release
    name = context.service.annotations.get(DEPLOYMENT_MODE_ANNOTATION, "") if context.service else ""
    mode = read_mode(name, NEWEST)
    if mode is None or read_mode(name, release) is not None:
        return
    spelling = spell_mode(mode, release)
    used = context.loggers[0].prediction.mode
    effect = f"it deploys in its default mode, {spell_mode(used, release)}" if used else "it takes its default mode"
    title = f"Write {code(spelling)}."
    path = (*ANNOTATIONS, DEPLOYMENT_MODE_ANNOTATION)
    message = f"KServe {release} does not know the mode {code(name)}: {effect}."
    severity = Severity.WARNING if used == mode else Severity.ERROR
    yield Issue(path, message, title, Fix(title, (Replace(path, spelling),)), severity)


def _headers(logger: LoggerContext) -> Iterator[Issue]:
    declared, pod, release = logger.declared, logger.prediction.pod, logger.context.release
    listed = declared.metadata_headers if declared else None
    if not listed or pod is None:
        return
    path = logger.field("metadataHeaders")
    if len(listed) > 1 and not release.has("several-metadata-headers"):
        message = f"KServe {release} reads the list as one name: no request header matches it."
        remedy = f"List one header, or upgrade to KServe {since('several-metadata-headers')} or later."
        yield Issue(path, message, remedy, at_key=True)
    elif not release.has("response-metadata"):
        mode = pod.annotations.get(MODE)
        remedy = f"Upgrade to KServe {since('response-metadata')} or later."
        if mode == "response":
            message = f"No event contains these headers: response events of KServe {release} have no metadata."
            yield Issue(path, message, remedy, at_key=True)
        elif mode == "all":
            message = (
                f"Only request events contain these headers: response events of KServe {release} have no metadata."
            )
            yield Issue(path, message, remedy, severity=Severity.WARNING, at_key=True)
