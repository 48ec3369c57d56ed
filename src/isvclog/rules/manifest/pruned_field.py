"""A field that was applied to the cluster, and that its CustomResourceDefinition does not have.

The API server keeps only what the installed CustomResourceDefinition knows and drops the rest without an error. That
happens where KServe was upgraded but its CustomResourceDefinitions were not, which are a chart of their own
(`kserve-crd`), and to misspelled fields that a client without strict validation sent. Only a look into a cluster
(`lint --live`, `validate --live`) tells: the field is gone from the object, but the annotation in which `kubectl apply`
keeps the manifest still has it.

Instead: Upgrade the CustomResourceDefinitions, or write the field as KServe spells it; then apply the manifest again,
and roll out new pods.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadata-annotations: [team]

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataAnnotations: [team]
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

pruned_field = documented("pruned-field", Severity.ERROR, __name__)
