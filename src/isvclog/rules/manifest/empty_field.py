"""A field of the logger, or a logger, without a value.

`url:` with nothing behind it is null, and the API server drops nulls: to KServe the field is not there. Without `url`
events go to the installation's default sink; without `logger` nothing is logged.

Instead: Give it a value, or remove it.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations:

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations: [team]
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

empty_field = documented("empty-field", Severity.WARNING, __name__)
