"""A `batchSize` above 1 without a `batchInterval`: records may wait forever.

With a `batchSize` above 1 and no `batchInterval` above zero, records wait in the agent's memory until the batch is
full. With little traffic this can take hours. The pod stops at each rollout and each scale-down, and then the records
that still wait are lost.

Instead: Add a `batchInterval`. Choose the longest period whose records you can afford to lose.

    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
      batchSize: 100

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


@rule("endless-batch", Severity.WARNING, since="batchSize", applies_to="storage")
def endless_batch(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        size = batch_size(logger)
        if size <= 1 or not stores_records(logger):
            continue
        interval = parse_interval(logger.prediction.argument("--log-batch-interval") or "0")
        if interval is None or interval > 0 or context.may_be_elsewhere(*predictor_field(context, "batchInterval")):
            continue
        path = setting_path(context, "batchInterval") or setting_path(context, "batchSize")
        message = (
            f"Records wait until there are {size:,} of them, without a time limit: "
            "records that still wait when the pod stops are lost."
        )
        yield Issue(path or logger.field(), message, "Set a `batchInterval` above zero, for example `1m`.")
