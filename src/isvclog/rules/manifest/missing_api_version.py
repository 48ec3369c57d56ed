"""A service without `apiVersion`.

kubectl rejects the manifest: "apiVersion not set". A patch needs no `apiVersion` if the kustomization names its target.

Instead: Write `apiVersion: serving.kserve.io/v1beta1`.

    # before
    kind: InferenceService
    metadata:
      name: iris

    # after
    apiVersion: serving.kserve.io/v1beta1
    kind: InferenceService
    metadata:
      name: iris
"""
