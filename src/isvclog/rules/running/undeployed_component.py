"""A component that KServe does not deploy, as the status of the service reports.

KServe's controller writes into the status why it fails: `status.modelStatus.lastFailureInfo` about the runtime and the
model, and the conditions `PredictorReady`, `TransformerReady` and `ExplainerReady` about everything else. No pod is
created, so nothing is logged. Pods that were created before keep running with the logger of that time.

Instead: Change what the message names. KServe then tries again by itself.

    # before
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn
          runtime: a-runtime-that-was-deleted

    # after
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn
          runtime: kserve-sklearnserver
"""
