"""A `storage` without `path`, `parameters` or `key`.

The schema says that all of them are optional. But if one is missing, KServe's webhook rejects the service with "invalid
logger storage configuration". It requires `key`, although nothing reads it.

Instead: Add the missing fields. An empty `key: ""` is enough.

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
