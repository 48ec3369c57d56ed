"""A listed annotation that KServe or Knative does not copy to the pod.

The agent only knows annotations of its pod, and some annotations of a service do not reach the pod. KServe's controller
does not copy the annotations that its ConfigMap `inferenceservice-config` lists in `serviceAnnotationDisallowedList`,
and a few more. In Knative mode it moves some to the Knative Service. Knative does not copy others to the pod, since
version 1.21 none that begin with `autoscaling.knative.dev/`. If `metadataAnnotations` lists such a key, KServe leaves
it out without an error.

Instead: Write the same value under a key of your own, and list that key.

    # before
    metadata:
      annotations:
        autoscaling.knative.dev/max-scale: "5"
    spec:
      predictor:
        logger:
          metadataAnnotations: [autoscaling.knative.dev/max-scale]

    # after
    metadata:
      annotations:
        autoscaling.knative.dev/max-scale: "5"
        example.com/max-scale: "5"
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/max-scale]
"""

from collections.abc import Iterator

from isvclog.diagnosis.lineage import Reason
from isvclog.findings import Severity, code
from isvclog.kserve.apis.constants import LAST_APPLIED
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("unpropagated-annotation", Severity.WARNING, since="metadataAnnotations", applies_to="annotations")
def unpropagated_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        for entry in logger.statuses if logger.missing else ():
            if entry.reason is Reason.REMOVED_BY_PLATFORM and entry.name != LAST_APPLIED:
                message = f"No event contains {code(entry.name)}: {entry.message}."
                path, remedy = logger.entry(entry.name), "Write the value under a key of your own, and list that key."
                yield Issue(path, message, remedy, at_key=not isinstance(path[-1], int))
