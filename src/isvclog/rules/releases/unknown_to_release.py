"""Something that the release of KServe in question does not know yet.

A field that came with a later release is refused by kubectl, and dropped without an error by other clients. A behaviour
that came later is worse, since nothing complains: KServe 0.14 reads a list of several `metadataHeaders` as one name,
response events carry request headers only since 0.16, a deployment mode spelled `Standard` means nothing before 0.16,
gRPC is logged since 0.10. `--kserve-version` says which release the manifest is for; without it the newest is meant.

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
from isvclog.kserve.constants import DEPLOYMENT_MODE_ANNOTATION, MODE
from isvclog.kserve.modes import read_mode, spell_mode
from isvclog.kserve.releases import NEWEST, since
from isvclog.rules.releases._traffic import behind_probe, grpc, streaming
from isvclog.rules.rule import Issue, rule
from isvclog.rules.subject import ANNOTATIONS, Part, Subject


@rule("unknown-to-release", Severity.ERROR, fixes="safe")
def unknown_to_release(subject: Subject) -> Iterator[Issue]:
    if subject.release == NEWEST or not subject.parts:
        return
    yield from _mode(subject)
    for part in subject.parts:
        yield from _headers(part)
        yield from behind_probe(part)
        yield from grpc(part)
        yield from streaming(part)


def _mode(subject: Subject) -> Iterator[Issue]:
    """An annotation in a spelling of later releases is as good as none."""
    release = subject.release
    name = subject.service.annotations.get(DEPLOYMENT_MODE_ANNOTATION, "") if subject.service else ""
    meant = read_mode(name, NEWEST)
    if meant is None or read_mode(name, release) is not None:
        return
    spelled = spell_mode(meant, release)
    used = subject.parts[0].prediction.mode
    effect = f"it deploys in its default mode, {spell_mode(used, release)}" if used else "it takes its default mode"
    title = f"Write {code(spelled)}."
    path = (*ANNOTATIONS, DEPLOYMENT_MODE_ANNOTATION)
    message = f"KServe {release} does not know the mode {code(name)}: {effect}."
    severity = Severity.WARNING if used == meant else Severity.ERROR
    yield Issue(path, message, title, Fix(title, (Replace(path, spelled),)), severity)


def _headers(part: Part) -> Iterator[Issue]:
    logger, pod, release = part.logger, part.prediction.pod, part.subject.release
    listed = logger.metadata_headers if logger else None
    if not listed or pod is None:
        return
    path = part.field("metadataHeaders")
    if len(listed) > 1 and not release.has("several-metadata-headers"):
        message = f"KServe {release} reads the list as one name, so that no header ever matches."
        remedy = f"List one header, or upgrade to KServe {since('several-metadata-headers')} or later."
        yield Issue(path, message, remedy, at_key=True)
    elif not release.has("response-metadata"):
        mode = pod.annotations.get(MODE)
        remedy = f"Upgrade to KServe {since('response-metadata')} or later."
        if mode == "response":
            message = f"No event carries these headers: response events of KServe {release} have no metadata."
            yield Issue(path, message, remedy, at_key=True)
        elif mode == "all":
            message = f"Only request events carry these headers: response events of KServe {release} have no metadata."
            yield Issue(path, message, remedy, severity=Severity.WARNING, at_key=True)
