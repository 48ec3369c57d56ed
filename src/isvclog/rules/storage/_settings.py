"""Settings that a component's agent gets for records and batches: its arguments, whether or not it starts with them."""

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.kserve.golang.time import DurationError, parse_duration
from isvclog.kserve.logger.store import CLOUDEVENTS
from isvclog.kserve.webhook.agent_config import read_logger_config
from isvclog.rules.context import LintContext, LoggerContext


def records(logger: LoggerContext) -> bool:
    """Check whether the component writes records, as far as its URL and its folder show."""
    sink = logger.sink
    return sink is not None and sink.stores and sink.kind != CLOUDEVENTS


def only_events(context: LintContext) -> bool:
    """Return True if every logger of the service sends events, or tries to, so that nothing is ever stored."""
    if any(context.may_be_elsewhere(*logger.field("url")) for logger in context.loggers):
        return False
    sinks = [logger.sink for logger in context.loggers]
    passing = (None, SinkProblem.UNREACHABLE)
    return all(sink is not None and sink.kind == CLOUDEVENTS and sink.problem in passing for sink in sinks)


def shadowed_storage(logger: LoggerContext) -> bool:
    """Return True if the predictor's logger has no `storage` and so hides that of the ConfigMap.

    The ConfigMap's storage applies only if the predictor has no logger.
    """
    declared, installation = logger.service.predictor_logger, logger.context.installation
    if declared is None or declared.storage is not None:
        return False
    return bool(read_logger_config(installation.config, None, installation.release).store_path)


def own_marshaller(logger: LoggerContext) -> bool:
    """Check whether a service other than the agent makes the objects."""
    return logger.prediction.argument("--log-marshaller-url") is not None


def batch_size(logger: LoggerContext) -> int:
    """Return the number of records that the agent puts together."""
    return int(logger.prediction.argument("--log-batch-size") or 1)


def interval_ns(text: str) -> int | None:
    """Parse a duration into nanoseconds; None if the agent cannot read it."""
    try:
        return parse_duration(text)
    except DurationError:
        return None
