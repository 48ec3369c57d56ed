"""`resources` of a component, which are for the whole pod and not for the model server.

Since KServe 0.15.0 a component may have `resources`. They are for all containers of the pod together, the agent
included. The model server still gets the `resources` of its `model` or container or, without them, KServe's defaults.
Kubernetes before 1.34 drops resources of pods, unless the feature gate `PodLevelResources` is on. Before KServe 0.15.0
kubectl rejects the field (`refused-field`).

Instead: Move `resources` into `model`, or into the container. Ignore the finding if you mean the whole pod.

    # before
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        resources:
          requests:
            cpu: 2
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model

    # after
    spec:
      predictor:
        logger:
          mode: all
          url: http://sink.research.svc.cluster.local
        model:
          modelFormat:
            name: sklearn
          storageUri: gs://bucket/model
          resources:
            requests:
              cpu: 2
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.keypath import dotted
from isvclog.kserve.apis.implementation import FRAMEWORKS
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("pod-resources", Severity.WARNING, since="pod-resources")
def pod_resources(context: LintContext) -> Iterator[Issue]:
    for logger in context.components:
        path = (*logger.path, "resources")
        if isinstance(value := context.value(path), dict) and value:
            message = (
                f"{code(dotted(path))} is for the whole pod, not for the model server: "
                "Kubernetes before 1.34 drops it, and the model server keeps its own or the default resources."
            )
            yield Issue(path, message, f"Move it into {_server(logger)}.", at_key=True)


def _server(logger: LoggerContext) -> str:
    """Name the block of the container that serves."""
    written = logger.context.value(logger.path)
    found = next((name for name in ("model", *FRAMEWORKS) if isinstance(written, dict) and written.get(name)), None)
    return code(dotted((*logger.path, found))) if found else "the container"
