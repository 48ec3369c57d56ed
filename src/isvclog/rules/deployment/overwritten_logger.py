"""A `logger` that the TrustyAI operator may replace.

The TrustyAI operator (Open Data Hub, OpenShift AI) processes all InferenceServices of a namespace with a
TrustyAIService. It replaces the whole `spec.predictor.logger` with `mode: all` and its own URL. It removes
`metadataHeaders`, `metadataAnnotations` and all other fields of the block, and the sink gets nothing. The operator
changes nothing only if the logger already has the URL that the operator writes.

If the service's namespace has a TrustyAIService (in the files of the same run or in the cluster), this is an error. In
Knative mode it is a warning, because newer operators process only services with an annotation for the mode. Otherwise
isvclog guesses from the manifest, because the operator sets no label on services: it looks for labels and annotations
of opendatahub.io and for a sink named after TrustyAI. Source: patchKServe in controllers/tas/inference_services.go of
github.com/trustyai-explainability/trustyai-service-operator.

Instead: Ask for a namespace without a TrustyAIService. If TrustyAI must get the events, leave `logger` out: the
operator writes it. In Standard mode its URL is `https://NAME.NAMESPACE.svc.cluster.local`, which needs a `caBundle` in
the ConfigMap `inferenceservice-config`; without it every event is lost. A `logger` of a transformer stays as it is.

    # before
    metadata:
      labels:
        opendatahub.io/dashboard: "true"
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn

    # after
    metadata:
      labels:
        opendatahub.io/dashboard: "true"
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.kserve.apis.constants import KNATIVE, MODELMESH, PREDICTOR, STANDARD
from isvclog.kserve.apis.spec import InferenceService
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_DOMAIN = "opendatahub.io/"
_NAME = "trustyai"
_REMEDY = "Ask for a namespace without one, or leave `logger` out: the operator writes its own."


@rule("overwritten-logger", Severity.INFO)
def overwritten_logger(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        url = logger.declared.url or "" if logger.declared else ""
        if _is_left_alone(logger, url):
            continue
        if name := context.beside.trustyai.get(context.key[0]):
            message = f"The operator of the TrustyAIService {code(name)} in this namespace replaces the whole `logger`."
            severity = Severity.ERROR if logger.prediction.mode == STANDARD else Severity.WARNING
            yield Issue(logger.field(), message, _REMEDY, severity=severity, at_key=True)
        elif _NAME in url or _may_be_managed(logger.service):
            message = "The TrustyAI operator replaces the whole `logger` if this namespace has a TrustyAIService."
            yield Issue(logger.field(), message, _REMEDY, at_key=True)


def _may_be_managed(service: InferenceService) -> bool:
    keys = (*service.labels, *service.annotations)
    return any(key.startswith(_DOMAIN) or f".{_DOMAIN}" in key for key in keys)


def _is_left_alone(logger: LoggerContext, url: str) -> bool:
    """Return True if the operator does not change the logger."""
    is_other = logger.name != PREDICTOR or logger.declared is None
    return is_other or logger.prediction.mode == MODELMESH or _is_operator_url(url, logger)


def _is_operator_url(url: str, logger: LoggerContext) -> bool:
    scheme = "http" if logger.prediction.mode == KNATIVE else "https"
    namespace = logger.service.namespace if logger.context.value(("metadata", "namespace")) else ""
    ending = f".{namespace}.svc.cluster.local" if namespace else ".svc.cluster.local"
    return url.startswith(f"{scheme}://{_NAME}") and url.endswith(ending)
