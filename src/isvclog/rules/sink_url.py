"""Paths in the manifest of the URL, the storage and the batch settings that a component's agent gets."""

from isvclog.changes import Replace
from isvclog.diagnosis.sink_check import check_url
from isvclog.findings import Fix, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis import constants as c
from isvclog.rules.context import LoggerContext


def url_path(logger: LoggerContext) -> KeyPath:
    """Find the path of the URL, or of the logger if the URL comes from the ConfigMap."""
    annotated = logger.origin(c.SINK_URL)
    if annotated:
        return annotated
    return logger.field("url") if logger.declared is not None and logger.declared.url is not None else logger.field()


def url_name(logger: LoggerContext) -> str:
    """Name the URL at the beginning of a sentence."""
    if logger.origin(c.SINK_URL):
        return f"The URL in {code(c.SINK_URL)}"
    return "`url`" if url_path(logger) != logger.field() else "The `defaultUrl` in inferenceservice-config"


def other_url(logger: LoggerContext, text: str, title: str, *, safe: bool = False) -> Fix | None:
    """Build the fix that writes another URL; None if that would not help, or would show a value that may be secret."""
    path, sink = url_path(logger), logger.sink
    if sink is None or sink.may_hold_secret or logger.context.value(path) != sink.text:
        return None
    repaired = check_url(text, logger.prediction)
    if repaired.may_hold_secret or (repaired.problem and not repaired.needs_storage):
        return None
    return Fix(title, (Replace(path, text),), safe=safe)


def setting_path(logger: LoggerContext, *names: str) -> KeyPath | None:
    """Find the path of a storage or batch setting, which all components take from the predictor.

    The result is None if the ConfigMap's setting applies.
    """
    predictor = next((other for other in logger.context.components if other.name == c.PREDICTOR), None)
    if predictor is None:
        return None
    path = predictor.field(*names)
    return None if logger.context.value(path) is None else path


def predictor_logger(logger: LoggerContext) -> KeyPath:
    """Find the path of the logger that decides about storage and batches, for any component."""
    predictor = next((other for other in logger.context.components if other.name == c.PREDICTOR), logger)
    return predictor.field()
