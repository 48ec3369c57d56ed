"""A component at the root of the document instead of below `spec`.

`predictor`, `transformer` and `explainer` are fields of `spec`. At the root they are unknown fields. The API server
drops them, and rejects the service if no predictor is left.

Instead: Indent the component so that it is below `spec`.

    # before
    predictor:
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
        model:
          modelFormat:
            name: sklearn
"""
