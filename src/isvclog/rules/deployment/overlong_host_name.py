"""A host name with more than 63 characters between its dots.

In Standard mode KServe makes a host name for each component: by default `NAME-predictor-NAMESPACE.example.com`. DNS
allows 63 characters between two dots. KServe deploys nothing if there are more: "failed creating host name: invalid
domain name". Knative mode has no such limit.

Instead: Shorten the name of the service or of the namespace, or set `domainTemplate` under `ingress` in the ConfigMap
inferenceservice-config.

    # before
    metadata:
      name: a-rather-long-name-of-a-model
      namespace: a-rather-long-name-of-a-team
      annotations:
        serving.kserve.io/deploymentMode: Standard
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model

    # after
    metadata:
      name: a-rather-long-name-of-a-model
      namespace: team
      annotations:
        serving.kserve.io/deploymentMode: Standard
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model
"""

from collections.abc import Iterator

from isvclog.findings import Severity
from isvclog.kserve.controller.deployment import Obstacle, workload_name
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule

_LIMIT = 63


@rule("overlong-host-name", Severity.ERROR, since="measured-deployment")
def overlong_host_name(context: LintContext) -> Iterator[Issue]:
    name = ("metadata", "name")
    # Without a namespace, or with a prefix for a name, the length is not known.
    if not all(isinstance(context.value(path), str) for path in (name, ("metadata", "namespace"))):
        return
    for component in context.deployed_for_loggers:
        if Obstacle.HOST_NAME in component.obstacles:
            workload = workload_name(component.service, component.component)
            size = len(workload) + 1 + len(component.service.namespace)
            message = f"KServe deploys nothing, because the host name of the {component.name} has {size} characters"
            message += f" before the first dot; {_LIMIT} are allowed."
            yield Issue(name, message, "Shorten the name of the service or of its namespace.")
            return
