"""Pods that were created before a change of the service.

A change of the logger's URL, mode or lists, or of an annotation, creates a new revision or ReplicaSet. Until its pods
are ready, the old pods serve, and their events keep the old content. If the new pods never become ready, for example
because their agent crashes, the old pods continue to serve. With the annotation `serving.kserve.io/disable-auto-update:
"true"`, KServe does not roll out a ready service at all.

Instead: Wait for the end of the rollout. If it does not end, look at the new pods and at the conditions of the service.

    # before
    metadata:
      annotations:
        serving.kserve.io/disable-auto-update: "true"

    # after
    metadata:
      annotations: {}
"""
