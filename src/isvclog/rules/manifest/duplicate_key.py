"""A key that stands twice in the same mapping.

Some tools refuse such a file, others keep one of the values, mostly the last, and say nothing: the logger then works
with an address or a list that nobody reads in the file.

Instead: Keep one of them.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      mode: request

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

duplicate_key = documented("duplicate-key", Severity.ERROR, __name__)
