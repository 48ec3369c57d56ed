"""A `batchInterval` without a `batchSize` above 1.

The interval limits how long a batch may wait, and makes none by itself: without a `batchSize`, or with one of 1, each
record is written at once as an object of its own.

Instead: Set a `batchSize` above 1, or take the interval out.

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
from isvclog.rules.places import predictor_logger, setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import batch_size, interval_ns, records
from isvclog.rules.subject import Subject


@rule("unused-batch-interval", Severity.WARNING, since="batchInterval", topic="storage")
def unused_batch_interval(subject: Subject) -> Iterator[Issue]:
    for part in subject.parts:
        interval = part.prediction.argument("--log-batch-interval")
        if subject.open(*predictor_logger(part), "batchSize"):
            continue
        if not interval or not records(part) or batch_size(part) > 1 or (interval_ns(interval) or 0) <= 0:
            continue
        place = setting_path(part, "batchInterval")
        if place:
            message = "`batchInterval` has no effect without a `batchSize` above 1: each record is written at once."
            yield Issue(place, message, "Set a `batchSize` above 1, or remove `batchInterval`.", at_key=True)
