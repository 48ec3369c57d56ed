"""A service in a namespace where KServe's webhook does not see the pods, so that they get no agent.

KServe's webhook ignores namespaces with the label `control-plane`, whatever its value is. Pods in such a namespace get
no agent and no storage initializer. In Standard mode the Service still sends the requests of a component with a logger
to the missing agent, and they fail.

For a service in a cluster, isvclog reads the labels of the namespace. For a manifest, it knows one case only: KServe's
manifests set the label on the namespace `kserve`, in which they install KServe. An installation by Helm may not have
the label.

Instead: Deploy the service in another namespace.

    # before
    metadata:
      namespace: kserve
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn

    # after
    metadata:
      namespace: research
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.apis.constants import OWN_NAMESPACE, STANDARD
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_PATH = ("metadata", "namespace")
_REMEDY = "Deploy the service in another namespace."


@rule("unwatched-namespace", Severity.WARNING)
def unwatched_namespace(context: LintContext) -> Iterator[Issue]:
    if context.service is None or not context.loggers:
        return
    is_excluded = context.installation.excludes_pods
    if is_excluded:
        message = "The namespace has the label `control-plane`, so KServe's webhook does not see its pods: "
        message += "nothing is logged"
        if any(map(_is_misled, context.loggers)):
            message += ", and requests fail, because the Service sends them to the port of the missing agent"
        yield Issue(_PATH, f"{message}.", _REMEDY, severity=Severity.ERROR)
    elif is_excluded is None and context.service.namespace == OWN_NAMESPACE:
        message = (
            "Pods get no agent if this namespace has the label `control-plane`, which KServe's manifests set: "
            "nothing is logged."
        )
        yield Issue(_PATH, message, _REMEDY)


def _is_misled(logger: LoggerContext) -> bool:
    """Check whether the Service of a component sends requests to the agent's port, where no agent is."""
    pod = logger.prediction.pod
    return pod is not None and pod.mode == STANDARD and pod.redirected
