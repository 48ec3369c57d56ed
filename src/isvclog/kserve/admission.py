"""Admission: what of a manifest reaches the controller.

`read_service` takes the plain data of a manifest. What the API server or KServe's validating webhook refuses raises
`Refused`; what they prune (unknown fields, fields newer than the release, nulls) is left out silently, as in a cluster.
Source: config/crd/full, pkg/apis/serving/v1beta1/component.go validateLogger.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.keypath import KeyPath
from isvclog.kserve import typed
from isvclog.kserve.constants import COMPONENTS, LOG_MODES, MODEL_CONTAINER, PREDICTOR
from isvclog.kserve.releases import Release
from isvclog.kserve.spec import Batcher, Component, Container, InferenceService, Logger, Model, Storage
from isvclog.kserve.typed import Refused

# inference_service_validation.go, IsvcRegexp.
_NAME = re.compile(r"[a-z](?:[-a-z0-9]*[a-z0-9])?")
API_VERSION = "serving.kserve.io/v1beta1"

# Predictors that the defaulter turns into `model:` (inference_service_defaults.go).
FRAMEWORKS = (
    "sklearn",
    "tensorflow",
    "xgboost",
    "pytorch",
    "triton",
    "onnx",
    "huggingface",
    "pmml",
    "lightgbm",
    "paddle",
)


def is_service(data: Mapping[str, Any]) -> bool:
    """Whether the object is an InferenceService of an API group that KServe ever had."""
    group = str(data.get("apiVersion", "")).partition("/")[0]
    return data.get("kind") == "InferenceService" and group in ("serving.kserve.io", "serving.kubeflow.org")


def read_service(data: Mapping[str, Any], release: Release) -> InferenceService:
    """The service in `data`; a namespace is `default` where the manifest names none."""
    if data.get("apiVersion") != API_VERSION:
        raise Refused(("apiVersion",), f"is not the one that KServe serves, which is {API_VERSION}")
    metadata = typed.mapping(data, (), "metadata")
    spec = typed.mapping(data, (), "spec")
    components = {}
    for part in COMPONENTS:
        component = typed.optional_mapping(spec, ("spec",), part)
        if component is not None:
            components[part] = _component(component, ("spec", part), release)
    if PREDICTOR not in components:
        where = "stands at the root of the document, beside spec" if PREDICTOR in data else "is missing"
        raise Refused(("spec", PREDICTOR), f"{where}; KServe needs exactly one")
    return InferenceService(
        name=_service_name(metadata),
        namespace=typed.string(metadata, ("metadata",), "namespace") or "default",
        annotations=_metadata_strings(metadata, "annotations"),
        labels=_metadata_strings(metadata, "labels"),
        components=components,
    )


def _service_name(metadata: Mapping[str, Any]) -> str:
    name = typed.string(metadata, ("metadata",), "name")
    if name is None:
        return typed.string(metadata, ("metadata",), "generateName") or ""
    if not _NAME.fullmatch(name):
        raise Refused(("metadata", "name"), "may have lower-case letters, digits and dashes, and starts with a letter")
    return name


def read_logger(data: Mapping[str, Any], path: KeyPath, release: Release) -> Logger:
    """One logger block, without what the admission webhook checks.

    Fields that `release` does not know are pruned.
    """
    known = {key: value for key, value in data.items() if _known(key, release)}
    headers, annotations = (typed.strings(known, path, key) for key in ("metadataHeaders", "metadataAnnotations"))
    return Logger(
        url=typed.string(known, path, "url"),
        mode=typed.string(known, path, "mode") or "",
        metadata_headers=headers,
        metadata_annotations=annotations,
        storage=_storage(known, path),
        marshaller_url=typed.string(known, path, "marshallerUrl"),
        batch_size=typed.integer(known, path, "batchSize"),
        batch_interval=typed.string(known, path, "batchInterval"),
        pruned={key: value for key, value in data.items() if key not in known},
    )


def _known(field_name: str, release: Release) -> bool:
    if field_name in ("url", "mode"):
        return True
    newer = ("metadataHeaders", "metadataAnnotations", "storage", "marshallerUrl", "batchSize", "batchInterval")
    return field_name in newer and release.has(field_name)


def _component(data: Mapping[str, Any], path: KeyPath, release: Release) -> Component:
    logger = typed.optional_mapping(data, path, "logger")
    batcher = typed.optional_mapping(data, path, "batcher")
    name = str(path[-1])
    model = _model(data, path) if name == PREDICTOR else None
    keeps_annotations = release.has("component-annotations")
    return Component(
        name=name,
        annotations=typed.string_map(data, path, "annotations") if keeps_annotations else {},
        labels=typed.string_map(data, path, "labels") if keeps_annotations else {},
        logger=None
        if logger is None
        else _admitted(read_logger(logger, (*path, "logger"), release), (*path, "logger")),
        batcher=None if batcher is None else _batcher(batcher, (*path, "batcher")),
        containers=tuple(_containers(data)),
        model=model,
    )


def _admitted(logger: Logger, path: KeyPath) -> Logger:
    # component.go validateLogger: the schema marks both optional, the webhook does not.
    if logger.mode not in LOG_MODES:
        problem = "is missing" if not logger.mode else f"is {logger.mode!r}"
        raise Refused((*path, "mode"), f"{problem}; KServe accepts {', '.join(LOG_MODES)}")
    storage = logger.storage
    if storage is not None:
        for key, value in (("path", storage.path), ("parameters", storage.parameters), ("key", storage.key)):
            if value is None:
                raise Refused((*path, "storage", key), "is missing; storage needs path, parameters and key")
    return logger


def _storage(data: Mapping[str, Any], path: KeyPath) -> Storage | None:
    storage = typed.optional_mapping(data, path, "storage")
    if storage is None:
        return None
    path = (*path, "storage")
    parameters = None if storage.get("parameters") is None else typed.string_map(storage, path, "parameters")
    return Storage(
        path=typed.string(storage, path, "path"),
        parameters=parameters,
        key=typed.string(storage, path, "key"),
        service_account_name=typed.string(storage, path, "serviceAccountName"),
    )


def _batcher(data: Mapping[str, Any], path: KeyPath) -> Batcher:
    return Batcher(typed.integer(data, path, "maxBatchSize"), typed.integer(data, path, "maxLatency"))


def _model(data: Mapping[str, Any], path: KeyPath) -> Model | None:
    for key in ("model", *FRAMEWORKS):
        model = typed.optional_mapping(data, path, key)
        if model is None:
            continue
        path = (*path, key)
        model_format = typed.optional_mapping(model, path, "modelFormat") or {}
        container = read_container(model)
        return Model(
            format=(typed.string(model_format, path, "name") or "") if key == "model" else key,
            runtime=typed.string(model, path, "runtime"),
            protocol=typed.string(model, path, "protocolVersion"),
            storage_uri=typed.string(model, path, "storageUri"),
            storage=_storage(model, path),
            ports=container.ports,
            probe=container.probe,
        )
    return None


def _containers(data: Mapping[str, Any]) -> Iterator[Container]:
    """The containers of a custom component, named as the defaulter names them (predictor_custom.go, Default)."""
    containers = [read_container(item) for item in data.get("containers") or () if isinstance(item, Mapping)]
    for index, container in enumerate(containers):
        if index == 0 and (len(containers) == 1 or not container.name):
            yield container._replace(name=MODEL_CONTAINER)
        else:
            yield container


def read_container(data: Mapping[str, Any]) -> Container:
    """Name, ports and readiness probe, leniently: a malformed container is not about logging."""
    ports = data.get("ports")
    probe = data.get("readinessProbe")
    return Container(
        name=str(data.get("name") or ""),
        ports=tuple(
            port["containerPort"]
            for port in (ports if isinstance(ports, list) else ())
            if isinstance(port, Mapping) and isinstance(port.get("containerPort"), int)
        ),
        probe=probe if isinstance(probe, Mapping) else None,
    )


def _metadata_strings(metadata: Mapping[str, Any], key: str) -> dict[str, str]:
    # ObjectMeta is decoded by Go into map[string]string, where null becomes the empty string.
    values = {
        name: "" if value is None else value for name, value in typed.mapping(metadata, ("metadata",), key).items()
    }
    return typed.string_map({key: values}, ("metadata",), key)
