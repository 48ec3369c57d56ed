"""An `apiVersion` that has no InferenceService of KServe.

All releases of KServe serve InferenceServices only as `serving.kserve.io/v1beta1`. For any other version, and for the
APIs of Kubernetes itself, the API server answers "no matches for kind".

Instead: Write `serving.kserve.io/v1beta1`.

    # before
    apiVersion: serving.kserve.io/v1

    # after
    apiVersion: serving.kserve.io/v1beta1
"""
