"""The agent's flags, and the settings that it reads from them and has in memory: plain data."""

from collections.abc import Mapping

from isvclog.kserve.agent.store import Store
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang.flag import Flag, by_name
from isvclog.kserve.golang.url import URL
from isvclog.records import NamedTuple


class AgentSettings(NamedTuple):
    """The logger's settings for the whole life of the process. The agent does not read them again for a request."""

    url: URL
    mode: str
    source: URL
    service: str
    namespace: str
    endpoint: str
    component: str
    annotations: Mapping[str, str]
    metadata_headers: tuple[str, ...] | None
    cert_file: str
    tls_skip_verify: bool
    store: Store | None
    marshaller_url: str
    batch_size: int
    batch_interval_ns: int
    batcher: bool
    release: Release
    workers: int = 5
    log_all_responses: bool = False
    """True if responses of every status are logged, each with its status; the flag for it has no name yet."""


class BatcherSettings(NamedTuple):
    """The batcher's settings: a batch is sent once it has so many instances, or after so many milliseconds."""

    max_size: int
    max_latency_ms: int


AGENT_MEMORY_BYTES = 1 << 30
"""The memory that KServe's own ConfigMap gives the agent (`memoryLimit` of the key `agent`)."""
_RECORD_BYTES = 200


def batch_bytes(size: int) -> int:
    """Return how many bytes the agent asks for at start to collect batches of so many records, without the bodies.

    Where this cannot be had, the agent dies with exit code 2; hosts that overcommit give it until it is used. Source:
    SizeBatch.Run and TimedBatch.Run of pkg/logger/batch_{size,timed}.go, measured with 2,147,483,648 records.
    """
    return _RECORD_BYTES * size if size > 1 else 0


DEFAULT_MARSHALLER_URL = "http://localhost:9083/marshal"

FLAGS = by_name(
    (
        Flag("port", "string", "9081"),
        Flag("component-port", "int", 8080),
        Flag("enable-puller", "bool", False),
        Flag("config-dir", "string", "/mnt/configs"),
        Flag("model-dir", "string", "/mnt/models"),
        Flag("log-url", "string", ""),
        Flag("workers", "int", 5),
        Flag("source-uri", "string", ""),
        Flag("log-mode", "string", "all"),
        Flag("log-store-path", "string", ""),
        Flag("log-store-format", "string", "json"),
        Flag("log-marshaller-url", "string", DEFAULT_MARSHALLER_URL),
        Flag("log-marshaller-port", "string", "9083"),
        Flag("log-batch-size", "int", 1),
        Flag("log-batch-interval", "duration", 0),
        Flag("inference-service", "string", ""),
        Flag("namespace", "string", ""),
        Flag("endpoint", "string", ""),
        Flag("component", "string", ""),
        Flag("metadata-headers", "stringSlice", None),
        Flag("metadata-annotations", "stringSlice", None),
        Flag("enable-batcher", "bool", False),
        Flag("max-batchsize", "string", "32"),
        Flag("max-latency", "string", "5000"),
        Flag("probe-period", "duration", -1),
        Flag("logger-ca-cert-file", "string", "service-ca.crt"),
        Flag("logger-tls-skip-verify", "bool", False),
    )
)
