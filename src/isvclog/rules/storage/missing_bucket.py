"""An object storage `url` without a bucket.

The bucket is the part between `//` and the next slash. For `abfs://`, the container is the part before the `@`. Without
it the agent starts, and drops every record with "no bucket specified in url".

Instead: Write the bucket after `s3://` or `gs://`, the container after `abfs://`.

    # before
    logger:
      mode: all
      url: s3:///inference-logs/kserve
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

from isvclog.diagnosis.sink_check import SinkProblem
from isvclog.findings import Severity
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule
from isvclog.rules.sink_url import url_fix, url_name, url_path
from isvclog.rules.storage._settings import NOTHING_STORED


@rule("missing-bucket", Severity.ERROR, since="blob-storage", fixes="unsafe", applies_to="storage")
def missing_bucket(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is not None and sink.problem is SinkProblem.NO_BUCKET:
            scheme, _, rest = sink.text.partition(":")
            fix = url_fix(logger, f"{scheme}://{rest.lstrip('/')}", f"Write the bucket directly after `{scheme}://`.")
            remedy = fix.title if fix else f"Write the bucket after `{scheme}://`."
            yield Issue(url_path(logger), f"{url_name(logger)} has no bucket: {NOTHING_STORED}", remedy, fix)
