"""A `logger`, or one of its fields, without a value.

`url:` with nothing after it is null, and the API server drops nulls. For KServe the field does not exist. Without
`url`, events are sent to the default sink of the installation. Without `logger`, nothing is logged.

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
