"""The pod webhook: the agent's container and arguments, from the pod's annotations and the ConfigMap."""
