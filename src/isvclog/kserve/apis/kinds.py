"""Kinds of KServe beside the InferenceService. None of them has a logger (config/crd/full)."""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.keypath import mapping_at, mappings_at, string_at
from isvclog.kserve.apis.constants import API_GROUPS, API_VERSION, COMPONENTS
from isvclog.patterns import late_pattern

_CONDITION = late_pattern(r"[+^=<X]*\(.*\)$")

SERVICE = "InferenceService"
LLM_SERVICE = "LLMInferenceService"
GRAPH = "InferenceGraph"
TRUSTYAI = "TrustyAIService"
"""The kind of an operator that writes loggers of its own (trustyai-service-operator)."""

INSTEAD: Mapping[str, str] = {
    LLM_SERVICE: "Use `spec.tracing` of KServe 0.20 and later, or serve the model with an InferenceService.",
    f"{LLM_SERVICE}Config": "Use `spec.tracing` of KServe 0.20 and later, or serve the model with an InferenceService.",
    GRAPH: "Write `logger` into the InferenceServices of its steps.",
    "ServingRuntime": "Write `logger` into `spec.predictor` of the InferenceServices that use this runtime.",
    "ClusterServingRuntime": "Write `logger` into `spec.predictor` of the InferenceServices that use this runtime.",
    "TrainedModel": "Write `logger` into `spec.predictor` of the InferenceService in `spec.inferenceService`.",
}
"""The advice for somebody who wrote a logger, by the kind that has none."""


def has_no_logger(kind: str, api_version: str) -> bool:
    """Check whether this is one of KServe's objects that have no logger; one without any apiVersion counts."""
    return kind in INSTEAD and api_version.partition("/")[0] in ("", API_GROUPS[0])


def graph_steps(graph: Mapping[str, Any]) -> set[str]:
    """Collect the names of the services to which an InferenceGraph sends requests."""
    nodes = mapping_at(graph, ("spec", "nodes")).values()
    steps = (step for node in nodes for step in mappings_at(node, ("steps",)))
    return {name for step in steps if (name := string_at(step, ("serviceName",)))}


def kind_of_patch(patch: Mapping[str, Any]) -> tuple[str, str] | None:
    """Recognize a patch of an InferenceService by the logger in it, as a Kyverno policy has one; else return None.

    A patch with conditions in its keys, such as `+(mode)`, is not recognized: it says more than what is written.
    """
    spec = patch.get("spec")
    components = [spec.get(name) for name in COMPONENTS] if isinstance(spec, dict) else ()
    if not any(isinstance(each, dict) and isinstance(each.get("logger"), dict) for each in components):
        return None
    return None if any(map(_CONDITION.match, _keys(patch))) else (SERVICE, API_VERSION)


def _keys(data: Any) -> Iterator[str]:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data if isinstance(data, list) else ()):
        if isinstance(key, str):
            yield key
        yield from _keys(value)
