"""A field of `storage` that KServe does not read.

KServe reads `path`, `serviceAccountName` and the parameter `format`. It requires `key` but never reads its value. The
credentials are those of `serviceAccountName` (default: `logger-sa`) and those of the pod's own service account. Other
parameters, such as `type`, `bucket` or `region`, have no effect, because `url` already says the bucket and the kind of
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
from isvclog.keypath import KeyPath
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.storage._settings import has_own_marshaller, setting_path, stores_records


@rule("unused-storage-field", Severity.INFO, since="storage", applies_to="storage")
def unused_storage_field(context: LintContext) -> Iterator[Issue]:
    logger = next(filter(stores_records, context.loggers), None)
    path, declared = setting_path(context, "storage"), context.predictor_logger
    if logger is None or path is None or declared is None or declared.storage is None:
        return
    if declared.storage.key:
        remedy = "Keep it, and put credentials into the secret of `serviceAccountName`."
        yield Issue((*path, "key"), "KServe requires `key` but never reads it.", remedy, at_key=True)
    for name in declared.storage.parameters or ():
        yield from _unused_parameter((*path, "parameters"), name, own_marshaller=has_own_marshaller(logger))


def _unused_parameter(path: KeyPath, name: str, *, own_marshaller: bool) -> Iterator[Issue]:
    if name != "format":
        message = f"{code(name)} has no effect: `format` is the only parameter that KServe reads."
        yield Issue((*path, name), message, "Remove it, and write the bucket into `url`.", at_key=True)
    elif own_marshaller:
        message = "`format` has no effect: the service at `marshallerUrl` decides what is stored."
        yield Issue((*path, name), message, "Remove it, or `marshallerUrl`.", at_key=True)
