"""An object that a logger needs, and that the cluster does not have.

A logger names its sink, its authority and its credentials, and nothing checks whether they exist: the service becomes
ready, and then every event is lost.

- The Service of a sink inside the cluster, or the Broker in the path of Knative's ingress.
- The ConfigMap that `caBundle` names, in the namespace of the service. Without it no file is mounted, and the agent
  trusts only https sinks with a certificate of a public authority.
- The service account of `storage`, by default `logger-sa`. Without it the agent has only the credentials of the pod's
  own account. This is a warning.

isvclog can only see this in a cluster (`lint --live`). What it has no permission to read, it names in one line and does
not check.

Instead: Create the object, or name one that exists.

    # before
    logger:
      mode: all
      url: http://sink-that-was-renamed.research.svc.cluster.local

    # after
    logger:
      mode: all
      url: http://sink.research.svc.cluster.local
"""
