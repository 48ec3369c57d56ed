"""A document that is too large, too deep, or too large once its aliases are followed.

A Kubernetes object has about 1.5 MB at most. A document beyond the limits is not read at all, so that a hostile file
cannot use up the memory: a few lines of aliases of aliases can stand for gigabytes.

Instead: Split it into several documents, and write values out where they are needed.

    # before
    metadata:
      annotations: &a
        team: fraud
      labels: [*a, *a, *a]

    # after
    metadata:
      annotations:
        team: fraud
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

oversized_manifest = documented("oversized-manifest", Severity.ERROR, __name__)
