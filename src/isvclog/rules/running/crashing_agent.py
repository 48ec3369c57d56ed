"""An agent that does not start, or starts again and again.

The agent reads its arguments once, when it starts. It exits with 2 where it cannot read a flag, such as a list with a
double quote in a value; with 255 where its logger cannot start: an annotation that is no pair, an unknown mode, a URL
or a store that cannot be opened; and with 1 for want of a readiness probe that it can use. A pod whose agent crashes is
not ready: a new revision gets no traffic while the old one serves on, and nothing serves once that has scaled to zero.

Instead: Mend what the finding names, an annotation mostly; the new pods are made with the new value.

    # before
    metadata:
      annotations:
        example.com/teams: red, blue
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
          metadataAnnotations: [example.com/teams]

    # after
    metadata:
      annotations:
        example.com/teams: red and blue
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
          metadataAnnotations: [example.com/teams]
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

crashing_agent = documented("crashing-agent", Severity.ERROR, __name__)
