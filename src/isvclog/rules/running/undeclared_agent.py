"""An agent that still logs, although no `logger` is declared any more.

Pods keep the agent that they were created with. If the logger is removed from a service and the rollout does not end,
requests and responses are still sent to the sink.

Instead: Wait for the end of the rollout, or delete the pods that still log.

    # before
    metadata:
      annotations:
        serving.kserve.io/disable-auto-update: "true"

    # after
    metadata:
      annotations: {}
"""
