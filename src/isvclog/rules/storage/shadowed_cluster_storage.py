"""Cluster `storage` that is ignored because the predictor's `logger` has none.

The ConfigMap `inferenceservice-config` may have `storage` for all loggers. But if a predictor has a `logger`, KServe
reads `storage` from that logger only. If the logger has no `storage`, there is none: with an object storage `url` the
agent opens no store and drops every record. The other settings, such as `batchSize`, do not behave like this.

Instead: Repeat the cluster's `storage` in the predictor's logger.

    # isvclog lint --inferenceservice-config config.yaml
    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve

    # after
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
"""

from collections.abc import Iterator

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.findings import Severity
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import NOTHING_STORED, hides_cluster_storage, predictor_field

_MESSAGE = (
    "The predictor's logger has no `storage`, so KServe also ignores the one in inferenceservice-config: "
    f"{NOTHING_STORED}"
)
_REMEDY = "Repeat the cluster's `storage` with `path`, `parameters` and `key` in the predictor's logger."


@rule("shadowed-cluster-storage", Severity.ERROR, since="storage", applies_to="storage")
def shadowed_cluster_storage(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        if context.may_be_elsewhere(*predictor_field(context, "storage")):
            continue
        if logger.sink is not None and logger.sink.problem is SinkProblem.NO_STORE and hides_cluster_storage(context):
            yield Issue(predictor_field(context), _MESSAGE, _REMEDY, at_key=True)
