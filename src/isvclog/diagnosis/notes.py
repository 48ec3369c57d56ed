"""Notes that help even if something is sent: missing events, and settings that others override."""

from collections.abc import Iterator

from isvclog.diagnosis.causes import response_problem
from isvclog.diagnosis.crashes import diagnose_start
from isvclog.kserve.agent.http_exchange import Response
from isvclog.kserve.agent.settings import AGENT_MEMORY_BYTES, AgentSettings, batch_bytes
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.spec import Logger
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.kserve.logger.dispatcher import QUEUE_SIZE, choose_sink
from isvclog.kserve.logger.events import RESPONSE
from isvclog.kserve.prediction import Prediction, predict_worker


def notes(result: ExchangeResult) -> Iterator[str]:
    """Yield notes that help even if something is sent: missing events, and settings that others override."""
    prediction, pod = result.prediction, result.prediction.pod
    if pod is None:
        return
    if prediction.logger is not None:
        yield from _ineffective_fields(prediction.logger, prediction, pod)
    if prediction.settings is None:
        return
    if c.SINK_URL not in pod.annotations and prediction.settings.url.string() == c.FORMER_BROKER:
        yield f"the sink is {c.FORMER_BROKER}, KServe's defaultUrl: normally this host does not exist; set logger.url"
    size = prediction.settings.batch_size
    if batch_bytes(size) > AGENT_MEMORY_BYTES:
        asked = f"the agent asks for {batch_bytes(size):,} bytes at start"
        yield f"{asked}: it exits with code 2 if the host does not grant them"
    yield from _chosen_events(result)
    yield from _unlogged_traffic(result)
    yield from _other_nodes(prediction)
    yield from _hidden_details(prediction, pod)


def _ineffective_fields(logger: Logger, prediction: Prediction, pod: Pod) -> Iterator[str]:
    """Yield notes about fields of the logger that annotations override or that KServe does not read."""
    for what, internal, written in (("mode", c.MODE, logger.mode), ("url", c.SINK_URL, logger.url)):
        if pod.annotations.get(internal) != written:
            yield f"the annotation {internal} overrides logger.{what}"
    if prediction.component.name != c.PREDICTOR and (fields := _predictor_fields(logger)):
        yield f"KServe reads {', '.join(fields)} from the predictor's logger only"


def _predictor_fields(logger: Logger) -> list[str]:
    """List the fields of a logger that the webhook reads from the predictor's logger only, whatever the component."""
    fields = {
        "storage": logger.storage,
        "marshallerUrl": logger.marshaller_url,
        "batchSize": logger.batch_size,
        "batchInterval": logger.batch_interval,
    }
    return [name for name, value in fields.items() if value is not None]


def _unlogged_traffic(result: ExchangeResult) -> Iterator[str]:
    """Yield notes about responses and canaries that a running logger does not log."""
    prediction, settings = result.prediction, result.prediction.settings
    wants_both = result.events == "all" and settings is not None and settings.mode == "all"
    if result.sends and wants_both and len(result.logged) == 1:
        yield f"there is no response event: {response_problem(result)}"
    # The Service of a canary predictor is made without its logger (components/predictor.go:942-946).
    if prediction.service.canary and prediction.component.name == c.PREDICTOR and prediction.mode == c.STANDARD:
        yield "requests to the predictors in spec.canary are not logged: their Services bypass the agent"


def _chosen_events(result: ExchangeResult) -> Iterator[str]:
    """Yield notes about events that the logger's mode excludes, and about the event of a stream."""
    if sentence := excluded_event(result):
        yield sentence
    if any(item.type == RESPONSE for item in result.logged) and _is_stream(result.exchange.response):
        yield "the response is a stream: its event has all of it and comes at the end"


def excluded_event(result: ExchangeResult) -> str:
    """Say that the logger's mode excludes the events that were asked for; empty if it does not."""
    settings = result.prediction.settings
    if settings is None or not result.is_excluded:
        return ""
    return f"mode is {settings.mode}, so there is no {result.events} event; mode: all logs both"


def _is_stream(response: Response | None) -> bool:
    """Check whether the model answers with server-sent events."""
    types = [value for name, value in response.headers if name.lower() == "content-type"] if response else []
    return any(value.startswith("text/event-stream") for value in types)


def _other_nodes(prediction: Prediction) -> Iterator[str]:
    """Yield a note about the agents of a predictor's pods on other nodes."""
    worker = predict_worker(prediction.service, prediction.component, prediction.installation)
    if worker is None or worker.startup is None:
        return
    if worker.startup.runs:
        yield "the pods on other nodes get an agent, too, but no requests"
    else:
        yield f"the agents of the pods on other nodes do not start: {diagnose_start(worker.startup).because}"


def _hidden_details(prediction: Prediction, pod: Pod) -> Iterator[str]:
    """Yield notes about what the cluster adds but the preview does not show."""
    settings, release = prediction.settings, prediction.installation.release
    if pod.unknown_runtime:
        yield f"the runtime {pod.unknown_runtime} is disabled or not known: what it adds to the pod is not shown"
    if settings is not None and release.has("bounded-queue"):
        yield from _unreleased(settings)
    if settings is not None and settings.batcher and not release.has("batcher-drops-responses"):
        yield "the response event contains the batcher's own answer, which is not shown here"
    if not release.has("silent-send-failures"):
        yield "KServe before 0.12 adds the headers Ce-Traceparent and Traceparent, which are not shown here"


def _unreleased(settings: AgentSettings) -> Iterator[str]:
    """Yield notes about changes that are open upstream: what they do, and what is not known of them yet."""
    stored = choose_sink(settings) != CLOUDEVENTS
    timeout = "" if stored else ", and waits for the sink at most 10 s (#6148)"
    yield f"not released: the agent drops new events while {QUEUE_SIZE} wait (#6173){timeout}"
    if settings.log_all_responses:
        unknown = "names of the annotation and the argument for logAllResponses"
        if stored:
            unknown += ", and whether a stored record has the status of its response,"
        yield f"not released: the {unknown} are not known yet (#6036), and not shown"
