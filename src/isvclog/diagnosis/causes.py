"""Explanations for loggers that send nothing: the cause, the effect on the cluster and the remedy.

The sentences contain no values from manifests. The only exception is the agent's own message about an event that it
drops, which contains the sink's URL.
"""

from collections.abc import Iterator, Mapping

from isvclog.diagnosis.lineage import crashing_annotation_name
from isvclog.kserve.agent.http_exchange import Response, receive
from isvclog.kserve.agent.settings import AGENT_MEMORY_BYTES, AgentSettings, batch_bytes
from isvclog.kserve.agent.startup import ExitCause, Startup
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import Logger
from isvclog.kserve.controller.pod import Pod
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.kserve.logger.dispatcher import QUEUE_SIZE, choose_sink
from isvclog.kserve.logger.events import RESPONSE
from isvclog.kserve.logger.messages import is_logged
from isvclog.kserve.prediction import BlockedBy, Prediction, predict_worker
from isvclog.kserve.webhook.inject import Skipped
from isvclog.records import NamedTuple

_LOOP = (
    "the container restarts in a loop (CrashLoopBackOff): "
    "a new revision never becomes ready, while old pods keep serving"
)


class Diagnosis(NamedTuple):
    """One explanation for a logger that sends nothing. `effect` and `remedy` are empty if there is nothing to say."""

    because: str
    effect: str
    remedy: str


def diagnose(result: ExchangeResult) -> Diagnosis | None:
    """Explain why an exchange is not logged completely; None if everything is sent."""
    prediction, delivery = result.prediction, result.delivery
    if prediction.blocked_by is not None:
        return _explain_blocked(prediction, prediction.blocked_by)
    if result.sends:
        return None
    message = delivery.dropped[0] if delivery.dropped else delivery.pending_drop_reason
    return _explain_drop(message, prediction.installation.release) if message else _explain_silence(result)


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
        yield f"the agent asks for {batch_bytes(size):,} bytes at start: it exits with code 2 if the host refuses them"
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
        yield f"there is no response event: {_response_problem(result)}"
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
        yield f"the runtime {pod.unknown_runtime} is disabled or not known: what it adds is not shown"
    if settings is not None and release.has("bounded-queue"):
        yield from _unreleased(settings)
    if settings is not None and settings.batcher and not release.has("batcher-drops-responses"):
        yield "the response event contains the batcher's own answer, which is not shown here"
    if not release.has("silent-send-failures"):
        yield "KServe before 0.12 adds the headers Ce-Traceparent and Traceparent, which are not shown here"


def _unreleased(settings: AgentSettings) -> Iterator[str]:
    """Yield notes about changes that are open upstream: what they do, and what is not known of them yet."""
    stored = choose_sink(settings) != CLOUDEVENTS
    timeout = "" if stored else ", and gives up after 10 s what the sink does not answer (#6148)"
    yield f"not released: the agent drops what it logs while {QUEUE_SIZE} others wait (#6173){timeout}"
    if settings.log_all_responses:
        unknown = "names of the annotation and the argument for logAllResponses"
        if stored:
            unknown += ", and whether a stored record has the status of its response,"
        yield f"not released: the {unknown} are not known yet (#6036), and not shown"


def _explain_drop(message: str, release: Release) -> Diagnosis:
    """Explain the agent's own message about an event or a batch that it drops."""
    reported = f"{'only' if is_logged(message, release) else 'not even'} the agent's log reports it"
    remedy = next((remedy for part, remedy in _DROP_REMEDIES if part in message), "see the message")
    return Diagnosis(message, f"nothing arrives at the sink, and no metric shows it; {reported}", remedy)


def _explain_silence(result: ExchangeResult) -> Diagnosis:
    """Explain why a running logger logs nothing of an exchange."""
    settings = result.prediction.settings
    assert settings is not None
    mode, request = settings.mode, result.exchange.request
    if request.http2 and not settings.release.has("grpc-logging"):
        return Diagnosis("this release does not log gRPC requests", "nothing is logged", "use KServe 0.10.0 or later")
    if receive(request) is None:
        because = "the request does not reach the logger: it is malformed, or a probe"
        return Diagnosis(because, "", "send another request")
    remedy = "" if mode == "all" else "set mode: all, which logs every request"
    return Diagnosis(_response_problem(result), "", remedy)


