"""Checks of a whole document: the API it is written for, fields of later releases outside loggers, and empty fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from isvclog.changes import Replace
from isvclog.findings import Fix, code
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.constants import API_GROUPS, API_VERSION, COMPONENTS
from isvclog.kserve.apis.releases import Release
from isvclog.rules.manifest import DEPRECATED_API_GROUP, EMPTY_FIELD, UNKNOWN_API_VERSION
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.fields import release_issue


def is_service_kind(kind: str, api_version: str) -> bool:
    """Check whether this is KServe's InferenceService; one without any apiVersion counts."""
    return kind == "InferenceService" and api_version.partition("/")[0] in ("", *API_GROUPS)


def api_issue(api_version: str) -> tuple[Rule, Issue] | None:
    """Check the API version: return an issue if KServe does not serve it, else None.

    All releases of KServe have the same single group and version.
    """
    if api_version in ("", API_VERSION):
        return None
    group, _, version = api_version.partition("/")
    if group == "" or (group == API_GROUPS[0] and version != "v1alpha2"):
        message = f'{code(api_version)} has no InferenceService: the API server answers "no matches for kind".'
        return UNKNOWN_API_VERSION, Issue(("apiVersion",), message, f"Write `{API_VERSION}`.")
    message = f'{code(api_version)} is the API of KFServing: a cluster with KServe answers "no matches for kind".'
    moved = ", and move what is below `spec.default` directly below `spec`" if version == "v1alpha2" else ""
    remedy = f"Write `{API_VERSION}`{moved}."
    fix = None if moved else Fix(remedy, (Replace(("apiVersion",), API_VERSION),), safe=False)
    return DEPRECATED_API_GROUP, Issue(("apiVersion",), message, remedy, fix)


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
