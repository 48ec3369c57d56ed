"""Explanations for loggers that send nothing: the cause, the effect on the cluster and the remedy.

The sentences contain no values from manifests. The only exception is the agent's own message about an event that it
drops, which contains the sink's URL.
"""

from collections.abc import Iterator
from typing import NamedTuple

from isvclog.diagnosis.lineage import crashing_annotation_name
from isvclog.kserve.agent.http_exchange import receive
from isvclog.kserve.agent.startup import ExitCause, Startup
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.spec import Logger
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.kserve.prediction import BlockedBy, Prediction
from isvclog.kserve.webhook.inject import Skipped

_LOOP = (
    "the container restarts in a loop (CrashLoopBackOff): "
    "a new revision never becomes ready, while old pods keep serving"
)
_OUTAGE = "the pod is not created; the same happens to every other KServe pod"


class Diagnosis(NamedTuple):
    """One explanation for a logger that sends nothing. `effect` and `remedy` are empty if there is nothing to say."""

    because: str
    effect: str
    remedy: str


def diagnose(result: ExchangeResult) -> Diagnosis | None:
    """Explain why an exchange is not logged completely; None if everything is sent."""
    prediction, delivery = result.prediction, result.delivery
    if prediction.blocked_by is not None:
        return _of_blocked(prediction, prediction.blocked_by)
    if result.sends:
        return None
    loss = delivery.dropped[0] if delivery.dropped else delivery.pending_drop_reason
    if loss:
        release = prediction.installation.release
        told = release.has("send-results-at-info") or not release.has("silent-send-failures") or "store" in loss
        effect = "the agent only logs it" if told else "not even the agent's log says so"
        return Diagnosis(loss, f"{effect}; nothing arrives, and no metric tells", _loss_remedy(loss))
    return _nothing_logged(result)


def notes(result: ExchangeResult) -> Iterator[str]:
    """Yield notes that help even if something is sent: missing events, and settings that others override."""
    prediction, settings, pod = result.prediction, result.prediction.settings, result.prediction.pod
    logger, release = prediction.logger, prediction.installation.release
    if pod is None:
        return
    if logger is not None:
        for what, internal, written in (("mode", c.MODE, logger.mode), ("url", c.SINK_URL, logger.url)):
            if pod.annotations.get(internal) != written:
                yield f"the annotation {internal} overrides logger.{what}"
        if prediction.component.name != c.PREDICTOR and (ignored := _of_predictors(logger)):
            yield f"{', '.join(ignored)}: KServe reads this from the predictor's logger only"
    if settings is None:
        return
    if c.SINK_URL not in pod.annotations and settings.url.string() == c.FORMER_BROKER:
        yield "the sink is the shipped defaultUrl, a host that normally does not exist any more; set logger.url"
    if result.sends and result.events == "all" and settings.mode == "all" and len(result.logged) == 1:
        yield f"there is no response event: {_silence(result)}"
    # The Service of a canary predictor is made without its logger (components/predictor.go:942-946).
    if prediction.service.canary and prediction.component.name == c.PREDICTOR and prediction.mode == c.STANDARD:
        yield "requests to the predictors in spec.canary are not logged: their Services go past the agent"
    if pod.unknown_runtime:
        yield f"the runtime {pod.unknown_runtime} is disabled or not known: what it adds is not shown"
    if settings.batcher and not release.has("batcher-drops-responses"):
        yield "the response event holds the batcher's own answer, which is not shown here"
    if not release.has("silent-send-failures"):
        yield "KServe before 0.12 adds the headers Ce-Traceparent and Traceparent, which are not shown here"


def _of_predictors(logger: Logger) -> list[str]:
    """List the fields of a logger that the webhook reads from the predictor's logger only, whatever the component."""
    fields = {
        "storage": logger.storage,
        "marshallerUrl": logger.marshaller_url,
        "batchSize": logger.batch_size,
        "batchInterval": logger.batch_interval,
    }
    return [name for name, value in fields.items() if value is not None]


def _nothing_logged(result: ExchangeResult) -> Diagnosis:
    settings = result.prediction.settings
    assert settings is not None
    mode, request = settings.mode, result.exchange.request
    if request.http2 and not settings.release.has("grpc-logging"):
        return Diagnosis("this release logs no gRPC requests", "nothing is logged", "use KServe 0.10.0 or later")
    if receive(request) is None:
        because = "the request does not reach the logger: it is malformed, or a probe"
        return Diagnosis(because, "", "send another request")
    if result.events != "all" and mode not in ("all", result.events):
        return Diagnosis(f"mode is {mode}, so there is no {result.events} event", "", "set mode: all to log both")
    remedy = "" if mode == "all" else "set mode: all, which logs every request"
    return Diagnosis(_silence(result), "", remedy)


def _silence(result: ExchangeResult) -> str:
    """Explain why there is no response event."""
    settings, response = result.prediction.settings, result.exchange.response
    if response is None or response.status != 200:
        return "only answers with status 200 are logged"
    if settings is not None and settings.batcher:
        return "the batcher hides its answers from the logger"
    return "the agent's proxy does not pass this answer on"


