"""An object storage `url` without `storage`.

The agent opens its store only if it gets a folder to write to. The folder is `storage.path` of the predictor's logger.
KServe reads `storage` from the ConfigMap only if the predictor has no logger at all, and it ignores `storage` in a
transformer or explainer. Without a folder the agent logs "Logger store not configured, cannot store batch" (0.16.0:
"cannot store event") and drops every record.

Instead: Add `storage` with `path`, `parameters` and `key` to the predictor's logger. KServe requires all three.

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
from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_name, url_path
from isvclog.rules.storage._settings import NOTHING_STORED, hides_cluster_storage, predictor_field, setting_path


@rule("blob-url-without-storage", Severity.ERROR, since="blob-storage", applies_to="storage")
def blob_url_without_storage(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is None or sink.problem is not SinkProblem.NO_STORE or hides_cluster_storage(context):
            continue
        written = setting_path(context, "storage", "path")
        if written is not None:
            message = f"`path` is empty, so the store of `url` is not opened: {NOTHING_STORED}"
            yield Issue(written, message, "Write a folder.")
        elif not context.may_be_elsewhere(*predictor_field(context, "storage", "path")):
            message = f"{url_name(logger)} is object storage, and {_reason(logger)}: {NOTHING_STORED}"
            yield Issue(url_path(logger), message, _remedy(logger))


def _reason(logger: LoggerContext) -> str:
    """Say why the agent gets no folder, as the second half of a sentence."""
    if logger.name != PREDICTOR and logger.declared is not None and logger.declared.storage is not None:
        return "KServe reads `storage` only from the predictor's logger"
    return "there is no `storage`" if logger.name == PREDICTOR else "the predictor's logger has no `storage`"


def _remedy(logger: LoggerContext) -> str:
    where = "" if logger.name == PREDICTOR else " to the predictor's logger"
    return f"Add `storage` with `path`, `parameters` and `key`{where}, or write an http:// or https:// URL."
