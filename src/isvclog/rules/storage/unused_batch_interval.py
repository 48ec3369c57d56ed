"""A `batchInterval` without a `batchSize` above 1.

The interval limits how long a batch may wait, but it does not create batches. Without a `batchSize`, or with a
`batchSize` of 1, the agent writes each record at once as a separate object.

Instead: Set a `batchSize` above 1, or remove `batchInterval`.

    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
      batchInterval: 1m

    # after
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
      batchSize: 100
      batchInterval: 1m
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import batch_size, parse_interval, predictor_field, setting_path, stores_records


@rule("unused-batch-interval", Severity.WARNING, since="batchInterval", applies_to="storage")
def unused_batch_interval(context: LintContext) -> Iterator[Issue]:
    path = setting_path(context, "batchInterval")
    if path is None or context.may_be_elsewhere(*predictor_field(context, "batchSize")):
        return
    for logger in context.loggers:
        interval = parse_interval(logger.prediction.argument("--log-batch-interval") or "0")
        if stores_records(logger) and batch_size(logger) <= 1 and interval is not None and interval > 0:
            message = "`batchInterval` has no effect without a `batchSize` above 1: each record is written at once."
            yield Issue(path, message, "Set a `batchSize` above 1, or remove `batchInterval`.", at_key=True)
