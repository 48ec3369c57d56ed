"""A `url` of object storage that names no bucket.

The bucket is what stands between `//` and the next slash; for `abfs://` the container is what stands before the `@`.
Without one the agent starts, and drops every record with "no bucket specified in url".

Instead: Write the bucket behind `s3://` or `gs://`, the container behind `abfs://`.

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

from isvclog.findings import Severity
from isvclog.kserve.sink import SinkProblem
from isvclog.rules.places import other_url, url_name, url_path
from isvclog.rules.rule import Issue, rule
from isvclog.rules.subject import Subject


@rule("missing-bucket", Severity.ERROR, since="blob-storage", fixes="unsafe", topic="storage")
def missing_bucket(subject: Subject) -> Iterator[Issue]:
    for part in subject.parts:
        sink = part.sink
        if sink is not None and sink.problem is SinkProblem.NO_BUCKET:
            scheme, _, rest = sink.text.partition(":")
            fix = other_url(part, f"{scheme}://{rest.lstrip('/')}", f"Write the bucket right behind `{scheme}://`.")
            remedy = f"Write the bucket behind `{scheme}://`."
            message = f"{url_name(part)} names no bucket: the agent drops every record, and no metric or status tells."
            yield Issue(url_path(part), message, fix.title if fix else remedy, fix)
