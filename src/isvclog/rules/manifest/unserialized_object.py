"""An object of the Python SDK that was written as it is, not as a manifest.

The models of the Python package kserve name their fields in snake_case. Three ways to write them look like a manifest
but are not one:

- `to_dict()`, and what `print` shows, has `api_version`, `model_format` and a null for every field that is not set.
- `yaml.dump` of the object has tags like `!!python/object:kserve.models...` and names like `_api_version`.
- A manifest with the result of `to_dict()` in `spec` has names that KServe does not know.

kubectl finds no `apiVersion` in the first two and rejects the third. Other clients drop every such field without an
error. isvclog reports nothing else about such an object and fixes none of it: the names of single fields are not the
mistake.

Instead: Convert the object with `ApiClient().sanitize_for_serialization(service)`, where `ApiClient` is that of the
package kubernetes, and write the result with `json.dump` or `yaml.safe_dump`. This works with kubernetes 32; kubernetes
37 leaves the names of kserve 0.21.0 as they are.

    # before
    api_version: serving.kserve.io/v1beta1
    kind: InferenceService
    metadata:
      name: iris
    spec:
      predictor:
        min_replicas: null
        model:
          model_format:
            name: sklearn

    # after
    apiVersion: serving.kserve.io/v1beta1
    kind: InferenceService
    metadata:
      name: iris
    spec:
      predictor:
        model:
          modelFormat:
            name: sklearn
"""
