"""The controller: annotations and labels of a component's pod, as they stand when the webhook sees it.

Source: pkg/controller/v1beta1/inferenceservice/components/{predictor,transformer,explainer,component}.go and
reconcilers/{knative,raw}. Later layers win, and each is filtered by the disallowed list on its own.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from isvclog.kserve import constants as c
from isvclog.kserve.defaults import Installation, Runtime, default_mode, disallowed_annotations
from isvclog.kserve.golang import json as gojson
from isvclog.kserve.spec import Component, Container, InferenceService, Logger, Model

# ksvc_reconciler.go moves these to the Knative Service itself.
_MOVED_BY_KNATIVE = ("serving.knative.dev/rollout-duration", "serving.knative.openshift.io/enablePassthrough")
# Knative's revision/resources/meta.go keeps these from pods.
_KEPT_FROM_PODS = tuple(
    "serving.knative.dev/" + name for name in ("lastPinned", "no-gc", "routingStateModified", "routes")
)
_AUTOSCALING = "autoscaling.knative.dev/"

SERVICE_SOURCE = "metadata.annotations"
KSERVE_SOURCE = "KServe"


class Layer(NamedTuple):
    """One source of pod annotations; `removed` says of each key that does not pass why not."""

    source: str
    annotations: Mapping[str, str]
    removed: Mapping[str, str]


class Pod(NamedTuple):
    """A component's pod at admission. `layers` are the annotation sources in merge order, the last one wins."""

    annotations: Mapping[str, str]
    labels: Mapping[str, str]
    containers: tuple[Container, ...]
    layers: tuple[Layer, ...]
    mode: str
    runtime: Runtime | None = None
    redirected: bool = True
    """Whether the component's Service sends its traffic through the agent."""


def deployment_mode(service: InferenceService, installation: Installation) -> str:
    """Knative, Standard or ModelMesh: the override, else the service's annotation, else the ConfigMap's default."""
    if installation.mode:
        return installation.mode
    annotated = service.annotations.get(c.DEPLOYMENT_MODE_ANNOTATION, "")
    annotated = c.LEGACY_MODES.get(annotated, annotated)
    return annotated if annotated in c.DEPLOYMENT_MODES else default_mode(installation.config)


def component_pod(service: InferenceService, component: Component, installation: Installation) -> Pod | None:
    """The pod of one component, or None where KServe makes none (a ModelMesh predictor lives in shared pods)."""
    mode = deployment_mode(service, installation)
    if mode == c.MODELMESH:
        if component.name == c.PREDICTOR:
            return None
        mode = c.KNATIVE
    runtime = _runtime(component.model, installation.runtimes)
    disallowed = disallowed_annotations(installation)
    sources = [
        (SERVICE_SOURCE, _defaulted(service, installation)),
        (KSERVE_SOURCE, _internal(component, installation)),
        (f"spec.{component.name}.annotations", component.annotations),
    ]
    if runtime is not None:
        sources.insert(0, ("the runtime's spec.annotations", runtime.annotations))
    layers = tuple(_layer(source, annotations, disallowed, mode) for source, annotations in sources)
    labels = {
        **(runtime.labels if runtime else {}),
        **service.labels,
        **component.labels,
        c.SERVICE_LABEL: service.name,
        c.COMPONENT_LABEL: component.name,
    }
    return Pod(
        annotations={key: value for layer in layers for key, value in layer.annotations.items()},
        labels=labels,
        containers=tuple(_containers(component, runtime)),
        layers=layers,
        mode=mode,
        runtime=runtime,
        # service_reconciler.go:161-172. In Knative mode queue-proxy forwards to the agent through USER_PORT.
        redirected=mode == c.KNATIVE
        or ((component.logger or component.batcher) is not None and installation.release.has("raw-redirect")),
    )


def _defaulted(service: InferenceService, installation: Installation) -> Mapping[str, str]:
    """The service's annotations after the defaulting webhook (inference_service_defaults.go:163-213)."""
    if not installation.release.has("standard-mode-name"):
        return service.annotations
    annotations = dict(service.annotations)
    mode = annotations.get(c.DEPLOYMENT_MODE_ANNOTATION)
    if mode is None:
        default = default_mode(installation.config)
        if default in (c.STANDARD, c.MODELMESH):
            annotations[c.DEPLOYMENT_MODE_ANNOTATION] = default
    else:
        annotations[c.DEPLOYMENT_MODE_ANNOTATION] = c.LEGACY_MODES.get(mode, mode)
    return annotations


