"""An `apiVersion` of KFServing, the predecessor of KServe.

`serving.kubeflow.org` is the API group from before KServe 0.7, and `v1alpha2` is the version with `spec.default`. A
cluster with KServe answers "no matches for kind".

Instead: Write `serving.kserve.io/v1beta1`. For v1alpha2, also move everything below `spec.default` directly below
`spec`.

    # before
    apiVersion: serving.kubeflow.org/v1beta1

    # after
    apiVersion: serving.kserve.io/v1beta1
"""
