"""An InferenceService as the API server stores it: the fields that decide what is logged. `admission` reads it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from isvclog.kserve.apis.constants import PREDICTOR
from isvclog.records import NamedTuple

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Storage(NamedTuple):
    """A `storage` block of a logger or of a model; None for fields that the manifest does not have."""

    path: str | None = None
    parameters: Mapping[str, str] | None = None
    key: str | None = None
    service_account_name: str | None = None


class Logger(NamedTuple):
    """A `logger` block; None for fields that the manifest does not have.

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
    log_all_responses: bool | None = None
    pruned: Mapping[str, Any] = NOTHING


class Batcher(NamedTuple):
    """A `batcher` block; None for fields that the manifest does not have."""

    max_batch_size: int | None
    max_latency: int | None


class Container(NamedTuple):
    """A container. `probe` is its readiness probe as written, or None; `env` are the variables with a value."""

    name: str
    ports: tuple[int, ...] = ()
    probe: Mapping[str, Any] | None = None
    env: Mapping[str, str] = NOTHING


class Model(NamedTuple):
    """The model server of a predictor that is not a custom container: it runs in a ServingRuntime.

    `protocol` is the one that the manifest names, or None. `field` is where the model is: `model`, or a framework's
    name. `container` is the name that the manifest gives to the container. `resource_id` is the key of an encrypted
    model; empty if it has none, None if the model is not `confidential`.
    """

    format: str
    runtime: str | None = None
    protocol: str | None = None
    storage_uri: str | None = None
    storage: Storage | None = None
    ports: tuple[int, ...] = ()
    probe: Mapping[str, Any] | None = None
    version: str | None = None
    field: str = "model"
    container: str = ""
    resource_id: str | None = None


class Scaling(NamedTuple):
    """The settings of a component for Knative's autoscaler; None for fields that the manifest does not have."""

    min_replicas: int | None = None
    max_replicas: int | None = None
    target: int | None = None
    metric: str | None = None


class Component(NamedTuple):
    """One component of a service.

    `model` is the model server of a predictor that runs none in its own containers, or None. `storage_uris` is the
    number of storage URIs that it lists, `storage_uri` that of an explainer of KServe's. `workers` is True for a
    predictor with `workerSpec`, which runs on several nodes. `label` is the name of a predictor, beside its canaries;
    `canary` is True for those. `service_account` is the service account that the manifest names for its pods.
    """

    name: str
    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    logger: Logger | None = None
    batcher: Batcher | None = None
    containers: tuple[Container, ...] = ()
    model: Model | None = None
    storage_uris: int = 0
    scaling: Scaling = Scaling()
    storage_uri: str | None = None
    workers: bool = False
    label: str = ""
    canary: bool = False
    worker_container: Container | None = None
    """The container of the pods on other nodes, as `workerSpec` writes it."""
    service_account: str = ""


class InferenceService(NamedTuple):
    """An InferenceService, with its components by name."""

    name: str
    namespace: str
    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    components: Mapping[str, Component] = NOTHING
    canary: bool = False
    """True if there are canary predictors besides the predictor (`spec.canary`)."""
    canaries: Mapping[str, Component] = NOTHING
    """The canary predictors by name, with what they have from the predictor; those that KServe rejects are left out."""

    @property
    def predictor_logger(self) -> Logger | None:
        """The logger whose storage and batch settings the webhook reads, whatever the pod's component, or None."""
        predictor = self.components.get(PREDICTOR)
        return predictor.logger if predictor else None
