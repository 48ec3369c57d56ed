"""A logger without `mode`.

The schema says that `mode` is optional, but there is no default. KServe's webhook rejects the service with "invalid
logger type".

Instead: Add `mode: all`, `mode: request` or `mode: response`.

    # before
    spec:
      predictor:
        logger:
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model
"""
