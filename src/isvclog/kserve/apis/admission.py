"""Admission: the part of a manifest that reaches the controller.

`read_service` takes the plain data of a manifest. It raises `Rejected` for what the API server or KServe's validating
webhook rejects. What they prune (unknown fields, fields newer than the release, nulls) is left out silently, as in a
cluster. Source: config/crd/full, pkg/apis/serving/v1beta1/component.go validateLogger.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from isvclog.keypath import KeyPath, mapping_at, mappings_at, string_at
from isvclog.kserve.apis import decode
from isvclog.kserve.apis.canaries import merged_canaries
from isvclog.kserve.apis.constants import API_GROUPS, API_VERSION, COMPONENTS, LOG_MODES, PREDICTOR
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.implementation import read_container, read_implementation, read_storage
from isvclog.kserve.apis.object_meta import read_metadata
from isvclog.kserve.apis.refusals import check_service
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import Batcher, Component, Container, InferenceService, Logger, Scaling

_NEWER_FIELDS = (
    *("metadataHeaders", "metadataAnnotations", "storage", "marshallerUrl", "batchSize", "batchInterval"),
    "logAllResponses",
)
"""The fields of a logger that not all releases have. They are named after their capabilities."""


def is_service(data: Mapping[str, Any]) -> bool:
    """Check whether the object is an InferenceService of any API group that KServe has used."""
    group = str(data.get("apiVersion", "")).partition("/")[0]
    return data.get("kind") == "InferenceService" and group in API_GROUPS


def is_complete(data: Mapping[str, Any]) -> bool:
    """Check whether a manifest is a complete service and not a patch.

    KServe rejects a service without a model, so a manifest without one must be a patch. A predictor at the root of the
    document, beside `spec`, counts as well. An object with a uid comes from an API server and is always complete.
    """
    if string_at(data, ("metadata", "uid")):
        return True
    predictor = mapping_at({**data, **mapping_at(data, ("spec",))}, (PREDICTOR,))
    return any(_is_model(name, value) for name, value in predictor.items())


def _is_model(name: str, value: Any) -> bool:
    if name == "containers":
        return isinstance(value, list) and any(isinstance(item, dict) and "image" in item for item in value)
    if not isinstance(value, dict) or name == "logger":
        return False
    if name == "model":
        return "modelFormat" in value
    return not value.keys().isdisjoint(("storageUri", "storage", "image"))


def read_service(data: Mapping[str, Any], release: Release, *, lenient: bool = False) -> InferenceService:
    """Read the service in `data`; raise Rejected if the cluster does not accept it.

    `data` must be a complete manifest: a patch lacks fields that KServe requires. With `lenient`, what KServe's webhook
    rejects about other things than the logger is accepted.
    """
    if data.get("apiVersion") != API_VERSION:
        raise Rejected(("apiVersion",), f"is not the one that KServe serves, which is {API_VERSION}")
    metadata = read_metadata(data)
    spec = decode.mapping(data, (), "spec")
    if not lenient:
        check_service(metadata, spec, release)
    components = {}
    for part in COMPONENTS:
        component = decode.optional_mapping(spec, ("spec",), part)
        if component is not None:
            components[part] = _component(component, ("spec", part), release)
    if PREDICTOR not in components:
        where = "is at the root of the document, beside spec" if PREDICTOR in data else "is missing"
        raise Rejected(("spec", PREDICTOR), f"{where}; KServe needs exactly one")
    return InferenceService(
        name=metadata.name,
        namespace=metadata.namespace,
        annotations=metadata.annotations,
        labels=metadata.labels,
        components=components,
        canary=bool(spec.get("canary")) and release.has("canary"),
        canaries=_canaries(spec, release) if spec.get("canary") and release.has("canary") else {},
    )


def _canaries(spec: Mapping[str, Any], release: Release) -> dict[str, Component]:
    found = {}
    for name, path, predictor in merged_canaries(spec):
        with suppress(Rejected):
            found[name] = _component(predictor, path, release)._replace(label=name, canary=True)
    return found


def read_logger(data: Mapping[str, Any], path: KeyPath, release: Release) -> Logger:
    """Read one logger block, and prune the fields that `release` does not know.

    The checks of the admission webhook are not made here. A value of a wrong type raises Rejected.
    """
    fields = {key: value for key, value in data.items() if _is_known(key, release)}
    headers, annotations = (decode.strings(fields, path, key) for key in ("metadataHeaders", "metadataAnnotations"))
    return Logger(
        url=decode.string(fields, path, "url"),
        mode=decode.string(fields, path, "mode") or "",
        metadata_headers=headers,
        metadata_annotations=annotations,
        storage=read_storage(fields, path),
        marshaller_url=decode.string(fields, path, "marshallerUrl"),
        batch_size=decode.integer(fields, path, "batchSize"),
        batch_interval=decode.string(fields, path, "batchInterval"),
        log_all_responses=decode.boolean(fields, path, "logAllResponses"),
        pruned={key: value for key, value in data.items() if key not in fields},
    )


def _is_known(field_name: str, release: Release) -> bool:
    if field_name in ("url", "mode"):
        return True
    return field_name in _NEWER_FIELDS and release.has(field_name)


def _component(data: Mapping[str, Any], path: KeyPath, release: Release) -> Component:
    logger = decode.optional_mapping(data, path, "logger")
    batcher = decode.optional_mapping(data, path, "batcher")
    name = str(path[-1])
    implementation = read_implementation(data, path, release)
    label = string_at(data, ("name",)) if name == PREDICTOR and release.has("predictor-name") else ""
    keeps_annotations = release.has("component-annotations")
    return Component(
        name=name,
        annotations=decode.string_map(data, path, "annotations") if keeps_annotations else {},
        labels=decode.string_map(data, path, "labels") if keeps_annotations else {},
        logger=None
        if logger is None
        else _admitted(read_logger(logger, (*path, "logger"), release), (*path, "logger")),
        batcher=None if batcher is None else _batcher(batcher, (*path, "batcher")),
        containers=implementation.containers,
        model=implementation.model,
        storage_uris=len(decode.sequence(data, path, "storageUris")),
        scaling=_scaling(data, path),
        storage_uri=implementation.storage_uri,
        workers=name == PREDICTOR and data.get("workerSpec") is not None,
        label=label,
        worker_container=_worker_container(data),
        service_account=string_at(data, ("serviceAccountName",)),
    )


def _worker_container(data: Mapping[str, Any]) -> Container | None:
    containers = mappings_at(data, ("workerSpec", "containers"))
    return read_container(containers[0]) if containers else None


def _admitted(logger: Logger, path: KeyPath) -> Logger:
    # component.go validateLogger: the schema marks both optional, the webhook does not.
    if logger.mode not in LOG_MODES:
        problem = "is missing" if not logger.mode else f"is {logger.mode!r}"
        raise Rejected((*path, "mode"), f"{problem}; KServe accepts {', '.join(LOG_MODES)}")
    storage = logger.storage
    if storage is not None:
        for key, value in (("path", storage.path), ("parameters", storage.parameters), ("key", storage.key)):
            if value is None:
                raise Rejected((*path, "storage", key), "is missing; storage needs path, parameters and key")
    return logger


def _batcher(data: Mapping[str, Any], path: KeyPath) -> Batcher:
    return Batcher(decode.integer(data, path, "maxBatchSize"), decode.integer(data, path, "maxLatency"))


def _scaling(data: Mapping[str, Any], path: KeyPath) -> Scaling:
    return Scaling(
        min_replicas=decode.integer(data, path, "minReplicas"),
        max_replicas=decode.integer(data, path, "maxReplicas"),
        target=decode.integer(data, path, "scaleTarget"),
        metric=decode.string(data, path, "scaleMetric"),
    )
