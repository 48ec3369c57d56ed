"""KServe's own annotations on a pod, which tell the pod webhook what to inject. The controller sets them.

Source: pkg/controller/v1beta1/inferenceservice/components/component.go and predictor.go.
"""

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.spec import Batcher, Component, Logger, Storage
from isvclog.kserve.golang import json as gojson

_CONFIG_DIRECTORY, _MODEL_DIRECTORY = "/mnt/configs", "/mnt/models"
# pkg/credentials: the storage initializer puts the scheme in, from the secret.
_SCHEME_PLACEHOLDER = "<scheme-placeholder>"
_SINGLE_MODEL_FORMAT = "huggingface"


def internal_annotations(service_name: str, component: Component) -> dict[str, str]:
    """Build the annotations that the controller adds to one component's pod."""
    annotations: dict[str, str] = {}
    if component.logger is not None:
        annotations |= logger_annotations(component.logger)
    if component.batcher is not None and component.name != c.EXPLAINER:
        annotations |= _batcher_annotations(component.batcher)
    if component.model is not None and component.model.storage is not None:
        annotations |= _storage_annotations(component.model.storage)
    if serves_many_models(component):
        annotations[c.PULLER] = "true"
        annotations[c.PULLER_CONFIG_VOLUME] = f"modelconfig-{service_name}-0"
        annotations[c.PULLER_CONFIG_DIR] = _CONFIG_DIRECTORY
        annotations[c.PULLER_MODEL_DIR] = _MODEL_DIRECTORY
    storage_uri = source_uri(component)
    if storage_uri is not None:
        annotations[c.STORAGE_URI] = storage_uri
    return annotations | _confidential_annotations(component)


def logger_annotations(logger: Logger) -> dict[str, str]:
    """Build the annotations of a logger (component.go:60-75).

    They do not contain storage and batch settings: the webhook reads those from the service when a pod is created.
    """
    annotations = {c.LOGGER: "true", c.MODE: logger.mode}
    if logger.url is not None:
        annotations[c.SINK_URL] = logger.url
    if logger.metadata_headers is not None:
        annotations[c.METADATA_HEADERS] = ",".join(logger.metadata_headers)
    if logger.metadata_annotations is not None:
        annotations[c.METADATA_ANNOTATIONS] = ",".join(logger.metadata_annotations)
    return annotations


def serves_many_models(component: Component) -> bool:
    """Check whether the agent loads a predictor's models from TrainedModels (IsMMSPredictor of the utils)."""
    if component.name != c.PREDICTOR:
        return False
    if component.containers:
        return component.containers[0].env.get(c.MULTI_MODEL_VARIABLE) == "true"
    model = component.model
    if model is None or model.format == _SINGLE_MODEL_FORMAT:
        return False
    return model.storage_uri is None and model.storage is None and not component.storage_uris


def _batcher_annotations(batcher: Batcher) -> dict[str, str]:
    annotations = {c.BATCHER: "true"}
    if batcher.max_batch_size is not None:
        annotations[c.BATCHER_MAX_BATCH_SIZE] = str(batcher.max_batch_size)
    if batcher.max_latency is not None:
        annotations[c.BATCHER_MAX_LATENCY] = str(batcher.max_latency)
    return annotations


def _storage_annotations(storage: Storage) -> dict[str, str]:
    annotations = {c.STORAGE_SPEC: "true"}
    if storage.parameters is not None:
        annotations[c.STORAGE_SPEC_PARAM] = gojson.marshal(dict(storage.parameters))
    if storage.key is not None:
        annotations[c.STORAGE_SPEC_KEY] = storage.key
    if storage.path is not None:
        annotations[c.STORAGE_URI] = f"{_SCHEME_PLACEHOLDER}://{storage.path.removeprefix('/')}"
    return annotations


def _confidential_annotations(component: Component) -> dict[str, str]:
    resource = component.model.resource_id if component.model else None
    if resource is None:
        return {}
    return {c.CONFIDENTIAL_ENABLED: "true", **({c.CONFIDENTIAL_RESOURCE: resource} if resource else {})}


def source_uri(component: Component) -> str | None:
    """Return the storageUri of a model or an explainer, or the variable of a custom component's kserve-container.

    None if it is not set.
    """
    if component.model is not None:
        return component.model.storage_uri
    if component.storage_uri is not None:
        return component.storage_uri
    serving = (container for container in component.containers if container.name == c.MODEL_CONTAINER)
    return next((container.env.get(c.STORAGE_URI_VARIABLE) for container in serving), None)
