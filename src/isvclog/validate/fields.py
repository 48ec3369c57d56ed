"""Fields that a `logger` block or its `storage` does not have: misspelled, from a later release, or from elsewhere."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from isvclog.changes import Rename
from isvclog.findings import Fix, code
from isvclog.keypath import KeyPath, dotted
from isvclog.kserve.apis.releases import NEWEST, NEXT, Release, capabilities, since
from isvclog.kserve.apis.schema import logger_schema
from isvclog.rules.manifest import MISPLACED_FIELD, UNKNOWN_FIELD
from isvclog.rules.rule import Issue, Rule
from isvclog.validate.wording import DROPPED

# What people write for a field, in lower case and without separators; `get_close_matches` finds mere misspellings.
_SYNONYMS = {
    **dict.fromkeys(("sink", "sinkurl", "logurl", "uri", "address", "destination", "target", "broker"), "url"),
    **dict.fromkeys(("logmode", "logtype", "type", "level", "scope"), "mode"),
    **dict.fromkeys(("headers", "requestheaders", "headernames"), "metadataHeaders"),
    **dict.fromkeys(("annotations", "annotationkeys"), "metadataAnnotations"),
    **dict.fromkeys(("interval", "flushinterval", "batchtimeout"), "batchInterval"),
    **dict.fromkeys(("store", "logstore", "blobstorage"), "storage"),
    "marshaller": "marshallerUrl",
    "sa": "serviceAccountName",
    "serviceaccount": "serviceAccountName",
    "secretkey": "key",
    "folder": "path",
}

_MODEL = "Move it into `{component}.model`, or into the container."
_COMPONENT = "Move it into `{component}`."
_STORAGE = "Move it into `{component}.logger.storage`."
_PARAMETERS = "Move it into `{component}.logger.storage.parameters`."
_BATCHER = "Move it into `{component}.batcher`."
_CONFIGMAP = "Remove it: only the ConfigMap inferenceservice-config can set it, for the whole installation."
_MODEL_FIELDS = (
    "storageUri storageUris modelFormat runtime runtimeVersion protocolVersion args command env resources ports"
)
_COMPONENT_FIELDS = (
    "minReplicas maxReplicas scaleTarget scaleMetric scaleMetricType autoScaling containerConcurrency timeout batcher"
    " canaryTrafficPercent labels annotations deploymentStrategy nodeSelector tolerations affinity volumes containers"
    " initContainers model imagePullSecrets"
)
_CONFIGMAP_FIELDS = "image cpuRequest cpuLimit memoryRequest memoryLimit defaultUrl caBundle caCertFile tlsSkipVerify"
_REMEDIES = {
    **dict.fromkeys(_MODEL_FIELDS.split(), _MODEL),
    **dict.fromkeys(_COMPONENT_FIELDS.split(), _COMPONENT),
    **dict.fromkeys(_CONFIGMAP_FIELDS.split(), _CONFIGMAP),
    **dict.fromkeys(("path", "key", "parameters", "serviceAccountName"), _STORAGE),
    **dict.fromkeys(("maxBatchSize", "maxLatency"), _BATCHER),
    "format": _PARAMETERS,
}


def unknown_field(path: KeyPath, block: Mapping[str, Any], release: Release) -> tuple[Rule, Issue]:
    """Build the issue about the last key of `path`, a field of `block` that the release does not have."""
    name, parent = str(path[-1]), str(path[-2])
    newest = logger_schema(NEXT)["properties"]
    known = newest if parent == "logger" else newest["storage"]["properties"]
    if name in known:
        return release_issue(path, name, release)
    known = {field: shape for field, shape in known.items() if field not in newest or _is_offered(field, release)}
    # A list called `annotations` can only be the list of those to log.
    if name in _REMEDIES and not (name == "annotations" and isinstance(block[name], list)):
        return _misplaced(path, name, parent)
    message = f"{code(name)} is not a field of `{parent}`: {DROPPED}."
    remedy, intended = _remedy(name, known, block, release)
    fix = Fix(remedy, (Rename(path, intended),), safe=_is_misspelled(name, intended)) if intended else None
    return UNKNOWN_FIELD, Issue(path, message, remedy, at_key=True, fix=fix)


def _is_offered(field: str, release: Release) -> bool:
    """Check whether a field of a logger is worth naming: one that no release has is not, unless it is asked for."""
    return field in logger_schema(max(release, NEWEST))["properties"]


def release_issue(path: KeyPath, capability: str, release: Release) -> tuple[Rule, Issue]:
    """Build the issue about a field that came with a capability the release does not have yet."""
    # Most manifests have no such field, and need nothing that this rule imports for its own check.
    from isvclog.rules.releases.unknown_to_release import unknown_to_release

    message = f"KServe {release} does not know {code(str(path[-1]))}: {DROPPED}."
    first = since(capability)
    remedy = f"Remove it, or upgrade to KServe {first} or later."
    if not first.is_released:
        issues = " and ".join(f"#{number}" for number in capabilities()[capability].evidence)
        remedy = f"Remove it: no release has it, it is only proposed for KServe ({issues} of kserve/kserve)."
    return unknown_to_release, Issue(path, message, remedy, at_key=True)


def plain(name: str) -> str:
    """Normalize a field name for comparing it with what people write: `metadata-Headers` becomes `metadataheaders`."""
    return name.strip().lower().replace("-", "").replace("_", "").replace(" ", "")


def _misplaced(path: KeyPath, name: str, parent: str) -> tuple[Rule, Issue]:
    component = path[: path.index("logger")]
    if component[0] != "spec":  # `misplaced-component` reports that it belongs there
        component = ("spec", *component)
    message = f"{code(name)} is not a field of `{parent}`: {DROPPED}."
    return MISPLACED_FIELD, Issue(path, message, _REMEDIES[name].format(component=dotted(component)), at_key=True)


def _remedy(name: str, known: Mapping[str, Any], block: Mapping[str, Any], release: Release) -> tuple[str, str | None]:
    """Return the remedy, and the name to write if renaming is all there is to do, else None."""
    field = _intended_field(name, known)
    if field is None:
        return f"Remove it; the fields are {', '.join(map(code, known))}.", None
    if field in block:
        return f"Remove it: {code(field)} is there as well.", None
    if field in logger_schema(release)["properties"] or field not in logger_schema(NEXT)["properties"]:
        return f"Write {code(field)}.", field
    return f"Write {code(field)}, and upgrade to KServe {since(field)} or later.", None


def _is_misspelled(name: str, field: str) -> bool:
    """Return True if the name can only be the field misspelled, and is not merely another word for it."""
    return bool(get_close_matches(plain(name), [plain(field)], 1, 0.75))


def _intended_field(name: str, known: Mapping[str, Any]) -> str | None:
    spellings = {plain(field): field for field in known}
    spellings |= {synonym: field for synonym, field in _SYNONYMS.items() if field in known}
    close = get_close_matches(plain(name), spellings, 1, 0.75)
    return spellings[close[0]] if close else None
