"""A `url` of object storage without `storage`.

The agent opens its store only when it gets a folder to write to. That is `path` of `storage` in the predictor's logger,
or, where the predictor has no logger at all, of `storage` in the ConfigMap; what a transformer or explainer has is not
read. Without one the agent logs "Logger store not configured, cannot store batch" and drops every record.

Instead: Give the predictor's logger a `storage` with `path`, `parameters` and `key`, all of which KServe demands.

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

from isvclog.findings import Severity
from isvclog.kserve.constants import PREDICTOR
from isvclog.kserve.sink import SinkProblem
from isvclog.rules.places import predictor_logger, setting_path, url_name, url_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import shadowed_storage
from isvclog.rules.subject import Part, Subject

_LOST = "the agent drops every record, and no metric or status tells."


@rule("blob-url-without-storage", Severity.ERROR, since="blob-storage", topic="storage")
def blob_url_without_storage(subject: Subject) -> Iterator[Issue]:
    for part in subject.parts:
        sink = part.sink
        if sink is None or sink.problem is not SinkProblem.NO_STORE or shadowed_storage(part):
            continue
        written = setting_path(part, "storage", "path")
        if written is not None:
            yield Issue(written, f"`path` is empty, so the store of `url` is not opened: {_LOST}", "Name a folder.")
        elif not subject.open(*predictor_logger(part), "storage", "path"):
            yield Issue(
                url_path(part), f"{url_name(part)} is object storage, and {_lack(part)}: {_LOST}", _remedy(part)
            )


def _lack(part: Part) -> str:
    if part.name != PREDICTOR and part.logger is not None and part.logger.storage is not None:
        return "KServe reads `storage` from the predictor's logger only"
    return "there is no `storage`" if part.name == PREDICTOR else "the predictor's logger has no `storage`"


def _remedy(part: Part) -> str:
    where = "" if part.name == PREDICTOR else " to the predictor's logger"
    return f"Add `storage` with `path`, `parameters` and `key`{where}, or write an http:// or https:// URL."
