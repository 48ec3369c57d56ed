"""ServingRuntimes: what one adds to a predictor's pod, and which one a model runs in.

Source: GetSupportingRuntimes of pkg/apis/serving/v1beta1/predictor_model.go, GetServingRuntime of the controller.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from isvclog.keypath import mapping_at, mappings_at, strings_at
from isvclog.kserve.apis.implementation import read_container
from isvclog.kserve.apis.spec import NOTHING, Container, Model

DEFAULT_NAMESPACE = "default"


class Runtime(NamedTuple):
    """A ServingRuntime or ClusterServingRuntime: what its `spec`, not its metadata, adds to the predictor's pod.

    `formats` are those it can be chosen for if a model names no runtime; `namespace` is None for a
    ClusterServingRuntime.
    """

    name: str
    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    containers: tuple[Container, ...] = ()
    formats: tuple[str, ...] = ()
    namespace: str | None = None
    disabled: bool = False


def is_runtime(data: Mapping[str, Any]) -> bool:
    """Check whether an object is a ServingRuntime or a ClusterServingRuntime."""
    return data.get("kind") in ("ServingRuntime", "ClusterServingRuntime")


def read_runtime(data: Mapping[str, Any]) -> Runtime:
    """Read a runtime and ignore malformed parts, because they are not about logging."""
    metadata, spec = mapping_at(data, ("metadata",)), mapping_at(data, ("spec",))
    formats = mappings_at(spec, ("supportedModelFormats",))
    selectable = spec.get("multiModel") is not True
    return Runtime(
        name=str(metadata.get("name", "")),
        annotations=strings_at(spec, ("annotations",)),
        labels=strings_at(spec, ("labels",)),
        containers=tuple(read_container(item) for item in mappings_at(spec, ("containers",))),
        formats=tuple(str(item.get("name")) for item in formats if selectable and item.get("autoSelect") is True),
        namespace=None if data.get("kind") == "ClusterServingRuntime" else _namespace(metadata),
        disabled=spec.get("disabled") is True,
    )


def choose_runtime(model: Model, namespace: str, runtimes: Iterable[Runtime]) -> Runtime | None:
    """Choose the runtime that the model names or, if it names none, the first one for its format.

    Runtimes of the service's namespace come before those of the cluster. None if no given runtime fits.
    """
    enabled = [runtime for runtime in runtimes if not runtime.disabled]
    for place in (namespace, None):
        for runtime in enabled:
            fits = model.format in runtime.formats if model.runtime is None else runtime.name == model.runtime
            if fits and runtime.namespace == place:
                return runtime
    return None


def _namespace(metadata: Mapping[str, Any]) -> str:
    return str(metadata.get("namespace") or DEFAULT_NAMESPACE)
