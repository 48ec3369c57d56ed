"""Checks of a whole document: the API it is written for, fields of later releases outside loggers, and empty fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.changes import Replace
from isvclog.findings import Fix, Severity, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import API_GROUPS, API_VERSION, COMPONENTS
from isvclog.kserve.apis.releases import Release
from isvclog.validate.complaints import Complaint
from isvclog.validate.fields import release_issue


def is_service_kind(kind: str, api_version: str) -> bool:
    """Check whether this is KServe's InferenceService; one without any apiVersion counts."""
    return kind == "InferenceService" and api_version.partition("/")[0] in ("", *API_GROUPS)


def api_complaint(api_version: str) -> Complaint | None:
    """Check the API version: return an issue if KServe does not serve it, else None.

    All releases of KServe have the same single group and version.
    """
    if api_version in ("", API_VERSION):
        return None
    group, _, version = api_version.partition("/")
    if group == API_GROUPS[0] and version != "v1alpha2":
        message = f'{code(api_version)} has no InferenceService: the API server answers "no matches for kind".'
        return Complaint("unknown-api-version", ("apiVersion",), message, f"Write `{API_VERSION}`.")
    message = f'{code(api_version)} is from the days of KFServing: a cluster with KServe answers "no matches for kind".'
    moved = ", and put what is below `spec.default` right below `spec`" if version == "v1alpha2" else ""
    remedy = f"Write `{API_VERSION}`{moved}."
    fix = None if moved else Fix(remedy, (Replace(("apiVersion",), API_VERSION),), safe=False)
    return Complaint("deprecated-api-group", ("apiVersion",), message, remedy, Severity.WARNING, fix=fix)


def too_new(spec: Mapping[str, Any], release: Release) -> Iterator[Complaint]:
    """Yield issues about fields outside of loggers that came with a later release."""
    if isinstance(spec.get("canary"), list) and not release.has("canary"):
        yield release_issue(("spec", "canary"), "canary", release)
    if release.has("component-annotations"):
        return
    for component in COMPONENTS:
        for name in ("annotations", "labels"):
            if isinstance(spec.get(component), dict) and name in spec[component]:
                yield release_issue(("spec", component, name), "component-annotations", release)


def empty_fields(spec: Mapping[str, Any]) -> Iterator[Complaint]:
    """Yield issues about a logger, or fields of one, that were left empty: for the API server they do not exist."""
    for component in COMPONENTS:
        if not isinstance(spec.get(component), dict):
            continue
        path, logger = ("spec", component, "logger"), spec[component].get("logger", {})
        if logger is None:
            yield _empty(path, "`logger` is empty, which is the same as no `logger`: nothing is logged.")
        elif isinstance(logger, dict):
            for name in (name for name, value in logger.items() if value is None and name != "mode"):
                yield _empty((*path, name), f"{code(name)} is empty, which is the same as no {code(name)}.")


def _empty(path: KeyPath, message: str) -> Complaint:
    return Complaint("empty-field", path, message, "Give it a value, or remove it.", Severity.WARNING, at_key=True)
