"""The storage and batch settings of a service, which KServe takes from the predictor's logger for every component."""

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.keypath import KeyPath
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.kserve.golang.time import DurationError, parse_duration
from isvclog.kserve.webhook.agent_config import read_logger_config
from isvclog.rules.context import LintContext, LoggerContext

NOTHING_STORED = "the agent drops every record, and no metric or status shows it."


def predictor_field(context: LintContext, *names: str) -> KeyPath:
    """Build the path of a field of the predictor's logger; without names, of the logger."""
    predictor = context.predictor
    return (*(predictor.path if predictor else ("spec", PREDICTOR)), "logger", *names)


def setting_path(context: LintContext, *names: str) -> KeyPath | None:
    """Find the path of a setting; None if the ConfigMap's setting applies."""
    path = predictor_field(context, *names)
    return None if context.value(path) is None else path


def setting_name(context: LintContext, *names: str) -> str:
    """Name a setting at the beginning of a sentence."""
    name = f"`{names[-1]}`"
    return name if setting_path(context, *names) else f"The {name} in inferenceservice-config"


def stores_records(logger: LoggerContext) -> bool:
    """Check whether the component stores records, as far as its URL and its folder show."""
    sink = logger.sink
    return sink is not None and sink.stores and sink.kind != CLOUDEVENTS


def sends_only_events(context: LintContext) -> bool:
    """Return True if every logger of the service sends events, or tries to, so that nothing is ever stored."""
    if any(context.may_be_elsewhere(*logger.field("url")) for logger in context.loggers):
        return False
    sinks = [logger.sink for logger in context.loggers]
    passing = (None, SinkProblem.UNREACHABLE)
    return all(sink is not None and sink.kind == CLOUDEVENTS and sink.problem in passing for sink in sinks)


def hides_cluster_storage(context: LintContext) -> bool:
    """Return True if the predictor's logger has no `storage` and so hides that of the ConfigMap.

    The ConfigMap's storage applies only if the predictor has no logger.
    """
    declared, installation = context.predictor_logger, context.installation
    if declared is None or declared.storage is not None:
        return False
    return bool(read_logger_config(installation.config, None, installation.release).store_path)


def has_own_marshaller(logger: LoggerContext) -> bool:
    """Check whether a service other than the agent makes the objects."""
    return logger.prediction.argument("--log-marshaller-url") is not None


def batch_size(logger: LoggerContext) -> int:
    """Return the number of records that the agent puts together."""
    return int(logger.prediction.argument("--log-batch-size") or 1)


def parse_interval(text: str) -> int | None:
    """Parse a duration into nanoseconds; None if the agent cannot read it."""
    try:
        return parse_duration(text)
    except DurationError:
        return None
