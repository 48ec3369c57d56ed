"""An older revision that logs with the settings it was created with.

If `canaryTrafficPercent` is below 100, or traffic is pinned to the previous revision, this revision keeps the arguments
that it was created with. This is by design: the events of the two revisions differ. A revision without traffic that
still has pods also keeps its arguments.

Instead: Expect both kinds of events until the rollout is complete, or give all traffic to the new revision.

    # before
    spec:
      predictor:
        canaryTrafficPercent: 10

    # after
    spec:
      predictor:
        canaryTrafficPercent: 100
"""
