"""A service in KServe's own namespace, where pods may get no agent.

KServe's webhook ignores namespaces with the label `control-plane`. KServe's manifests set this label on the namespace
`kserve`, in which they install KServe. An installation by Helm may not have the label. With the label, pods in this
namespace get no agent and no storage initializer. In Standard mode the Service still sends the requests of a component
with a logger to the missing agent.

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
from isvclog.kserve.apis.constants import OWN_NAMESPACE
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("unwatched-namespace", Severity.WARNING)
def unwatched_namespace(context: LintContext) -> Iterator[Issue]:
    if context.service is not None and context.service.namespace == OWN_NAMESPACE and context.loggers:
        message = (
            "Pods get no agent if this namespace has the label `control-plane`, which KServe's manifests set: "
            "nothing is logged."
        )
        yield Issue(("metadata", "namespace"), message, "Deploy the service in another namespace.")
