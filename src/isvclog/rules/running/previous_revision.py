"""An older revision that logs as it did when it was made.

With `canaryTrafficPercent` below 100, and where traffic is pinned to it, the previous revision goes on with the
arguments it was made with, by design: events of two revisions differ. So does one without traffic that still has pods.

Instead: Expect both kinds of events until the rollout is over, or give the new revision all of the traffic.

    # before
    spec:
      predictor:
        canaryTrafficPercent: 10

    # after
    spec:
      predictor:
        canaryTrafficPercent: 100
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

previous_revision = documented("previous-revision", Severity.INFO, __name__)
