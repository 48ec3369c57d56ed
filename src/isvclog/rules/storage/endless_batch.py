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
from isvclog.rules.places import predictor_logger, setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import batch_size, interval_ns, records


@rule("endless-batch", Severity.WARNING, since="batchSize", applies_to="storage")
def endless_batch(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        size = batch_size(logger)
        if size <= 1 or not records(logger) or context.may_be_elsewhere(*predictor_logger(logger), "batchInterval"):
            continue
        interval = interval_ns(logger.prediction.argument("--log-batch-interval") or "0")
        if interval is None or interval > 0:
            continue
        place = setting_path(logger, "batchInterval") or setting_path(logger, "batchSize")
        message = (
            f"Records wait until there are {size:,} of them, however long that takes: "
            "a batch that is not full when the pod stops is lost."
        )
        yield Issue(place or logger.field(), message, "Set a `batchInterval` above zero, such as `1m`.")
