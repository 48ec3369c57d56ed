"""The source of each of the agent's flags, by the names that people write."""

from isvclog.kserve.apis.spec import Logger

FIELDS = {
    "log-url": "logger.url",
    "log-mode": "logger.mode",
    "metadata-headers": "metadataHeaders",
    "metadata-annotations": "metadataAnnotations",
    "component-port": "containerPort",
    "enable-batcher": "batcher",
    "max-batchsize": "batcher.maxBatchSize",
    "max-latency": "batcher.maxLatency",
    "endpoint": "labels.endpoint",
}
# The webhook reads these when a pod is created, and not from an annotation: a change of them causes no rollout.
ADMISSION_FIELDS = {
    "log-store-path": "storage.path",
    "log-store-format": "storage.parameters.format",
    "log-marshaller-url": "marshallerUrl",
    "log-batch-size": "batchSize",
    "log-batch-interval": "batchInterval",
    "logger-ca-cert-file": "caCertFile",
    "logger-tls-skip-verify": "tlsSkipVerify",
}
CERTIFICATE = "logger-ca-cert-file"
"""The flag that the ConfigMap alone decides."""
_STORING = ("log-store-path", "log-store-format")


def predictor_decides(flag: str, logger: Logger | None) -> bool:
    """Check whether the predictor's logger, and not the ConfigMap, decides one of the `ADMISSION_FIELDS`.

    With a logger, storage comes from that logger or there is none; each of the other flags only if the logger sets it.
    """
    if logger is None:
        return False
    decided = {
        "log-marshaller-url": logger.marshaller_url,
        "log-batch-size": logger.batch_size,
        "log-batch-interval": logger.batch_interval,
    }
    return flag in _STORING or decided.get(flag) is not None
