"""A document that is too large, too deep, or too large once its aliases are followed.

A Kubernetes object has about 1.5 MB at most. A document of more than 16 MiB or 100 levels, or one that aliases make
many times larger than it looks, is not read at all, so that a hostile file cannot use up the memory: a few lines of
aliases of aliases can stand for gigabytes.

Instead: Split it into several documents, and write values out where they are needed.

    # before
    metadata:
      annotations:
        a: &a [fraud, fraud, fraud, fraud, fraud, fraud, fraud, fraud]
        b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
        c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
        d: &d [*c, *c, *c, *c, *c, *c, *c, *c]
        # ... and so on

    # after
    metadata:
      annotations:
        a: fraud
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

oversized_manifest = documented("oversized-manifest", Severity.ERROR, __name__)
