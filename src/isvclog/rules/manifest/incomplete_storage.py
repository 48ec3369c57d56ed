"""A `storage` without `path`, `parameters` or `key`.

The schema calls all of them optional, but KServe's webhook refuses the service with "invalid logger storage
configuration" if one is missing. It asks for `key` though nothing reads it.

Instead: Add what is missing; an empty `key: ""` will do.

    # before
    logger:
      mode: all
      url: s3://bucket
      storage:
        path: logs
        parameters:
          format: json

    # after
    logger:
      mode: all
      url: s3://bucket
      storage:
        path: logs
        key: ""
        parameters:
          format: json
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

incomplete_storage = documented("incomplete-storage", Severity.ERROR, __name__)
