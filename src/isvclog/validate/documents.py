"""Checks of a whole document: the API it is written for, fields of later releases outside loggers, and empty fields."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from isvclog.changes import Replace
from isvclog.findings import Fix, code
from isvclog.keypath import KeyPath, value_at
from isvclog.kserve.apis.constants import API_GROUPS, API_VERSION, COMPONENTS
from isvclog.kserve.apis.releases import Release
from isvclog.rules.manifest import (
    DEPRECATED_API_GROUP,
    EMPTY_FIELD,
    FOREIGN_API_VERSION,
    MISSING_API_VERSION,
    UNKNOWN_API_VERSION,
)
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.fields import release_issue


def is_service_kind(kind: str, api_version: str) -> bool:
    """Check whether this is KServe's InferenceService; one without any apiVersion counts."""
    return kind == "InferenceService" and api_version.partition("/")[0] in ("", *API_GROUPS)


def is_foreign(api_version: str) -> bool:
    """Check whether an API is that of another project, and not KServe's with a mistake or a placeholder in it."""
    group = api_version.partition("/")[0]
    if group in API_GROUPS or "." not in group or _has_placeholder(api_version):
        return False
    return not get_close_matches(group, API_GROUPS, 1, 0.6)


def foreign_issue(api_version: str, data: Mapping[str, Any]) -> tuple[Rule, Issue] | None:
    """Check the API group: return an issue if it is not KServe's but the object has one of KServe's loggers."""
    if api_version.partition("/")[0] in ("", *API_GROUPS) or _has_placeholder(api_version):
        return None
    if not is_foreign(api_version):
        return _unknown_version(api_version)
    if not any(isinstance(value_at(data, ("spec", name, "logger")), dict) for name in COMPONENTS):
        return None
    message = f"{code(api_version)} is not the API of KServe: this InferenceService is not checked."
    return FOREIGN_API_VERSION, Issue(("apiVersion",), message, f"If it is one of KServe, write `{API_VERSION}`.")


def _has_placeholder(api_version: str) -> bool:
    return not {"{", "$", "<"}.isdisjoint(api_version)


def api_issue(api_version: str) -> tuple[Rule, Issue] | None:
    """Check the API version: return an issue if KServe does not serve it, else None.

    All releases of KServe have the same single group and version.
    """
    if api_version in ("", API_VERSION):
        return None
    group, _, version = api_version.partition("/")
    if group != API_GROUPS[1] and version != "v1alpha2":
        return _unknown_version(api_version)
    message = f'{code(api_version)} is the API of KFServing: a cluster with KServe answers "no matches for kind".'
    moved = ", and move what is below `spec.default` directly below `spec`" if version == "v1alpha2" else ""
    remedy = f"Write `{API_VERSION}`{moved}."
    fix = None if moved else Fix(remedy, (Replace(("apiVersion",), API_VERSION),), safe=False)
    return DEPRECATED_API_GROUP, Issue(("apiVersion",), message, remedy, fix)


def _unknown_version(api_version: str) -> tuple[Rule, Issue]:
    message = f'{code(api_version)} has no InferenceService: the API server answers "no matches for kind".'
    return UNKNOWN_API_VERSION, Issue(("apiVersion",), message, f"Write `{API_VERSION}`.")


def missing_api_version() -> tuple[Rule, Issue]:
    """Build the issue about a complete service without an API version."""
    message = 'The service has no `apiVersion`: kubectl rejects the manifest with "apiVersion not set".'
    return MISSING_API_VERSION, Issue(("kind",), message, f"Add `apiVersion: {API_VERSION}`.", at_key=True)


def too_new(spec: Mapping[str, Any], release: Release) -> Iterator[tuple[Rule, Issue]]:
    """Yield issues about fields outside of loggers that came with a later release."""
    if isinstance(spec.get("canary"), list) and not release.has("canary"):
        yield release_issue(("spec", "canary"), "canary", release)
    if release.has("component-annotations"):
        return
    for component in COMPONENTS:
        for name in ("annotations", "labels"):
            if isinstance(spec.get(component), dict) and name in spec[component]:
                yield release_issue(("spec", component, name), "component-annotations", release)


def empty_fields(spec: Mapping[str, Any]) -> Iterator[tuple[Rule, Issue]]:
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


def _empty(path: KeyPath, message: str) -> tuple[Rule, Issue]:
    return EMPTY_FIELD, Issue(path, message, "Give it a value, or remove it.", at_key=True)
