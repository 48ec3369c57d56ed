"""An agent that does not start, or crashes again and again.

The agent reads its arguments once, when it starts. Its exit code shows the cause:

- 2: the agent cannot read a flag, such as a list with a double quote in a value.
- 255: the logger cannot start, because an annotation is not a pair, the mode is unknown, or a URL or a store cannot be
  opened.
- 1: the agent has no readiness probe that it can use.

A pod whose agent crashes is not ready. A new revision gets no traffic, and the old revision continues to serve. Once
the old revision has scaled to zero, nothing serves.

Instead: Fix what the finding names, mostly an annotation. The new pods are created with the new value.

    # before
    metadata:
      annotations:
        example.com/teams: red, blue
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
          metadataAnnotations: [example.com/teams]

    # after
    metadata:
      annotations:
        example.com/teams: red and blue
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
          metadataAnnotations: [example.com/teams]
"""
