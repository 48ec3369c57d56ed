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
from isvclog.rules.places import predictor_logger, setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import batch_size, interval_ns, records


@rule("unused-batch-interval", Severity.WARNING, since="batchInterval", applies_to="storage")
def unused_batch_interval(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        interval = logger.prediction.argument("--log-batch-interval")
        if context.may_be_elsewhere(*predictor_logger(logger), "batchSize"):
            continue
        if not interval or not records(logger) or batch_size(logger) > 1 or (interval_ns(interval) or 0) <= 0:
            continue
        place = setting_path(logger, "batchInterval")
        if place:
            message = "`batchInterval` has no effect without a `batchSize` above 1: each record is written at once."
            yield Issue(place, message, "Set a `batchSize` above 1, or remove `batchInterval`.", at_key=True)
