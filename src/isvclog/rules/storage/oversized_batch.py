"""A `batchSize` for which the agent asks for more memory than KServe gives it.

At start, and again after each batch, the agent asks for the memory of a whole batch: 200 bytes for each record, besides
the bodies. It does so for every `url`, also of CloudEvents. On a host that grants no more memory than it has (no
overcommit), the agent exits with code 2. On others, it is killed when the batch fills up. KServe's own ConfigMap gives
the agent 1Gi.

Instead: Write a `batchSize` of some thousands at most, and set `batchInterval`.

    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
      batchSize: 2147483648
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
      batchSize: 1000
      batchInterval: 1m
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.agent.settings import AGENT_MEMORY_BYTES, batch_bytes
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import batch_size, setting_path

_GIB = 1 << 30


@rule("oversized-batch", Severity.WARNING, since="batchSize", applies_to="storage")
def oversized_batch(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        size = batch_size(logger)
        if batch_bytes(size) > AGENT_MEMORY_BYTES:
            message = (
                f"The agent asks for {batch_bytes(size) / _GIB:,.1f} GiB at start, for {size:,} records: on a "
                "host that does not grant this much, it exits with code 2 (CrashLoopBackOff)."
            )
            path = setting_path(context, "batchSize") or logger.field()
            yield Issue(path, message, "Write a smaller `batchSize`, for example 1000.")
            return  # the same for every component
