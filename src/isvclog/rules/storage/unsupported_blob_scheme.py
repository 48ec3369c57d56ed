"""An object storage `url` whose scheme is not exactly `s3`, `gs` or `abfs`.

KServe supports `s3://`, `gs://` and `abfs://`, in exactly this spelling and in lower case. It first accepts `s3a://`
and `abfss://` as object storage, but with `storage` the agent then exits with code 255: "unsupported protocol". With
`S3://` there is no store, so every record is dropped. KServe treats other schemes, such as `gcs://` and `wasb://`, as
sinks for CloudEvents, and every event fails.

The address of the same storage by `https://`, such as `https://ACCOUNT.blob.core.windows.net`, is such a sink, too: the
agent posts events there without credentials, and the storage answers with an error.

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

from isvclog.diagnosis.sink_check import OTHER_BLOB_SCHEMES, Sink, SinkProblem
from isvclog.findings import Severity, code
from isvclog.kserve.agent.startup import LOGGER_EXIT
from isvclog.kserve.agent.store import BLOB_SCHEMES, CLOUDEVENTS
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_fix, url_name, url_path

_WRITTEN = {"s3": "`s3://BUCKET`", "gs": "`gs://BUCKET`", "abfs": "`abfs://CONTAINER@ACCOUNT.dfs.core.windows.net`"}
_REMEDY = "Write `s3://`, `gs://` or `abfs://`."


@rule("unsupported-blob-scheme", Severity.ERROR, since="blob-storage", fixes="unsafe")
def unsupported_blob_scheme(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is None:
            continue
        if scheme := _storage_behind(sink):
            message = (
                f"{url_name(logger)} is an address of object storage by HTTP, where the agent posts events without "
                "credentials: every event is lost, and no metric or status shows it."
            )
            yield Issue(url_path(logger), message, f"Write {_WRITTEN[scheme]}, and add `storage`.")
        if sink.problem is not SinkProblem.BLOB_SCHEME:
            continue
        written, _, rest = sink.text.partition(":")
        intended = written.lower() if written.lower() in BLOB_SCHEMES else OTHER_BLOB_SCHEMES.get(written.lower())
        fix = url_fix(logger, f"{intended}:{rest}", f"Write `{intended}://`.") if intended else None
        message = f"{url_name(logger)} has the scheme {code(written)}, {_effect(sink)}"
        yield Issue(url_path(logger), message, fix.title if fix else _REMEDY, fix)


def _storage_behind(sink: Sink) -> str:
    """Return the scheme for the storage whose HTTP address a sink is; empty for any other sink."""
    if sink.problem or sink.kind != CLOUDEVENTS:
        return ""
    host = f".{sink.url.hostname().lower().rstrip('.')}"
    if ".blob.core." in host or ".dfs.core." in host:
        return "abfs"
    if host.endswith(".storage.googleapis.com"):
        return "gs"
    return "s3" if host.endswith((".amazonaws.com", ".amazonaws.com.cn")) and ".s3" in host else ""


def _effect(sink: Sink) -> str:
    if sink.exits:
        return f"which KServe does not support: the agent exits with code {LOGGER_EXIT} at every start."
    if sink.kind == CLOUDEVENTS:
        return "which KServe does not support: every event is lost, and no metric or status shows it."
    return "for which the agent opens no store: it drops every record, and no metric or status shows it."
