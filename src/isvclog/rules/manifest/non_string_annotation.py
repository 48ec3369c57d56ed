"""An annotation or label whose value is not a string.

The API server rejects the whole service. In YAML as Kubernetes reads it, `true`, `yes`, `on` and `y` are booleans, and
`1.0` and `0123` are numbers, unless they are quoted. A date is a string.

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
