"""Why a logger sends nothing, what that does to the cluster, and what to do: sentences without any value."""

from typing import NamedTuple

from isvclog.kserve.exchange import receive
from isvclog.kserve.fate import culprit
from isvclog.kserve.journey import Journey
from isvclog.kserve.prediction import Obstacle, Prediction

_LOOP = (
    "the container restarts in a loop (CrashLoopBackOff): "
    "a new revision never becomes ready while old pods keep serving"
)
_OUTAGE = "the pod is not created; the same happens to every other KServe pod"


class Diagnosis(NamedTuple):
    because: str
    effect: str
    remedy: str


def diagnose(journey: Journey) -> Diagnosis | None:
    """None where everything is sent."""
    prediction = journey.prediction
    if prediction.obstacle is not None:
        return _of_obstacle(prediction, prediction.obstacle)
    if journey.sends:
        return None
    losses = journey.outcome.losses
    if losses:
        return Diagnosis(
            losses[0], "the agent only logs it; nothing arrives and no metric tells", _loss_remedy(losses[0])
        )
    return _nothing_logged(journey)


def _nothing_logged(journey: Journey) -> Diagnosis:
    settings = journey.prediction.settings
    assert settings is not None
    mode, response = settings.mode, journey.exchange.response
    if receive(journey.exchange.request) is None:
        because = "the request does not reach the logger: it is malformed, or a probe"
        return Diagnosis(because, "", "send another request")
    if journey.events != "all" and mode not in ("all", journey.events):
        return Diagnosis(f"mode is {mode}, so there is no {journey.events} event", "", "set mode: all to log both")
    if response is None or response.status != 200:
        return Diagnosis("only answers with status 200 are logged", "", "set mode: all, which logs every request")
    if settings.batcher:
        because = "the batcher hides its answers from the logger"
        return Diagnosis(because, "no answer is ever logged", "remove the batcher")
    return Diagnosis("the agent's proxy does not pass this exchange on", "clients get 502", "send another request")


def _of_obstacle(prediction: Prediction, obstacle: Obstacle) -> Diagnosis:
    reason = prediction.reason
    if obstacle is Obstacle.CRASH:
        return _crash(prediction)
    if obstacle is Obstacle.CONFIG:
        return Diagnosis(reason, "no InferenceService of this installation is reconciled", "mend the ConfigMap")
    if obstacle is Obstacle.NO_POD:
        return Diagnosis(reason, "nothing is logged", "use Standard or Knative mode for a service that must be logged")
    if obstacle is Obstacle.REFUSED_POD:
        return Diagnosis(reason, _OUTAGE, "mend the ConfigMap inferenceservice-config")
    if obstacle is Obstacle.NOT_INJECTED:
        effect = "nothing is logged; in Standard mode the Service still points to the agent's port, so requests fail"
        return Diagnosis(reason, effect, 'rename the container "agent"')
    if obstacle is Obstacle.NO_LOGGER:
        remedy = "set logger.url, or defaultUrl under logger in inferenceservice-config"
        return Diagnosis(reason, "requests pass, nothing is logged and nothing says so", remedy)
    return Diagnosis(reason, "nothing is logged", "set the logger in the component's spec, on KServe 0.9.0 or later")


def _crash(prediction: Prediction) -> Diagnosis:
    startup = prediction.startup
    assert startup is not None
    name = culprit(prediction)
    # A flag error repeats the whole argument, which may hold secrets; what is wrong with it stands at the end.
    problem = startup.message.rpartition(" flag: ")[2]
    if name:
        if startup.exit == 255:
            problem = "a comma splits its value, and a part of it is no key=value pair"
        remedy = f"write {name!r} without {_forbidden(startup.exit)}, or take it out of metadataAnnotations"
        return Diagnosis(f"annotation {name!r}: {problem}", _LOOP, remedy)
    return Diagnosis(problem, _LOOP, _start_remedy(startup.message))


def _forbidden(exit_code: int | None) -> str:
    return {2: "double quotes and line breaks", 255: "commas"}.get(exit_code or 0, "so many characters")


_START_REMEDIES = (
    ("--metadata-headers", "write metadataHeaders without double quotes"),
    ("--metadata-annotations", "write the listed annotations without double quotes, commas and line breaks"),
    ("--log-batch-interval", "write batchInterval as Go does: 5s, 1m30s"),
    ("Malformed log-url", "write logger.url as a whole URL: http://broker.example.svc/path"),
    ("Malformed log-mode", "write mode: all, request or response"),
    ("Error creating logger store", "use a URL of scheme s3, gs or abfs, with credentials in a service account"),
    ("SERVING_READINESS_PROBE", "give the first container an httpGet or tcpSocket readiness probe"),
    ("readiness probe", "give the first container an httpGet or tcpSocket readiness probe"),
    ("batch size", "set batcher.maxBatchSize above 0"),
    ("latency", "set batcher.maxLatency, in milliseconds, above 0"),
    ("too long", "list fewer or shorter annotations: all of them travel in one argument"),
)
_LOSS_REMEDIES = (
    ("unsupported protocol scheme", "write logger.url with http:// or https://"),
    ("no Host", "write logger.url with a host"),
    ("invalid port", "write a port below 65536 into logger.url"),
    ("Ce-Annotations", "take the control character out of the annotation"),
    ("invalid header field", "take the control character out"),
    ("datacontenttype", "clients must send a well-formed Content-Type"),
    ("id:", "clients must send a Ce-Id that is not blank, or none"),
    ("store not configured", "set predictor.logger.storage with a path, and write the scheme in lower case"),
    ("no bucket", "write the bucket into logger.url: s3://bucket/prefix"),
)


def _start_remedy(message: str) -> str:
    return next((remedy for part, remedy in _START_REMEDIES if part in message), "see the message")


def _loss_remedy(message: str) -> str:
    return next((remedy for part, remedy in _LOSS_REMEDIES if part in message), "see the message")
