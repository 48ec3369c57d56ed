"""A field of the logger elsewhere, or a field of something else in the logger.

KServe looks for `metadataAnnotations` and the like in the `logger` of a component, and for `storageUri` or
`minReplicas` outside of it. Where the field stands it is unknown: kubectl refuses the manifest, and other clients drop
the field without an error.

Instead: Move it to the place that the finding names.

    # before
    spec:
      predictor:
        metadataAnnotations: [team]
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
          metadataAnnotations: [team]
        model:
          modelFormat:
            name: sklearn
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

misplaced_field = documented("misplaced-field", Severity.ERROR, __name__)
