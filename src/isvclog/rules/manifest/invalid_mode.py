"""A `mode` that KServe does not know.

The valid modes are `all`, `request` and `response`, in lower case. The API server rejects a service with any other
value.

Instead: Write one of the three, or remove `logger` to log nothing.

    # before
    logger:
      mode: All
      url: http://sink.research.svc.cluster.local

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""
