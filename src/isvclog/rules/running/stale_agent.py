"""An agent with old settings that no rollout updates.

When a pod is created, the webhook reads `storage`, `marshallerUrl`, `batchSize` and `batchInterval` from the
predictor's logger. It reads `defaultUrl`, `caBundle`, `caCertFile` and the agent's image, with its registry, from the
ConfigMap `inferenceservice-config`. None of them is in the pod's template, so a change creates no new pods. Running
pods keep the old settings, and pods that autoscaling adds get the new ones. Records of one service are then stored in
two places.

Instead: Restart the pods after such a change. Any change of an annotation of the service restarts them.

    # before
    metadata:
      annotations:
        example.com/restarted: "2025-01-01"

    # after
    metadata:
      annotations:
        example.com/restarted: "2025-01-02"
"""
