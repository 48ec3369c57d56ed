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
from isvclog.keypath import KeyPath
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import batch_size, sends_only_events, setting_path


@rule("unused-batch", Severity.WARNING, since="batchSize", applies_to="storage")
def unused_batch(context: LintContext) -> Iterator[Issue]:
    predictor, declared = context.predictor, context.predictor_logger
    if predictor is None or declared is None or (declared.batch_size is None and declared.batch_interval is None):
        return
    size = setting_path(context, "batchSize")
    if size and (declared.batch_size or 0) < 0:
        message = "A negative `batchSize` counts as not set: each record is written at once."
        yield Issue(size, message, "Write the number of records, or remove it.")
        return
    path = _batch_path(predictor)
    if path and sends_only_events(context):
        name = path[-1]
        message = f"`{name}` has no effect: the logger's URL is not object storage, so each event is sent at once."
        yield Issue(path, message, f"Write `s3://`, `gs://` or `abfs://` into `url`, or remove `{name}`.", at_key=True)


def _batch_path(predictor: LoggerContext) -> KeyPath | None:
    """Find the path of a setting that asks for batches, `batchSize` first; None if there is none."""
    size, interval = (setting_path(predictor.context, name) for name in ("batchSize", "batchInterval"))
    return (size or interval) if interval or batch_size(predictor) > 1 else None
