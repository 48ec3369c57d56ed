"""A field that KServe does not have.

Since 1.25 kubectl rejects a manifest with unknown fields. Other clients (Argo CD, Terraform, the Python client) may
send it, and the API server drops the field without an error. For example, a logger with `metadata-annotations` logs,
but its events never have annotations. With the minimal CustomResourceDefinition of the Helm chart, kubectl does not
notice the field either.

Instead: Write the name as KServe spells it. The finding names the field that was probably intended.

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
