"""A field that KServe does not have.

kubectl refuses a manifest with unknown fields since 1.25. Other clients (Argo CD, Terraform, the Python client) may
send it, and the API server drops the field without an error: a logger with `metadata-annotations` logs, but no
annotation ever arrives. With the minimal CustomResourceDefinition of the Helm chart, kubectl does not notice either.

Instead: Write the name as KServe spells it; the finding says which one is likely meant.

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

unknown_field = documented("unknown-field", Severity.ERROR, __name__, fixes="safe")