def _of_blocked(prediction: Prediction, blocked_by: BlockedBy) -> Diagnosis:
    reason = prediction.reason
    if blocked_by is BlockedBy.CRASH:
        return diagnose_crash(prediction)
    if blocked_by is BlockedBy.CONFIG:
        return Diagnosis(reason, "no InferenceService of this installation is reconciled", "mend the ConfigMap")
    if blocked_by is BlockedBy.NO_POD:
        return Diagnosis(reason, "nothing is logged", "use Standard or Knative mode for a service that must be logged")
    if blocked_by is BlockedBy.REJECTED_POD:
        if c.PULLER_CONFIG_VOLUME in reason:
            return Diagnosis(reason, "the pod is not created", f"remove the annotation {c.PULLER}")
        return Diagnosis(reason, _OUTAGE, "mend the ConfigMap inferenceservice-config")
    if blocked_by is BlockedBy.NOT_INJECTED:
        port = "; the Service still points to the agent's port, so requests fail"
        redirected = prediction.mode == c.STANDARD and prediction.pod is not None and prediction.pod.redirected
        effect = "nothing is logged" + (port if redirected else "")
        taken = prediction.injection is not None and prediction.injection.skipped is Skipped.NAME_TAKEN
        remedy = 'rename the container "agent"' if taken else f"let the annotation {c.LOGGER} reach the pod"
        return Diagnosis(reason, effect, remedy)
    if blocked_by is BlockedBy.NO_LOGGER:
        remedy = "set logger.url, or defaultUrl under logger in inferenceservice-config"
        if prediction.pod is not None and c.SINK_URL in prediction.pod.annotations:
            remedy = "write a URL into logger.url, or take the empty one out to have the ConfigMap's defaultUrl"
        return Diagnosis(reason, "requests pass, nothing is logged and nothing says so", remedy)
    if prediction.logger is None:
        return Diagnosis(reason, "nothing is logged", "set the logger in the component's spec")
    return Diagnosis(reason, "nothing is logged", "use KServe 0.9.0 or later, or the Knative mode")


def diagnose_crash(prediction: Prediction) -> Diagnosis:
    """Explain why the agent does not start. The prediction must be one of an agent that fails."""
    startup = prediction.startup
    assert startup is not None
    assert startup.cause is not None
    name = crashing_annotation_name(prediction)
    # A flag error repeats the whole argument, which may hold secrets; what is wrong with it stands at the end.
    detail = startup.message.rpartition(" flag: ")[2] if startup.cause is ExitCause.FLAG else startup.cause.value
    if name:
        because, forbidden = _BLAME[startup.cause]
        remedy = f"write {name!r} without {forbidden}, or take it out of metadataAnnotations"
        return Diagnosis(f"annotation {name!r}: {because or detail}", _LOOP, remedy)
    if startup.cause is ExitCause.FLAG and not startup.flag:
        return Diagnosis("it is given a flag that it does not know", _LOOP, "take the flag out, or use another agent")
    because = detail if startup.cause is not ExitCause.FLAG else f"--{startup.flag}: {detail}"
    return Diagnosis(because, _LOOP, _crash_remedy(startup))


_BLAME = {
    ExitCause.FLAG: ("", "double quotes and line breaks"),
    ExitCause.PAIR: ("a comma splits its value, and a part of it is no key=value pair", "commas"),
    ExitCause.TOO_LONG: (
        "it is the longest of the annotations, which all travel in one argument",
        "so many characters",
    ),
    ExitCause.NUL: ("it holds a NUL character", "the NUL character"),
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
    ExitCause.SOURCE: "this is the pod's own name; report it",
    ExitCause.PAIR: "write the listed annotations without commas",
    ExitCause.STORE_FORMAT: "set the storage's parameter format: json, which is all that KServe 0.16 knows",
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
        return f"take the NUL character out of {field}"
    if startup.cause is ExitCause.FLAG:
        return f"write {field} without double quotes"
    return _REMEDIES[startup.cause]


_LOSS_REMEDIES = (
    ("unsupported protocol scheme", "write logger.url with http:// or https://"),
    ("the marshaller", "write marshallerUrl with http:// or https:// and a host"),
    ("no Host", "write logger.url with a host"),
    ("invalid port", "write a port below 65536 into logger.url"),
    ("no such host", "write a host name that exists into logger.url"),
    ("Ce-Annotations", "take the control character out of the annotation"),
    ("invalid header field", "take the control character out"),
    ("datacontenttype", "clients must send a well-formed Content-Type"),
    ("id:", "clients must send a Ce-Id that is not blank, or none"),
    (
        "store not configured",
        "write logger.url with http:// or https://, or s3://, gs:// or abfs:// with predictor.logger.storage",
    ),
    ("no bucket", "write the bucket into logger.url: s3://bucket/prefix"),
)


def _loss_remedy(message: str) -> str:
    return next((remedy for part, remedy in _LOSS_REMEDIES if part in message), "see the message")
