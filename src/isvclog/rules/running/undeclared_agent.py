"""An agent that logs although nothing declares a logger any more.

Pods keep the agent they were made with. Where the logger is taken out of a service whose rollout does not end, requests
and answers go on being sent to the sink.

Instead: Wait for the end of the rollout, or delete the pods that still log.

    # before
    metadata:
      annotations:
        serving.kserve.io/disable-auto-update: "true"

    # after
    metadata:
      annotations: {}
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

undeclared_agent = documented("undeclared-agent", Severity.WARNING, __name__)
