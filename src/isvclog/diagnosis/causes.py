"""Explanations for loggers that send nothing: the cause, the effect on the cluster and the remedy.

The sentences contain no values from manifests. The only exception is the agent's own message about an event that it
drops, which contains the sink's URL.
"""

from isvclog.diagnosis.crashes import diagnose_crash
from isvclog.diagnosis.model import Diagnosis
from isvclog.kserve.agent.http_exchange import receive
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.kserve.logger.messages import is_logged
from isvclog.kserve.prediction import BlockedBy, Prediction
from isvclog.kserve.webhook.inject import Skipped


def diagnose(result: ExchangeResult) -> Diagnosis | None:
    """Explain why an exchange is not logged completely; None if everything is sent."""
    prediction, delivery = result.prediction, result.delivery
    if prediction.blocked_by is not None:
        return _explain_blocked(prediction, prediction.blocked_by)
    if result.sends:
        return None
    message = delivery.dropped[0] if delivery.dropped else delivery.pending_drop_reason
    return _explain_drop(message, prediction.installation.release) if message else _explain_silence(result)


def _explain_drop(message: str, release: Release) -> Diagnosis:
    """Explain the agent's own message about an event or a batch that it drops."""
    reported = f"{'only' if is_logged(message, release) else 'not even'} the agent's log reports it"
    remedy = next((remedy for part, remedy in _DROP_REMEDIES if part in message), "change what the message names")
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
    return Diagnosis(response_problem(result), "", remedy)


def response_problem(result: ExchangeResult) -> str:
    """Explain why there is no response event."""
    settings, response = result.prediction.settings, result.exchange.response
    any_status = settings is not None and settings.log_all_responses
    if response is None or (response.status != 200 and not any_status):
        return "only answers with status 200 are logged"
    if settings is not None and settings.batcher:
        if settings.log_all_responses:
            return "it is not known what logAllResponses logs of a batcher's answer"
        return "the batcher hides its answers from the logger"
    return "the agent's proxy does not pass this answer on"


def _explain_blocked(prediction: Prediction, blocked_by: BlockedBy) -> Diagnosis:
    if blocked_by is BlockedBy.CRASH:
        return diagnose_crash(prediction)
    if found := _explain_no_pod(prediction):
        return found
    if blocked_by is BlockedBy.CONFIG:
        effect, remedy = "KServe deploys and updates no InferenceService at all", "fix the ConfigMap"
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
