"""A `logger` that the TrustyAI operator may replace.

The TrustyAI operator (Open Data Hub, OpenShift AI) processes all InferenceServices of a namespace with a
TrustyAIService. It replaces the whole `spec.predictor.logger` with `mode: all` and its own URL. It removes
`metadataHeaders`, `metadataAnnotations` and all other fields of the block, and the sink gets nothing. The operator
changes nothing only if the logger already has the URL that the operator writes.

The operator sets no label on services, so isvclog guesses from the manifest: it looks for labels and annotations of
opendatahub.io and for a sink named after TrustyAI. Source: patchKServe in controllers/tas/inference_services.go of
github.com/trustyai-explainability/trustyai-service-operator.

Instead: Ask for a namespace without a TrustyAIService. Or send events to TrustyAI, with the URL exactly as the operator
writes it: `https://NAME.NAMESPACE.svc.cluster.local` in Standard mode, the same with `http` in Knative mode. The
operator then keeps the lists.

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
      namespace: research
      labels:
        opendatahub.io/dashboard: "true"
      annotations:
        serving.kserve.io/deploymentMode: Standard
    spec:
      predictor:
        logger:
          mode: all
          url: https://trustyai-service.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import KNATIVE, MODELMESH, PREDICTOR
from isvclog.kserve.apis.spec import InferenceService
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_DOMAIN = "opendatahub.io/"
_NAME = "trustyai"


@rule("overwritten-logger", Severity.INFO)
def overwritten_logger(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        declared = logger.declared
        if logger.name != PREDICTOR or declared is None or logger.prediction.mode == MODELMESH:
            continue
        url = declared.url or ""
        if (_NAME in url or _may_be_managed(logger.service)) and not _is_operator_url(url, logger):
            message = "The TrustyAI operator replaces the whole `logger` if this namespace has a TrustyAIService."
            remedy = "Ask for a namespace without one, or write the URL as the operator does."
            yield Issue(logger.field(), message, remedy, at_key=True)


def _may_be_managed(service: InferenceService) -> bool:
    keys = (*service.labels, *service.annotations)
    return any(key.startswith(_DOMAIN) or f".{_DOMAIN}" in key for key in keys)


def _is_operator_url(url: str, logger: LoggerContext) -> bool:
    scheme = "http" if logger.prediction.mode == KNATIVE else "https"
    namespace = logger.service.namespace if logger.context.value(("metadata", "namespace")) else ""
    ending = f".{namespace}.svc.cluster.local" if namespace else ".svc.cluster.local"
    return url.startswith(f"{scheme}://{_NAME}") and url.endswith(ending)
