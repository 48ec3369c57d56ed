"""An InferenceService as the API server stores it: the fields that decide what is logged. `admission` reads it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from isvclog.kserve.constants import PREDICTOR

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Storage(NamedTuple):
    path: str | None = None
    parameters: Mapping[str, str] | None = None
    key: str | None = None
    service_account_name: str | None = None


class Logger(NamedTuple):
    """A `logger` block; None where the manifest has no such field.

    `pruned` are the fields that the release does not know, as they were written: the cluster drops them.
    """

    url: str | None = None
    mode: str = ""
    metadata_headers: tuple[str, ...] | None = None
    metadata_annotations: tuple[str, ...] | None = None
    storage: Storage | None = None
    marshaller_url: str | None = None
    batch_size: int | None = None
    batch_interval: str | None = None
    pruned: Mapping[str, Any] = NOTHING


class Batcher(NamedTuple):
    max_batch_size: int | None
    max_latency: int | None


class Container(NamedTuple):
    """`probe` is the readiness probe as written, None where there is none; `env` are the variables with a value."""

    name: str
    ports: tuple[int, ...] = ()
    probe: Mapping[str, Any] | None = None
    env: Mapping[str, str] = NOTHING


class Model(NamedTuple):
    """The model server of a predictor that is not a custom container: it runs in a ServingRuntime."""

    format: str
    runtime: str | None = None
    protocol: str | None = None
    storage_uri: str | None = None
    storage: Storage | None = None
    ports: tuple[int, ...] = ()
    probe: Mapping[str, Any] | None = None


class Scaling(NamedTuple):
    """What Knative's autoscaler is told; None where the manifest says nothing."""

    min_replicas: int | None = None
    max_replicas: int | None = None
    target: int | None = None
    metric: str | None = None


class Component(NamedTuple):
    """`model` is the model server of a predictor that has none of its own; `storage_uris` is how many it lists."""

    name: str
    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    logger: Logger | None = None
    batcher: Batcher | None = None
    containers: tuple[Container, ...] = ()
    model: Model | None = None
    storage_uris: int = 0
    scaling: Scaling = Scaling()


class InferenceService(NamedTuple):
    name: str
    namespace: str
    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    components: Mapping[str, Component] = NOTHING
    canary: bool = False
    """Whether canary predictors stand beside the predictor (`spec.canary`)."""

    @property
    def predictor_logger(self) -> Logger | None:
        """The one logger whose storage and batch settings the webhook reads, whatever the pod's component."""
        predictor = self.components.get(PREDICTOR)
        return predictor.logger if predictor else None
