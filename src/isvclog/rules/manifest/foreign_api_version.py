"""An InferenceService with a `logger`, in an API group that is not KServe's.

Other projects have a kind of the same name in a group of their own. isvclog does not check it, and reports it only if
it has a `logger` where KServe has one.

Instead: If it is an InferenceService of KServe, write `serving.kserve.io/v1beta1`.

    # before
    apiVersion: inference.example.com/v1
    spec:
      predictor:
        logger:
          mode: all

    # after
    apiVersion: serving.kserve.io/v1beta1
    spec:
      predictor:
        logger:
          mode: all
"""
