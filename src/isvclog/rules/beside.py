"""Objects beside an InferenceService that change what its logger does: those in the same files, or in its cluster."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from isvclog.keypath import mapping_at, string_at
from isvclog.kserve.apis.constants import API_GROUPS
from isvclog.kserve.apis.kinds import GRAPH, TRUSTYAI, graph_steps
from isvclog.records import NamedTuple

ServiceKey = tuple[str, str]
"""The namespace, as far as the manifest gives it, and the name of an InferenceService."""


class Beside(NamedTuple):
    """The objects beside a service, as far as they are known.

    `trustyai` has the name of the TrustyAIService of each namespace, `graphs` the name of an InferenceGraph that sends
    requests to a service, and `find_service` returns the manifest of another service, or None.
    """

    trustyai: Mapping[str, str] = MappingProxyType({})
    graphs: Mapping[ServiceKey, str] = MappingProxyType({})
    find_service: Callable[[ServiceKey], Mapping[str, Any] | None] = lambda key: None


NOTHING_BESIDE = Beside()


def key_of(data: Mapping[str, Any]) -> ServiceKey:
    """Return namespace and name of an object; empty where the manifest does not give them."""
    metadata = mapping_at(data, ("metadata",))
    return string_at(metadata, ("namespace",)), string_at(metadata, ("name",))


def steps_of(graph: Mapping[str, Any]) -> set[ServiceKey]:
    """Collect the services to which an InferenceGraph sends requests; they are in its own namespace."""
    namespace, _ = key_of(graph)
    return {(namespace, name) for name in graph_steps(graph)}


def is_beside(kind: str, api_version: str) -> bool:
    """Check whether rules have to know of an object of this kind."""
    group = api_version.partition("/")[0]
    return (kind == TRUSTYAI and group.startswith("trustyai.opendatahub.io")) or (
        kind == GRAPH and group == API_GROUPS[0]
    )
