"""The logger's settings in the agent's memory: all that the logger knows about the service whose traffic it logs."""

from collections.abc import Mapping
from typing import NamedTuple

from isvclog.kserve.agent.store import Store
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang.url import URL


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
