"""What a component's agent gets for records and batches of them: its arguments, whether or not it starts with them."""

from isvclog.kserve.agentconfig import read_logger_config
from isvclog.kserve.blob import CLOUDEVENTS
from isvclog.kserve.golang.time import DurationError, parse_duration
from isvclog.kserve.sink import SinkProblem
from isvclog.rules.subject import Part, Subject


def records(part: Part) -> bool:
    """Whether the component writes records, as far as its URL and its folder tell."""
    sink = part.sink
    return sink is not None and sink.stores and sink.kind != CLOUDEVENTS


def only_events(subject: Subject) -> bool:
    """Whether every logger of the service sends events, or tries to, so that nothing is ever stored."""
    if any(subject.open(*part.field("url")) for part in subject.parts):
        return False
    sinks = [part.sink for part in subject.parts]
    passing = (None, SinkProblem.UNREACHABLE)
    return all(sink is not None and sink.kind == CLOUDEVENTS and sink.problem in passing for sink in sinks)


def shadowed_storage(part: Part) -> bool:
    """Whether the ConfigMap's storage would count if the predictor had no logger, or one with storage of its own."""
    logger, installation = part.service.predictor_logger, part.subject.installation
    if logger is None or logger.storage is not None:
        return False
    return bool(read_logger_config(installation.config, None, installation.release).store_path)


def own_marshaller(part: Part) -> bool:
    """Whether a service other than the agent makes the objects."""
    return part.prediction.argument("--log-marshaller-url") is not None


def batch_size(part: Part) -> int:
    """How many records the agent puts together."""
    return int(part.prediction.argument("--log-batch-size") or 1)


def interval_ns(text: str) -> int | None:
    """A duration in nanoseconds; None where the agent cannot read it."""
    try:
        return parse_duration(text)
    except DurationError:
        return None
