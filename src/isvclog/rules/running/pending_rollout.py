"""Pods that were made before a change of the service.

A change of the logger's URL, mode or lists, or of an annotation, makes a new revision or ReplicaSet. Until its pods are
ready, the old ones serve, and their events say what they said before. If the new pods never become ready, because their
agent crashes for example, it stays so. With the annotation `serving.kserve.io/disable-auto-update: "true"`, a ready
service is not rolled out at all.

Instead: Wait for the end of the rollout. If it does not come, look at the new pods and at the service's conditions.

    # before
    metadata:
      annotations:
        serving.kserve.io/disable-auto-update: "true"

    # after
    metadata:
      annotations: {}
"""

from isvclog.findings import Severity
from isvclog.rules.rule import documented

pending_rollout = documented("pending-rollout", Severity.WARNING, __name__)