def _internal(component: Component, installation: Installation) -> dict[str, str]:
    annotations = _model_annotations(component.model)
    if component.logger is not None:
        annotations |= logger_annotations(component.logger)
    if component.batcher is not None and component.name != c.EXPLAINER:
        annotations[c.BATCHER] = "true"
        if component.batcher.max_batch_size is not None:
            annotations[c.BATCHER_MAX_BATCH_SIZE] = str(component.batcher.max_batch_size)
        if component.batcher.max_latency is not None:
            annotations[c.BATCHER_MAX_LATENCY] = str(component.batcher.max_latency)
    return annotations


def logger_annotations(logger: Logger) -> dict[str, str]:
    """component.go:60-75. Storage and batch settings do not travel this way: the webhook reads them live."""
    annotations = {c.LOGGER: "true", c.MODE: logger.mode}
    if logger.url is not None:
        annotations[c.SINK_URL] = logger.url
    if logger.metadata_headers is not None:
        annotations[c.METADATA_HEADERS] = ",".join(logger.metadata_headers)
    if logger.metadata_annotations is not None:
        annotations[c.METADATA_ANNOTATIONS] = ",".join(logger.metadata_annotations)
    return annotations


def _model_annotations(model: Model | None) -> dict[str, str]:
    if model is None:
        return {}
    annotations = {}
    if model.storage is not None:
        annotations[c.STORAGE_SPEC] = "true"
        if model.storage.parameters is not None:
            annotations[c.STORAGE_SPEC_PARAM] = gojson.marshal(dict(model.storage.parameters))
        if model.storage.key is not None:
            annotations[c.STORAGE_SPEC_KEY] = model.storage.key
    if model.storage_uri is not None:
        annotations[c.STORAGE_URI] = model.storage_uri
    return annotations


def _layer(source: str, annotations: Mapping[str, str], disallowed: frozenset[str], mode: str) -> Layer:
    kept, removed = {}, {}
    for key, value in annotations.items():
        # KServe's own keys are added after the filter.
        reason = _removal(key, disallowed if source != KSERVE_SOURCE else frozenset(), mode)
        if reason:
            removed[key] = reason
        else:
            kept[key] = value
    return Layer(source, kept, removed)


def _removal(key: str, disallowed: frozenset[str], mode: str) -> str:
    if key in disallowed:
        return "KServe's controller keeps it from pods (serviceAnnotationDisallowedList)"
    if mode != c.KNATIVE:
        return ""
    if key in _MOVED_BY_KNATIVE:
        return "KServe moves it to the Knative Service"
    if key in _KEPT_FROM_PODS:
        return "Knative keeps it from pods"
    if key.startswith(_AUTOSCALING):
        return "Knative 1.21 and later keep every autoscaling.knative.dev annotation from pods"
    return ""


def _runtime(model: Model | None, runtimes: tuple[Runtime, ...]) -> Runtime | None:
    """The given runtime that the model names or, where it names none, the first that knows its format."""
    if model is None:
        return None
    for runtime in runtimes:
        if runtime.name == model.runtime or (model.runtime is None and model.format in runtime.formats):
            return runtime
    return None


def _containers(component: Component, runtime: Runtime | None) -> Iterator[Container]:
    if component.model is None:
        yield from map(_probed, component.containers or (Container(c.MODEL_CONTAINER),))
        return
    model = component.model
    for container in runtime.containers if runtime else (Container(c.MODEL_CONTAINER),):
        if container.name == c.MODEL_CONTAINER:
            # The model's own container fields override those of the runtime.
            container = Container(container.name, model.ports or container.ports, model.probe or container.probe)
        yield _probed(container)
    yield from map(_probed, (extra for extra in component.containers if extra.name != c.MODEL_CONTAINER))


def _probed(container: Container) -> Container:
    """setDefaultPodSpec of the Standard mode; Knative adds a TCP probe just as well."""
    if container.probe is None and container.name in (c.MODEL_CONTAINER, c.TRANSFORMER_CONTAINER):
        return container._replace(probe={"tcpSocket": {"port": (container.ports or (c.DEFAULT_HTTP_PORT,))[0]}})
    return container
