"""A model that does not load, so that its pods get no requests and log nothing.

The status of the service says so in `status.modelStatus`: the target state is `FailedToLoad`, and `lastFailureInfo` has
the message and the exit code of the container that failed: the one that fetches the model, or the model server. A
revision that became ready before keeps its traffic in Knative mode, and older pods keep running in Standard mode.

Instead: Look at the logs of the containers `storage-initializer` and `kserve-container`, and change the service.

    # before
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://models/a-path-without-a-model

    # after
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://models/iris
"""
