"""Storage or batch settings of a transformer or explainer, which KServe ignores.

KServe accepts `storage`, `marshallerUrl`, `batchSize` and `batchInterval` there and ignores them. For the pods of every
component, it reads these settings from the predictor's logger. It reads settings that the predictor's logger does not
have from the ConfigMap, but `storage` only if the predictor has no logger at all.

Instead: Write them into the predictor's logger.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: s3://inference-logs/kserve
          storage:
            path: records
            key: logger
            parameters:
              format: json
      transformer:
        logger:
          mode: all
          url: s3://inference-logs/kserve
          batchSize: 100
        containers:
          - name: kserve-container
            image: example.com/transformer

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: s3://inference-logs/kserve
          storage:
            path: records
            key: logger
            parameters:
              format: json
          batchSize: 100
      transformer:
        logger:
          mode: all
          url: s3://inference-logs/kserve
        containers:
          - name: kserve-container
            image: example.com/transformer
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.kserve.apis.spec import Logger
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule

_NONE = Logger()


@rule("ignored-outside-predictor", Severity.WARNING, since="storage", applies_to="storage")
def ignored_outside_predictor(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        if logger.name == PREDICTOR or logger.declared is None:
            continue
        read = _settings(logger.service.predictor_logger or _NONE)
        for name, value in _settings(logger.declared).items():
            if value is not None and value != read[name]:
                message = f"`{name}` has no effect here: KServe reads it only from the predictor's logger."
                remedy = (
                    f"Write `{name}` into `spec.predictor.logger`, or into inferenceservice-config for all services."
                )
                yield Issue(logger.field(name), message, remedy, at_key=True)


def _settings(logger: Logger) -> dict[str, object]:
    return {
        "storage": logger.storage,
        "marshallerUrl": logger.marshaller_url,
        "batchSize": logger.batch_size,
        "batchInterval": logger.batch_interval,
    }
