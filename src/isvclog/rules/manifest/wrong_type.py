"""A value of the wrong type.

The API server rejects the service. `metadataHeaders` must be a list, `url` a string and `batchSize` an integer. YAML
chooses the type of an unquoted value itself: `batchInterval: 10` is a number, and `url: yes` is a boolean.

Instead: Write a value of the type that the finding names. Quote a string that looks like another type.

    # before
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataHeaders: X-Request-Id

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
      metadataHeaders: [X-Request-Id]
"""
