"""ServingRuntimes: what one supports, and what it adds to the pod of a predictor that runs in it.

Source: pkg/apis/serving/v1alpha1/servingruntime_types.go. `kserve/controller/runtime_choice.py` chooses one.
"""

from collections.abc import Mapping
from typing import Any

from isvclog.keypath import mapping_at, mappings_at, string_at, strings_at
from isvclog.kserve.apis.implementation import read_container
from isvclog.kserve.apis.spec import NOTHING, Container
from isvclog.records import NamedTuple

DEFAULT_NAMESPACE = "default"


class SupportedFormat(NamedTuple):
    """A model format that a runtime supports. With `auto_select`, models that name no runtime may get this one."""

    name: str
    version: str | None = None
    auto_select: bool = False
    priority: int | None = None


class WorkerTemplate(NamedTuple):
    """The `workerSpec` of a runtime: what it adds to the pods of a predictor on other nodes than the first."""

    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    containers: tuple[Container, ...] = ()


class Runtime(NamedTuple):
    """A ServingRuntime or ClusterServingRuntime: its `spec`, not its metadata.

    `namespace` is None for a ClusterServingRuntime. `workers` is what it adds to the pods on other nodes; None for a
    runtime on one node. `created` is the creation time as Kubernetes writes it, empty if it is not known.
    """

    name: str
    annotations: Mapping[str, str] = NOTHING
    labels: Mapping[str, str] = NOTHING
    containers: tuple[Container, ...] = ()
    formats: tuple[SupportedFormat, ...] = ()
    protocols: tuple[str, ...] = ()
    namespace: str | None = None
    disabled: bool = False
    multi_model: bool = False
    workers: WorkerTemplate | None = None
    created: str = ""


def is_runtime(data: Mapping[str, Any]) -> bool:
    """Check whether an object is a ServingRuntime or a ClusterServingRuntime."""
    return data.get("kind") in ("ServingRuntime", "ClusterServingRuntime")


def read_runtime(data: Mapping[str, Any]) -> Runtime:
    """Read a runtime and leave out malformed parts, which an API server would not accept."""
    metadata, spec = mapping_at(data, ("metadata",)), mapping_at(data, ("spec",))
    protocols = spec.get("protocolVersions")
    workers = spec.get("workerSpec")
    return Runtime(
        name=str(metadata.get("name", "")),
        annotations=strings_at(spec, ("annotations",)),
        labels=strings_at(spec, ("labels",)),
        containers=tuple(read_container(item) for item in mappings_at(spec, ("containers",))),
        formats=tuple(map(_format, mappings_at(spec, ("supportedModelFormats",)))),
        protocols=tuple(map(str, protocols)) if isinstance(protocols, list) else (),
        namespace=None if data.get("kind") == "ClusterServingRuntime" else _namespace(metadata),
        disabled=spec.get("disabled") is True,
        multi_model=spec.get("multiModel") is True,
        workers=_workers(workers) if isinstance(workers, Mapping) else None,
        created=string_at(metadata, ("creationTimestamp",)),
    )


def _format(data: Mapping[str, Any]) -> SupportedFormat:
    version, priority = data.get("version"), data.get("priority")
    return SupportedFormat(
        str(data.get("name") or ""),
        None if version is None else str(version),
        data.get("autoSelect") is True,
        priority if isinstance(priority, int) and not isinstance(priority, bool) else None,
    )


def _workers(data: Mapping[str, Any]) -> WorkerTemplate:
    return WorkerTemplate(
        strings_at(data, ("annotations",)),
        strings_at(data, ("labels",)),
        tuple(read_container(item) for item in mappings_at(data, ("containers",))),
    )


def _namespace(metadata: Mapping[str, Any]) -> str:
    return str(metadata.get("namespace") or DEFAULT_NAMESPACE)
