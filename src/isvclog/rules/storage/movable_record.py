"""Records that a client can move to another place in the bucket.

The key of an object ends with the id of its record, and the id is the client's header `Ce-Id` if it sends one. Up to
KServe 0.20.0 the library for S3 resolves `..` in keys: with the id `../other/x` a client writes into another folder,
for example that of another service. Later releases leave the key as it is.

Instead: Let the gateway remove `Ce-Id` from requests, use a bucket of its own for each tenant, or use KServe 0.21.0.

    # isvclog lint --kserve-version 0.20.0
    # before
    logger:
      mode: all
      url: s3://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json

    # after
    logger:
      mode: all
      url: gs://inference-logs/kserve
      storage:
        path: records
        key: logger
        parameters:
          format: json
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.agent.store import S3
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_path


@rule("movable-record", Severity.WARNING, since="blob-storage", until="keys-as-written", applies_to="storage")
def movable_record(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is not None and sink.kind == S3 and sink.stores and not sink.problem:
            message = "A client can move a record out of the folder of the service, with `..` in the header `Ce-Id`."
            yield Issue(url_path(logger), message, "Remove `Ce-Id` from requests at the gateway, or trust all clients.")
