"""A field or a value outside of `logger` that the API of the KServe release does not accept.

Since 1.25 kubectl rejects a manifest with unknown fields. Other clients (Argo CD, Terraform, the Python client) may
send it, and the API server drops the field without an error: `resources` in a predictor of KServe 0.14 limits nothing.
A value of a wrong type, as in `minReplicas: "2"`, is rejected whatever the client is, and so are a value that is not
allowed, as in `scaleMetric: qps` or `memory: 4GB`, and a container without its `name`.

`lint` compares the whole service with the CustomResourceDefinition of the release that `--kserve-version` selects. The
finding is a warning, because a service without the field logs as before. `isvclog validate --strict` reports the same
as an error. A cluster with the minimal CustomResourceDefinitions of the Helm chart accepts and ignores such a field,
and distributions of KServe may have fields of their own.

Instead: Write the field as KServe spells it, or move it to the place that the finding names.

    # before
    spec:
      predictor:
        minReplica: 2
        storageUri: gs://bucket/model
        model:
          modelFormat:
            name: sklearn

    # after
    spec:
      predictor:
        minReplicas: 2
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model
"""
