"""A logger field outside of `logger`, or a field of something else inside it.

KServe reads fields such as `metadataAnnotations` from the `logger` of a component, and fields such as `storageUri` or
`minReplicas` from outside of it. In the wrong place the field is unknown: kubectl rejects the manifest, and other
clients drop the field without an error.

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
