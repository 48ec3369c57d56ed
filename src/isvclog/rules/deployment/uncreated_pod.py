"""KServe creates no pod, because its ConfigMap or an annotation is invalid.

For every pod, KServe's webhook reads the keys `logger`, `agent` and `batcher` of the ConfigMap inferenceservice-config.
For every service, KServe's controller reads other keys. If one of the three keys is missing, is not valid JSON, or has
a value of the wrong type or an invalid quantity, no KServe pod is created in the whole cluster, with or without a
logger.

KServe 0.16.0 also needs `cpuModelcar` and `memoryModelcar` in the key `storageInitializer`, which ConfigMaps of earlier
releases do not have. Without them it deploys no service at all.

KServe has internal annotations for its model puller. If you set them by hand, the webhook can reject a single pod.

Instead: Correct the ConfigMap, and test it with `--inferenceservice-config` before you apply it. Remove the internal
annotations from the manifest.

    # before
    metadata:
      annotations:
        internal.serving.kserve.io/agent: "true"
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

from isvclog.diagnosis.undeployed import undeployed_remedy
from isvclog.findings import Severity
from isvclog.kserve.apis.constants import CONFIGMAP, PULLER
from isvclog.kserve.controller.deployment import Obstacle
from isvclog.kserve.prediction import BlockedBy
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule


@rule("uncreated-pod", Severity.ERROR)
def uncreated_pod(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        prediction = logger.prediction
        if prediction.blocked_by is BlockedBy.CONFIG:
            message = f"KServe creates no pods at all: its controller cannot read the ConfigMap ({prediction.reason})."
            yield Issue(logger.field(), message, f"Correct the ConfigMap {CONFIGMAP}.", at_key=True)
            return  # the same for every component
        if found := logger.obstacles.get(Obstacle.STORAGE_CONFIG):
            message = f"KServe {context.release} deploys no service at all ({found.error})."
            remedy = undeployed_remedy(found, logger.service, context.installation)
            yield Issue(logger.field(), message, f"{remedy[0].upper()}{remedy[1:]}.", at_key=True)
            return
        if prediction.blocked_by is BlockedBy.REJECTED_POD:
            yield _rejected(logger, prediction.reason)


def _rejected(logger: LoggerContext, reason: str) -> Issue:
    puller = logger.origin(PULLER)
    if puller and "can not find" in reason:
        message = f"KServe's webhook rejects the pod: {reason}."
        return Issue(puller, message, "Remove the annotation: it is KServe's own.", at_key=True)
    message = f"KServe's webhook rejects this pod and every other KServe pod ({reason.strip()})."
    return Issue(logger.field(), message, f"Correct the ConfigMap {CONFIGMAP}.", at_key=True)
