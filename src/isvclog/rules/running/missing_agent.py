"""A pod without the agent that its annotations ask for.

KServe's webhook adds the agent to a pod when the pod is created. The API server does not call the webhook for
namespaces with the label `control-plane`. Nothing is logged then. In Standard mode the Service still sends requests to
the agent's port, and every request fails.

Instead: Remove the label from the namespace, and create the pods again.

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
