"""An agent whose arguments do not follow from the annotations of its own pod.

The webhook makes the arguments of a pod's annotations while the pod is created. Later they differ where somebody
annotated the pod itself, which does nothing to the agent, where another webhook or a policy engine changed one of them,
or where the pod was made by the webhook of an older KServe, which did not know the flag.

Instead: Annotate the InferenceService and not its pods, and create the pods again after an upgrade of KServe.

    # before
    kind: Pod
    metadata:
      annotations:
        example.com/team: fraud

    # after
    kind: InferenceService
    metadata:
      annotations:
        example.com/team: fraud
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

inconsistent_agent = documented("inconsistent-agent", Severity.WARNING, __name__)
