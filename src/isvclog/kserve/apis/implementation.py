"""The implementation of a component: a model server in a runtime, an explainer of KServe's, or containers.

Source: GetImplementations, Default and validateExactlyOneImplementation of pkg/apis/serving/v1beta1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from isvclog.keypath import KeyPath, mapping_at, mappings_at, string_at
from isvclog.kserve.apis import decode
from isvclog.kserve.apis.constants import EXPLAINER, MODEL_CONTAINER, PREDICTOR
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.spec import Container, Model, Storage
from isvclog.records import NamedTuple

# Predictors that the defaulter turns into `model:`, in its order (inference_service_defaults.go).
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
# Explainers that older releases or all of them have.
FORMER_EXPLAINERS, _EXPLAINERS = ("alibi", "aix"), ("art",)


class Implementation(NamedTuple):
    """The implementation of one component: a model or None, the containers, and the storageUri of an explainer."""

    model: Model | None
    containers: tuple[Container, ...]
    storage_uri: str | None = None


def read_implementation(data: Mapping[str, Any], path: KeyPath, release: Release) -> Implementation:
    """Read the one implementation of a component; raise Rejected if there is none, or more than one."""
    predicts = path[-1] == PREDICTOR
    model = _model(data, path, release) if predicts else None
    containers = tuple(read_container(item) for item in mappings_at(data, ("containers",)))
    names = _names(data, path, release)
    names += ["containers"] * _count_servers(containers, predicts=predicts, other=bool(names))
    if len(names) != 1:
        raise Rejected(path, _miscounted(names, path), exactly_one_message(str(path[-1]), release))
    return Implementation(
        model,
        containers if model else tuple(_named(containers, predicts, release)),
        None if predicts else string_at(data, ("art", "storageUri")) or None,
    )


def exactly_one_message(component: str, release: Release) -> str:
    """Return the webhook's message for a component with no implementation or several; empty if it is not known.

    It lists all fields of a Go struct but the last one (ExactlyOneErrorFor of component.go).
    """
    if component == PREDICTOR or not release.has("measured-deployment"):
        return ""
    fields = ["PodSpec", *(["ComponentExtensionSpec"] if release.has("several-storage-uris") else [])]
    if component == EXPLAINER:
        fields.insert(0, "ART")
    return f"exactly one of [{', '.join(fields)}] must be specified in {component.capitalize()}Spec"


def _count_servers(containers: Sequence[Container], *, predicts: bool, other: bool) -> int:
    """Count the implementations among the containers. `other` is True if the component has one besides them.

    In a predictor with another implementation, containers are sidecars unless they are called kserve-container.
    """
    if not predicts:
        return int(bool(containers))
    own = [container for container in containers if container.name == MODEL_CONTAINER]
    return len(own) or int(bool(containers) and not other)


def read_container(data: Mapping[str, Any]) -> Container:
    """Read name, ports, readiness probe and environment of a container.

    Malformed parts are left out, because they are not about logging.
    """
    probe = data.get("readinessProbe")
    return Container(
        name=str(data.get("name") or ""),
        ports=tuple(
            port["containerPort"]
            for port in mappings_at(data, ("ports",))
            if isinstance(port.get("containerPort"), int)
        ),
        probe={key: value for key, value in probe.items() if value is not None} if isinstance(probe, Mapping) else None,
        env={
            str(item.get("name")): item["value"]
            for item in mappings_at(data, ("env",))
            if isinstance(item.get("value"), str)
        },
    )


def read_storage(data: Mapping[str, Any], path: KeyPath) -> Storage | None:
    """Read the mapping `storage` of a logger or of a model; None if there is none."""
    storage = decode.optional_mapping(data, path, "storage")
    if storage is None:
        return None
    path = (*path, "storage")
    parameters = None if storage.get("parameters") is None else decode.string_map(storage, path, "parameters")
    return Storage(
        path=decode.string(storage, path, "path"),
        parameters=parameters,
        key=decode.string(storage, path, "key"),
        service_account_name=decode.string(storage, path, "serviceAccountName"),
    )


def _names(data: Mapping[str, Any], path: KeyPath, release: Release) -> list[str]:
    """List the implementations that a component names besides containers.

    The defaulter replaces `model` with a framework if there is one.
    """
    former = () if release.has("art-is-the-only-explainer") else FORMER_EXPLAINERS
    candidates = {PREDICTOR: FRAMEWORKS, EXPLAINER: (*_EXPLAINERS, *former)}.get(str(path[-1]), ())
    names = [name for name in candidates if decode.optional_mapping(data, path, name) is not None]
    return names or (["model"] if path[-1] == PREDICTOR and data.get("model") is not None else [])


def _miscounted(names: Sequence[str], path: KeyPath) -> str:
    choices = {PREDICTOR: "model, a framework like sklearn, or containers", EXPLAINER: "art or containers"}
    wanted = choices.get(str(path[-1]), "containers")
    if not names:
        return f"does not say what serves it; KServe needs {wanted}"
    twice = "containers called kserve-container" if set(names) == {"containers"} else " and ".join(names)
    return f"has {twice}; KServe needs exactly one of {wanted}"


def _model(data: Mapping[str, Any], path: KeyPath, release: Release) -> Model | None:
    for key in (*FRAMEWORKS, "model"):
        model = decode.optional_mapping(data, path, key)
        if model is None:
            continue
        path = (*path, key)
        model_format = decode.mapping(model, path, "modelFormat")
        container = read_container(model)
        return Model(
            format=(decode.string(model_format, (*path, "modelFormat"), "name") or "") if key == "model" else key,
            runtime=decode.string(model, path, "runtime") if key == "model" else None,
            protocol=decode.string(model, path, "protocolVersion"),
            storage_uri=decode.string(model, path, "storageUri"),
            storage=read_storage(model, path),
            ports=container.ports,
            probe=container.probe,
            version=decode.string(model_format, (*path, "modelFormat"), "version") if key == "model" else None,
            field=key,
            container=container.name,
            resource_id=_resource_id(model, release),
        )
    return None


def _resource_id(model: Mapping[str, Any], release: Release) -> str | None:
    """Return the key of a confidential model, empty if it has none; None if the model is not confidential."""
    confidential = mapping_at(model, ("confidential",))
    if confidential.get("enabled") is not True or not release.has("confidential-annotations"):
        return None
    return string_at(confidential, ("resourceId",))


def _named(containers: Sequence[Container], predicts: bool, release: Release) -> list[Container]:
    """Name the containers of a custom component as the defaulter does ({predictor,transformer}_custom.go)."""
    keeps_name = predicts and release.has("custom-container-names") and len(containers) > 1
    return [
        container._replace(name=MODEL_CONTAINER) if index == 0 and not (keeps_name and container.name) else container
        for index, container in enumerate(containers)
    ]
