"""Where each flag of the agent comes from, by the names that people write."""

from isvclog.kserve.spec import Logger

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
# Read by the webhook when a pod is created, and in no annotation.
LIVE = {
    "log-store-path": "storage.path",
    "log-store-format": "storage.parameters.format",
    "log-marshaller-url": "marshallerUrl",
    "log-batch-size": "batchSize",
    "log-batch-interval": "batchInterval",
    "logger-ca-cert-file": "caCertFile",
    "logger-tls-skip-verify": "tlsSkipVerify",
}
CERTIFICATE = "logger-ca-cert-file"
"""Which the ConfigMap alone decides about."""
_STORING = ("log-store-path", "log-store-format")


def of_predictor(flag: str, logger: Logger | None) -> bool:
    """Whether the predictor's logger decides about one of the `LIVE` flags, and not the ConfigMap.

    With a logger, storage is the logger's or none at all; of the others each is, if it is set.
    """
    if logger is None:
        return False
    decided = {
        "log-marshaller-url": logger.marshaller_url,
        "log-batch-size": logger.batch_size,
        "log-batch-interval": logger.batch_interval,
    }
    return flag in _STORING or decided.get(flag) is not None
