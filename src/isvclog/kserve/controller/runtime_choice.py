"""The runtime that KServe's controller takes for a model, or its error if it takes none.

Source: reconcileModel of components/predictor.go, GetSupportingRuntimes of
pkg/apis/serving/v1beta1/predictor_model.go, setPredictorModelDefaults of inference_service_defaults.go.
"""

from collections.abc import Iterable, Sequence

from isvclog.kserve.apis.releases import Release
from isvclog.kserve.apis.runtimes import Runtime
from isvclog.kserve.apis.spec import Model
from isvclog.records import NamedTuple

# In the order of their numbers in pkg/constants: lower ones are preferred, and unknown ones come last.
_PROTOCOLS = ("v1", "v2", "grpc-v1", "grpc-v2")
# Frameworks whose block means this protocol if it names none; `model:` has its own list.
_V2_FRAMEWORKS = ("triton", "onnx", "huggingface")


class RuntimeChoice(NamedTuple):
    """The runtime that a model gets. If KServe refuses to use it, or finds none, `error` has KServe's message.

    `status` is the reason that KServe then writes into `status.modelStatus.lastFailureInfo`. `is_certain` is False if
    a runtime that was not given could change the result.
    """

    runtime: Runtime | None = None
    error: str = ""
    status: str = ""
    is_certain: bool = True


def choose_runtime(
    model: Model, namespace: str, runtimes: Iterable[Runtime], release: Release, *, workers: bool = False
) -> RuntimeChoice:
    """Choose the runtime that a model names or, if it names none, the best one for its format, version and protocol.

    Runtimes of the service's namespace come before those of the cluster. `workers` is True for a predictor with
    `workerSpec`. The message of an error has `<POINTER>` where Go prints an address.
    """
    reachable = [runtime for runtime in runtimes if runtime.namespace in (namespace, None)]
    if model.runtime is not None:
        return _named(model, model.runtime, reachable, release)
    best = _best(model, reachable, release, workers) if reachable else None
    if best is not None:
        return RuntimeChoice(best, is_certain=False)
    version = "<nil>" if model.version is None else "<POINTER>"
    error = f"no runtime found to support predictor with model type: {{{model.format} {version}}}"
    return RuntimeChoice(None, error, "NoSupportingRuntime", is_certain=False)


def default_protocol(model: Model, release: Release) -> str | None:
    """Return the protocol of a model after the defaulting webhook; None if neither names one."""
    if model.protocol is not None:
        return model.protocol
    if model.field in _V2_FRAMEWORKS or model.format == "triton":
        return "v2"
    return "v2" if model.format == "vLLM" and release.has("vllm-protocol") else None


def supports_format(runtime: Runtime, model: Model) -> bool:
    """Check whether a runtime lists the model's format and, if the model names one, its version.

    For a model that names no runtime, only formats with `autoSelect` count.
    """
    return any(
        item.name == model.format and model.version in (None, item.version)
        for item in runtime.formats
        if item.auto_select or model.runtime is not None
    )


def supports_protocol(runtime: Runtime, protocol: str) -> bool:
    """Check whether a runtime speaks a protocol. One that lists no protocols speaks them all."""
    return not protocol or not runtime.protocols or protocol in runtime.protocols


def _named(model: Model, name: str, reachable: Sequence[Runtime], release: Release) -> RuntimeChoice:
    found = [runtime for runtime in reachable if runtime.name == name]
    if not found:
        error = f"No ServingRuntimes or ClusterServingRuntimes with the name: {name}"
        return RuntimeChoice(None, error, "RuntimeNotRecognized", is_certain=False)
    # The one of the namespace hides the cluster's, even if it is disabled.
    runtime = min(found, key=lambda item: item.namespace is None)
    if runtime.disabled:
        return RuntimeChoice(runtime, f"specified runtime {name} is disabled", "RuntimeDisabled")
    protocol, status = default_protocol(model, release), "NoSupportingRuntime"
    if protocol is not None and not supports_protocol(runtime, protocol):
        return RuntimeChoice(runtime, f"specified runtime {name} does not support specified protocol version", status)
    if not supports_format(runtime, model):
        return RuntimeChoice(runtime, f"specified runtime {name} does not support specified framework/version", status)
    return RuntimeChoice(runtime)


def _best(model: Model, reachable: Iterable[Runtime], release: Release, workers: bool) -> Runtime | None:
    protocol = default_protocol(model, release) or "v1"
    fitting = [
        runtime
        for runtime in reachable
        if not runtime.disabled
        and not runtime.multi_model
        and supports_format(runtime, model)
        and supports_protocol(runtime, protocol)
        and (runtime.workers is not None) == workers
    ]
    fitting.sort(key=lambda runtime: runtime.name)
    fitting.sort(key=lambda runtime: runtime.created, reverse=True)
    fitting.sort(key=lambda runtime: _lowest_protocol(runtime))
    fitting.sort(key=lambda runtime: _priority(runtime, model))
    fitting.sort(key=lambda runtime: runtime.namespace is None)
    return fitting[0] if fitting else None


def _lowest_protocol(runtime: Runtime) -> int:
    numbers = [_PROTOCOLS.index(name) if name in _PROTOCOLS else len(_PROTOCOLS) for name in runtime.protocols]
    return min(numbers, default=len(_PROTOCOLS))


def _priority(runtime: Runtime, model: Model) -> tuple[bool, int]:
    """Return a key that sorts the highest priority first, and runtimes without one last.

    The first entry of the format decides, whatever its version.
    """
    priority = next((item.priority for item in runtime.formats if item.name == model.format), None)
    return priority is None, -(priority or 0)
