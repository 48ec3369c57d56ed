"""An agent with settings that changed since its pod was made, and that no rollout brings up to date.

The webhook reads `storage`, `marshallerUrl`, `batchSize` and `batchInterval` from the predictor's logger, and
`defaultUrl`, certificates and the agent's image from the ConfigMap `inferenceservice-config`, whenever a pod is
created. None of them is in the pod's template, so a change makes no new pods. Those that run keep the old settings, and
pods that autoscaling adds have the new ones: records of one service end up in two places.

Instead: Restart the pods after such a change. Any change of an annotation of the service does that.

    # before
    metadata:
      annotations:
        example.com/restarted: "2025-01-01"

    # after
    metadata:
      annotations:
        example.com/restarted: "2025-01-02"
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

stale_agent = documented("stale-agent", Severity.WARNING, __name__)