def _response_problem(result: ExchangeResult) -> str:
    """Explain why there is no response event."""
    settings, response = result.prediction.settings, result.exchange.response
    any_status = settings is not None and settings.log_all_responses
    if response is None or (response.status != 200 and not any_status):
        return "only answers with status 200 are logged"
    if settings is not None and settings.batcher:
        if settings.log_all_responses:
            return "what is logged of a batcher's answer with logAllResponses is not known"
        return "the batcher hides its answers from the logger"
    return "the agent's proxy does not pass this answer on"


def _explain_blocked(prediction: Prediction, blocked_by: BlockedBy) -> Diagnosis:
    if blocked_by is BlockedBy.CRASH:
        return diagnose_crash(prediction)
    if found := _explain_no_pod(prediction):
        return found
    if blocked_by is BlockedBy.CONFIG:
        effect, remedy = "KServe's controller reconciles no InferenceService at all", "fix the ConfigMap"
    elif blocked_by is BlockedBy.NO_POD:
        effect, remedy = "nothing is logged", "use Standard or Knative mode for a service that must be logged"
    elif blocked_by is BlockedBy.REJECTED_POD:
        effect, remedy = _rejection(prediction)
    elif blocked_by is BlockedBy.NOT_INJECTED:
        effect, remedy = _missing_agent(prediction)
    elif blocked_by is BlockedBy.NO_LOGGER:
        effect, remedy = "requests are answered, nothing is logged, and nothing reports this", _url_remedy(prediction)
    elif prediction.component.canary:
        effect, remedy = "nothing is logged", "send requests that must be logged to the stable predictor"
    elif prediction.logger is None:
        effect, remedy = "nothing is logged", "add a logger to the component's spec"
    else:
        effect, remedy = "nothing is logged", "use KServe 0.9.0 or later, or Knative mode"
    return Diagnosis(prediction.reason, effect, remedy)


def _explain_no_pod(prediction: Prediction) -> Diagnosis | None:
    """Explain why no pod comes, as predicted or as the cluster reports it."""
    if prediction.undeployed is not None:
        from isvclog.diagnosis.undeployed import explain_undeployed

        return Diagnosis(*explain_undeployed(prediction.undeployed, prediction.service, prediction.installation))
    if prediction.shortage is None:
        return None
    from isvclog.diagnosis.shortages import explain_shortage  # only a cluster reports one

    return Diagnosis(*explain_shortage(prediction.shortage))


def _rejection(prediction: Prediction) -> tuple[str, str]:
    """Return effect and remedy for a pod that the webhook rejects."""
    if c.PULLER_CONFIG_VOLUME in prediction.reason:
        return "the pod is not created", f"remove the annotation {c.PULLER}"
    return "neither this pod nor any other KServe pod is created", "fix the ConfigMap inferenceservice-config"


def _missing_agent(prediction: Prediction) -> tuple[str, str]:
    """Return effect and remedy for a pod without an agent."""
    effect = "nothing is logged"
    if prediction.mode == c.STANDARD and prediction.pod is not None and prediction.pod.redirected:
        effect += "; the Service still points to the agent's port, so requests fail"
    if prediction.injection is not None and prediction.injection.skipped is Skipped.NAME_TAKEN:
        return effect, 'rename the container "agent"'
    if prediction.injection is not None and prediction.injection.skipped is Skipped.EXCLUDED:
        return effect, f"deploy the service in a namespace without the label {c.EXCLUDING_LABEL}"
    return effect, f"make sure that the annotation {c.LOGGER} reaches the pod"


def _url_remedy(prediction: Prediction) -> str:
    """Return the remedy for an agent whose --log-url is empty."""
    if prediction.pod is not None and c.SINK_URL in prediction.pod.annotations:
        return "write a URL into logger.url, or remove the empty one to use the ConfigMap's defaultUrl"
    return "set logger.url, or defaultUrl under logger in inferenceservice-config"


def diagnose_crash(prediction: Prediction) -> Diagnosis:
    """Explain why the agent does not start. The prediction must be one of an agent that fails."""
    startup = prediction.startup
    assert startup is not None
    assert startup.cause is not None
    if name := crashing_annotation_name(prediction):
        because, remedy = _ANNOTATION_PROBLEMS[startup.cause]
        remedy = f"{remedy.format(repr(name))}, or remove it from metadataAnnotations"
        return Diagnosis(f"annotation {name!r}: {because or _detail(startup)}", _LOOP, remedy)
    return diagnose_start(startup)


