"""Services as the API server stores them, and the lists of a project that policies are exported with."""

from typing import Any

from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.controller.modes import defaulted_annotations
from isvclog.manifest import Object, Source, load
from isvclog.rules.policy import Policy

LISTS = Policy(
    required_annotations=("example.com/a", "te?m"),
    forbidden_annotations=("internal.example.com/*", "*[sS]ecret*"),
    allowed_sinks=("http://*.svc.cluster.local", "https://*.example.com/in", "http://sink", "s3://bucket/*"),
)
"""A project file with each list that policies have."""


def stored_service(obj: Object, release: Release) -> Any:
    """What the API server stores for a service, after KServe's webhook; None if one of them rejects it."""
    stored = without_nulls(obj.data)
    try:
        service = read_service(stored, release)
    except Rejected:
        return None
    annotations = defaulted_annotations(service, Installation(release))
    return {**stored, "metadata": {**stored["metadata"], "annotations": dict(annotations)}} if annotations else stored


def without_nulls(value: Any) -> Any:
    """What the API server stores: it accepts no null for the fields that policies read."""
    if isinstance(value, dict):
        return {key: without_nulls(item) for key, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value


def services_of(name: str, data: bytes) -> list[Object]:
    """The InferenceServices of a file."""
    found = load(Source(name, data), (b"InferenceService",))
    return [obj for obj in found if isinstance(obj, Object) and obj.kind == "InferenceService"]
