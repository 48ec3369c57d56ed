"""An object storage `url` whose scheme is not exactly `s3`, `gs` or `abfs`.

KServe supports `s3://`, `gs://` and `abfs://`, in exactly this spelling and in lower case. It first accepts `s3a://`
and `abfss://` as object storage, but with `storage` the agent then exits with code 255: "unsupported protocol". With
`S3://` there is no store, so every record is dropped. KServe treats other schemes, such as `gcs://` and `wasb://`, as
sinks for CloudEvents, and every event fails.

Instead: Write `s3://`, `gs://` or `abfs://`.

    # before
    logger:
      mode: all
      url: s3a://inference-logs/kserve
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

from isvclog.diagnosis.sink_check import BLOB_SCHEMES, OTHER_BLOB_SCHEMES, Sink, SinkProblem
from isvclog.findings import Severity, code
from isvclog.kserve.agent.startup import LOGGER_EXIT
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_fix, url_name, url_path

_REMEDY = "Write `s3://`, `gs://` or `abfs://`."


@rule("unsupported-blob-scheme", Severity.ERROR, since="blob-storage", fixes="unsafe", applies_to="storage")
def unsupported_blob_scheme(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is None or sink.problem is not SinkProblem.BLOB_SCHEME:
            continue
        written, _, rest = sink.text.partition(":")
        intended = written.lower() if written.lower() in BLOB_SCHEMES else OTHER_BLOB_SCHEMES.get(written.lower())
        fix = url_fix(logger, f"{intended}:{rest}", f"Write `{intended}://`.") if intended else None
        message = f"{url_name(logger)} has the scheme {code(written)}, {_effect(sink)}"
        yield Issue(url_path(logger), message, fix.title if fix else _REMEDY, fix)


def _effect(sink: Sink) -> str:
    if sink.exits:
        return f"which KServe does not support: the agent exits with code {LOGGER_EXIT} at every start."
    if sink.kind == CLOUDEVENTS:
        return "which KServe does not support: every event is lost, and no metric or status shows it."
    return "for which the agent opens no store: it drops every record, and no metric or status shows it."
