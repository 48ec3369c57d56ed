"""An InferenceService as the API server stores it: the fields that decide what is logged. `admission` reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from isvclog.kserve.constants import PREDICTOR


@dataclass(frozen=True, slots=True)
class Storage:
    path: str | None = None
    parameters: Mapping[str, str] | None = None
    key: str | None = None
    service_account_name: str | None = None


@dataclass(frozen=True, slots=True)
class Logger:
    """A `logger` block; None where the manifest has no such field."""

    url: str | None = None
    mode: str = ""
    metadata_headers: tuple[str, ...] | None = None
    metadata_annotations: tuple[str, ...] | None = None
    storage: Storage | None = None
    marshaller_url: str | None = None
    batch_size: int | None = None
    batch_interval: str | None = None


class Batcher(NamedTuple):
    max_batch_size: int | None
    max_latency: int | None


class Container(NamedTuple):
    """`probe` is the readiness probe as written, None where there is none."""

    name: str
    ports: tuple[int, ...] = ()
    probe: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """The model server of a predictor that is not a custom container: it runs in a ServingRuntime."""

    format: str
    runtime: str | None = None
    protocol: str | None = None
    storage_uri: str | None = None
    storage: Storage | None = None
    ports: tuple[int, ...] = ()
    probe: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    logger: Logger | None = None
    batcher: Batcher | None = None
    containers: tuple[Container, ...] = ()
    model: Model | None = None


@dataclass(frozen=True, slots=True)
class InferenceService:
    name: str
    namespace: str
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    components: Mapping[str, Component] = field(default_factory=dict)

    @property
    def predictor_logger(self) -> Logger | None:
        """The one logger whose storage and batch settings the webhook reads, whatever the pod's component."""
        predictor = self.components.get(PREDICTOR)
        return predictor.logger if predictor else None
