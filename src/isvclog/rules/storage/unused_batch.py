"""A `batchSize` or `batchInterval` that has no effect.

The agent collects only records for object storage in batches. It sends each CloudEvent separately and at once, whatever
the values of `batchSize` and `batchInterval` are. A negative `batchSize` counts as not set.

Instead: Write an object storage URL into `url`, or remove the batch settings.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      batchSize: 100
      batchInterval: 1m

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.rules.context import LintContext
from isvclog.rules.places import setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import batch_size, only_events


@rule("unused-batch", Severity.WARNING, since="batchSize", applies_to="storage")
def unused_batch(context: LintContext) -> Iterator[Issue]:
    declared = context.service.predictor_logger if context.service else None
    if declared is None or (declared.batch_size is None and declared.batch_interval is None):
        return
    for logger in context.loggers[:1]:
        size, interval = setting_path(logger, "batchSize"), setting_path(logger, "batchInterval")
        if size and (declared.batch_size or 0) < 0:
            message = "A negative `batchSize` counts as none: each record is written at once."
            yield Issue(size, message, "Write the number of records, or remove it.")
        elif ((size and batch_size(logger) > 1) or interval) and only_events(context):
            name = "batchSize" if size else "batchInterval"
            message = f"`{name}` has no effect: the logger's URL is no object storage, so each event is sent at once."
            remedy = f"Write `s3://`, `gs://` or `abfs://` into `url`, or remove `{name}`."
            yield Issue(size or interval or (), message, remedy, at_key=True)
