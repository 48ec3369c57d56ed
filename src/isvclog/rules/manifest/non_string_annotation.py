"""An annotation or label whose value is not a string.

The API server rejects the whole service. Without quotes, Kubernetes reads `true`, `yes`, `on` and `y` as booleans, and
`1.0` and `0123` as numbers. A date is a string.

Instead: Quote the value.

    # before
    metadata:
      annotations:
        version: 2

    # after
    metadata:
      annotations:
        version: "2"
"""
