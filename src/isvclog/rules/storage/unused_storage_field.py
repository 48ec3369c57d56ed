"""A field of `storage` that KServe does not read.

KServe reads `path`, `serviceAccountName` and the parameter `format`. It requires `key` but never reads its value. The
credentials are those of `serviceAccountName` (default: `logger-sa`) and those of the pod's own service account. Other
parameters, such as `type`, `bucket` or `region`, have no effect, because `url` contains the bucket and the kind of
storage. With a `marshallerUrl` of your own, `format` has no effect either.

Instead: Use `url`, `serviceAccountName` and its secret for these settings. Keep `key`, with any value.

    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: ""
        parameters:
          region: eu-west-1
          format: json

    # after
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: ""
        parameters:
          format: json
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.rules.context import LintContext
from isvclog.rules.places import setting_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.stored import own_marshaller, records


@rule("unused-storage-field", Severity.INFO, since="storage", applies_to="storage")
def unused_storage_field(context: LintContext) -> Iterator[Issue]:
    logger = next(filter(records, context.loggers), None)
    storage = setting_path(logger, "storage") if logger else None
    declared = context.service.predictor_logger if context.service else None
    if logger is None or storage is None or declared is None or declared.storage is None:
        return
    if declared.storage.key:
        remedy = "Keep it, and put credentials into the secret of `serviceAccountName`."
        yield Issue((*storage, "key"), "KServe demands `key` and never reads it.", remedy, at_key=True)
    for name in declared.storage.parameters or ():
        path = (*storage, "parameters", name)
        if name != "format":
            message = f"{code(name)} has no effect: `format` is the only parameter that KServe reads."
            yield Issue(path, message, "Remove it, and write the bucket into `url`.", at_key=True)
        elif own_marshaller(logger):
            message = "`format` has no effect: the service at `marshallerUrl` decides what is stored."
            yield Issue(path, message, "Remove it, or `marshallerUrl`.", at_key=True)
