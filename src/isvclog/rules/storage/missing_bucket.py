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
from isvclog.rules.places import other_url, url_name, url_path
from isvclog.rules.rule import Issue, rule


@rule("missing-bucket", Severity.ERROR, since="blob-storage", fixes="unsafe", applies_to="storage")
def missing_bucket(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        sink = logger.sink
        if sink is not None and sink.problem is SinkProblem.NO_BUCKET:
            scheme, _, rest = sink.text.partition(":")
            fix = other_url(logger, f"{scheme}://{rest.lstrip('/')}", f"Write the bucket right behind `{scheme}://`.")
            remedy = f"Write the bucket behind `{scheme}://`."
            message = (
                f"{url_name(logger)} names no bucket: the agent drops every record, and no metric or status tells."
            )
            yield Issue(url_path(logger), message, fix.title if fix else remedy, fix)
