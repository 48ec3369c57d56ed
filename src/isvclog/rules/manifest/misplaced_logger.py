"""A `logger` that stands where KServe does not look for it.

A logger belongs right below `spec.predictor`, `spec.transformer` or `spec.explainer`, or, since KServe 0.20, below the
`predictor` of a canary. In `spec`, in `metadata` or inside of `model` it is an unknown field: kubectl refuses the
manifest, other clients drop it, and nothing is logged.

Instead: Move it right below the component whose requests are to be logged.

    # before
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn
          logger:
            mode: all
            url: http://sink.research.svc.cluster.local

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

misplaced_logger = documented("misplaced-logger", Severity.ERROR, __name__)
