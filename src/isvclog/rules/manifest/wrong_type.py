"""A value of the wrong type.

The API server refuses the service: `metadataHeaders` is a list, `url` is text, `batchSize` a whole number. YAML has
ideas of its own about types, so that `batchInterval: 10` is a number and `url: yes` a boolean.

Instead: Write a value of the type that the finding names; quote text that looks like something else.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataHeaders: X-Request-Id

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataHeaders: [X-Request-Id]
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

wrong_type = documented("wrong-type", Severity.ERROR, __name__, fixes="safe")
