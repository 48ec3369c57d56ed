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
