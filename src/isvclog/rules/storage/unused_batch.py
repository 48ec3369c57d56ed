"""Batch settings without effect.

Only records for object storage are collected in batches: CloudEvents are sent one by one, at once, whatever `batchSize`
and `batchInterval` say. A negative `batchSize` counts as none.

Instead: Write the URL of object storage, or take the batch settings out.

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
from isvclog.rules.places import setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import batch_size, only_events
from isvclog.rules.subject import Subject


@rule("unused-batch", Severity.WARNING, since="batchSize", topic="storage")
def unused_batch(subject: Subject) -> Iterator[Issue]:
    logger = subject.service.predictor_logger if subject.service else None
    if logger is None or (logger.batch_size is None and logger.batch_interval is None):
        return
    for part in subject.parts[:1]:
        size, interval = setting_path(part, "batchSize"), setting_path(part, "batchInterval")
        if size and (logger.batch_size or 0) < 0:
            message = "A negative `batchSize` counts as none: each record is written at once."
            yield Issue(size, message, "Write the number of records, or remove it.")
        elif ((size and batch_size(part) > 1) or interval) and only_events(subject):
            name = "batchSize" if size else "batchInterval"
            message = f"`{name}` has no effect: the logger's URL is no object storage, so each event is sent at once."
            remedy = f"Write `s3://`, `gs://` or `abfs://` into `url`, or remove `{name}`."
            yield Issue(size or interval or (), message, remedy, at_key=True)