def diagnose_start(startup: Startup) -> Diagnosis:
    """Explain why an agent does not start, from its arguments alone."""
    cause, detail = startup.cause, _detail(startup)
    if cause is None:
        return Diagnosis("it prints its usage and exits", _LOOP, "leave out --help")
    if cause is ExitCause.FLAG and not startup.flag:
        return Diagnosis("it gets a flag that it does not know", _LOOP, "remove the flag, or use another agent")
    because = f"--{startup.flag}: {detail}" if cause is ExitCause.FLAG else detail
    return Diagnosis(because, _LOOP, _crash_remedy(startup))


def _detail(startup: Startup) -> str:
    """Describe the cause. The agent's message repeats a whole argument, which may contain secrets, before the cause."""
    if startup.cause is ExitCause.FLAG:
        return startup.message.rpartition(" flag: ")[2]
    return startup.cause.value if startup.cause else ""


# What is wrong with the annotation that keeps the agent from starting, and what to do with the annotation.
_ANNOTATION_PROBLEMS: Mapping[ExitCause, tuple[str, str]] = {
    ExitCause.FLAG: ("", "write {} without double quotes, commas and line breaks"),
    ExitCause.PAIR: ("a comma splits its value, and one part of it is not a key=value pair", "write {} without commas"),
    ExitCause.TOO_LONG: ("it is the longest of the annotations, which KServe passes in one argument", "shorten {}"),
    ExitCause.NUL: ("it contains a NUL character", "write {} without the NUL character"),
}
_FIELDS = {
    "metadata-headers": "metadataHeaders",
    "metadata-annotations": "metadataAnnotations",
    "log-url": "logger.url",
    "log-batch-interval": "batchInterval",
    "log-batch-size": "batchSize",
    "log-store-path": "storage.path",
    "log-store-format": "the storage's format",
    "log-marshaller-url": "marshallerUrl",
}
_REMEDIES = {
    ExitCause.PROBE: "give transformer-container, or else the first container, an httpGet or tcpSocket readiness probe",
    ExitCause.MODE: "write mode: all, request or response",
    ExitCause.URL: "write logger.url as a whole URL, http://broker.example.svc/path, and a percent sign in it as %25",
    ExitCause.SOURCE: "report this to isvclog: the source is the pod's own name",
    ExitCause.PAIR: "write the listed annotations without commas",
    ExitCause.WORKERS: "write --workers as a number above zero",
    ExitCause.STORE_FORMAT: "set the storage parameter format: json, the only format that KServe 0.16 knows",
    ExitCause.STORE_SCHEME: "write logger.url with s3://, gs:// or abfs://",
    ExitCause.STORE_CREDENTIALS: "give the storage's service account a secret with the credentials",
    ExitCause.BATCHER: "set batcher.maxBatchSize and batcher.maxLatency above 0",
}


def _crash_remedy(startup: Startup) -> str:
    assert startup.cause is not None
    field = _FIELDS.get(startup.flag, startup.flag)
    if startup.flag == "log-batch-interval":
        return "write batchInterval as Go does: 5s, 1m30s"
    if startup.flag == "log-batch-size":
        return "write batchSize as a small whole number"
    if startup.cause is ExitCause.TOO_LONG:
        return f"shorten {field}"
    if startup.cause is ExitCause.NUL:
        return f"remove the NUL character from {field}"
    if startup.cause is ExitCause.FLAG:
        return f"write {field} without double quotes"
    return _REMEDIES[startup.cause]


_DROP_REMEDIES = (
    ("unsupported protocol scheme", "write logger.url with http:// or https://"),
    ("the marshaller", "write marshallerUrl with http:// or https:// and a host"),
    ("no Host", "write logger.url with a host"),
    ("invalid port", "write a port below 65536 into logger.url"),
    ("no such host", "write a host name that exists into logger.url"),
    ("Ce-Annotations", "remove the control character from the annotation"),
    ("invalid header field", "remove the control character"),
    ("datacontenttype", "clients must send a well-formed Content-Type"),
    ("id:", "clients must send a Ce-Id that is not blank, or none"),
    (
        "store not configured",
        "write logger.url with http:// or https://, or s3://, gs:// or abfs:// with predictor.logger.storage",
    ),
    (
        "x509",
        "no public authority signs a name inside the cluster: write http:// into logger.url, or set caBundle in "
        "inferenceservice-config",
    ),
    ("no bucket", "write the bucket into logger.url: s3://bucket/prefix"),
)
