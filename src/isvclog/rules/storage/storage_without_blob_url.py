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
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import sends_only_events, setting_path

_REMEDY = "Write the bucket into `url` as `s3://`, `gs://` or `abfs://`, or remove `{}`."


@rule("storage-without-blob-url", Severity.WARNING, since="storage", applies_to="storage")
def storage_without_blob_url(context: LintContext) -> Iterator[Issue]:
    declared = context.predictor_logger
    if declared is None or (declared.storage is None and declared.marshaller_url is None):
        return
    for name in ("storage", "marshallerUrl"):
        path = setting_path(context, name)
        if path and sends_only_events(context):
            message = f"`{name}` has no effect: the logger's URL is not object storage, so events are sent instead."
            yield Issue(path, message, _REMEDY.format(name), at_key=True)
