"""The URL that a component's agent sends to: where it is written, its name in messages, and how to replace it."""

from isvclog.changes import Replace
from isvclog.diagnosis.sink_check import check_url
from isvclog.findings import Fix, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import SINK_URL
from isvclog.rules.context import LoggerContext


def url_path(logger: LoggerContext) -> KeyPath:
    """Find the path of the URL, or of the logger if the URL comes from the ConfigMap."""
    if annotated := logger.origin(SINK_URL):
        return annotated
    return logger.field("url") if logger.declared is not None and logger.declared.url is not None else logger.field()


def url_name(logger: LoggerContext, *, inside: bool = False) -> str:
    """Name the URL at the beginning of a sentence, or `inside` of one."""
    article = "the" if inside else "The"
    if logger.origin(SINK_URL):
        return f"{article} URL in {code(SINK_URL)}"
    return "`url`" if url_path(logger) != logger.field() else f"{article} `defaultUrl` in inferenceservice-config"


def url_fix(logger: LoggerContext, text: str, title: str, *, safe: bool = False) -> Fix | None:
    """Build the fix that writes another URL; None if that would not help, or would show a value that may be secret."""
    path, sink = url_path(logger), logger.sink
    if sink is None or sink.may_hold_secret or logger.context.value(path) != sink.text:
        return None
    repaired = check_url(text, logger.prediction)
    if repaired.may_hold_secret or (repaired.problem and not repaired.needs_storage):
        return None
    return Fix(title, (Replace(path, text),), safe=safe)
