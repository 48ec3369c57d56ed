"""A pod that the API server rejects, so that it is never created.

A ResourceQuota, a LimitRange, the pod security of the namespace, or an admission webhook or policy may reject the pods
of a component. The Deployment exists, and only its condition `ReplicaFailure` has the reason. Nothing is logged, or, if
older pods still run, they keep the logger that they started with.

Instead: Change the pod as the message says, or ask for an exception. The pod of a component with a logger has one
container more, the agent, whose resources count, too.

    # before
    kind: ResourceQuota
    spec:
      hard:
        limits.cpu: "2"

    # after
    kind: ResourceQuota
    spec:
      hard:
        limits.cpu: "3"
"""
