"""A `url` with a missing or unsupported scheme.

The agent starts, and then each event fails with "unsupported protocol scheme". Nothing else reports this: the agent's
log does not show the failure as an error, there is no metric, and the InferenceService is ready. The most common case
is a host without a scheme: the agent reads `sink.research:8080` as a URL with the scheme `sink.research`. KServe 0.16
and later even treat such a host as object storage if it begins with `s3`, `gs` or `abfs`.

Instead: Write `http://` or `https://`, or `s3://`, `gs://` or `abfs://` for object storage. To get events into Kafka,
send them to a Knative broker or sink for Kafka.

    # before
    logger:
      mode: all
      url: message-dumper.research.svc.cluster.local

    # after
    logger:
      mode: all
      url: http://message-dumper.research.svc.cluster.local
"""

from collections.abc import Iterator

from isvclog.diagnosis.sink_check import OTHER_BLOB_SCHEMES, Sink, SinkProblem
from isvclog.findings import Severity, code
from isvclog.kserve.agent.startup import LOGGER_EXIT
from isvclog.kserve.agent.store import BLOB_SCHEMES
from isvclog.kserve.apis.releases import since
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_fix, url_name, url_path

_LOST = "every event is lost, and no metric or status shows it."
_REMEDY = "Write a URL that begins with `http://` or `https://`."


@rule("unsupported-scheme", Severity.ERROR, fixes="unsafe")
def unsupported_scheme(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is None or sink.problem is not SinkProblem.SCHEME:
            continue
        name, path = url_name(logger), url_path(logger)
        if not sink.schemeless:
            yield Issue(path, f"{name} {_scheme_problem(sink, context)}", _REMEDY)
            continue
        fix = url_fix(logger, f"http://{sink.text.strip()}", "Write `http://` before it.")
        effect = f"the agent exits with code {LOGGER_EXIT} at every start." if sink.exits else _LOST
        yield Issue(path, f"{name} has no scheme: {effect}", fix.title if fix else _REMEDY, fix)


def _scheme_problem(sink: Sink, context: LintContext) -> str:
    scheme = sink.url.scheme
    if not context.release.has("blob-storage") and scheme in (*BLOB_SCHEMES, *OTHER_BLOB_SCHEMES):
        return f"is object storage, which KServe supports since {since('blob-storage')}: {_LOST}"
    return f"has the scheme {code(scheme)}, which KServe does not support: {_LOST}"
