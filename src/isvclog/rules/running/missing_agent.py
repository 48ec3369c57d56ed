"""A pod without the agent that its annotations ask for.

KServe's webhook puts the agent into pods while they are created, and it is not asked about namespaces with the label
`control-plane`. Nothing is logged then. In Standard mode the Service leads to the agent's port all the same, and every
request fails.

Instead: Take the label from the namespace, and create the pods again.

    # before
    kind: Namespace
    metadata:
      name: research
      labels:
        control-plane: research

    # after
    kind: Namespace
    metadata:
      name: research
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

missing_agent = documented("missing-agent", Severity.ERROR, __name__)
