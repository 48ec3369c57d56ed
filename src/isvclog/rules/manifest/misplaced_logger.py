"""A `logger` that is not directly below a component.

`logger` must be directly below `spec.predictor`, `spec.transformer` or `spec.explainer` or, since KServe 0.20, below
the `predictor` of a canary. In `spec`, in `metadata` or inside `model` it is an unknown field: kubectl rejects the
manifest, other clients drop the field, and nothing is logged.

Instead: Move it directly below the component whose requests must be logged.

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
