"""A `storage` or `marshallerUrl` without an object storage `url`.

The agent writes records only if the URL begins with `s3://`, `gs://` or `abfs://`. With any other URL it sends
CloudEvents to that URL, and without a URL it sends them to the `defaultUrl` of the ConfigMap. In both cases `storage`
and `marshallerUrl` have no effect.

Instead: Write the bucket into `url`, or remove `storage` and `marshallerUrl`.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      storage:
        path: records
        key: logger
        parameters:
          format: json

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
from isvclog.rules.context import LintContext
from isvclog.rules.places import setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import only_events

_REMEDY = "Write the bucket into `url` as `s3://`, `gs://` or `abfs://`, or remove `{}`."


@rule("storage-without-blob-url", Severity.WARNING, since="storage", applies_to="storage")
def storage_without_blob_url(context: LintContext) -> Iterator[Issue]:
    declared = context.service.predictor_logger if context.service else None
    if declared is None or (declared.storage is None and declared.marshaller_url is None):
        return
    for logger in context.loggers[:1]:
        paths = [path for name in ("storage", "marshallerUrl") if (path := setting_path(logger, name))]
        if not paths or not only_events(context):
            continue
        for path in paths:
            name = str(path[-1])
            message = f"`{name}` has no effect: the logger's URL is no object storage, so events are sent instead."
            yield Issue(path, message, _REMEDY.format(name), at_key=True)
