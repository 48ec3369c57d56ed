"""What all checks read of an InferenceService: its mode, its loggers, and the annotations and headers that they list.

`object` is typed where the API server knows the schema; `dyn` lets expressions look components up by their names.
"""

from isvclog.diagnosis.sink_check import BLOB_SCHEMES
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.controller.layers import disallowed_annotations, knative_removed
from isvclog.kserve.controller.modes import mode_names
from isvclog.policy.cel import regex, string_list, text
from isvclog.policy.model import PolicyTarget

_BLOB = f"^(?:{'|'.join(BLOB_SCHEMES)})|^(?i:{'|'.join(BLOB_SCHEMES)})[^:/?#]*:"
"""What the agent takes for object storage by its first letters (`sink_strategy`), after Go wrote the scheme in lower "
"case."""


def base_variables(target: PolicyTarget, root: str = "object") -> dict[str, str]:
    """Write the variables for a target, each behind those that it uses. `root` is the expression of the service."""
    logger, url = text(c.LOGGER), text(c.SINK_URL)
    listed = text(c.METADATA_ANNOTATIONS)
    own = "(has(variables.spec[c].annotations) ? dyn(variables.spec[c].annotations) : dyn({}))"
    return {
        "metadata": f"dyn({root}.metadata)",
        "spec": f"dyn({root}.spec)",
        "annotations": f"has({root}.metadata.annotations) ? dyn({root}.metadata.annotations) : dyn({{}})",
        "mode": _mode(target),
        "components": (
            f"{string_list(c.COMPONENTS)}.filter(c, c in variables.spec).map(c, {{'component': dyn(c), 'spec': "
            "dyn(variables.spec[c]), 'logger': has(variables.spec[c].logger) ? dyn(variables.spec[c].logger) : dyn({}),"
            f" 'declared': dyn(has(variables.spec[c].logger)), 'own': {own}}})"
        ),
        "loggers": (
            f"variables.components.filter(l, l.declared || {logger} in l.own || {logger} in variables.annotations)"
        ),
        "pods": f"variables.loggers.filter(l, !(variables.mode == {text(c.MODELMESH)} && l.component == "
        f"{text(c.PREDICTOR)}))",
        "sinks": (
            "variables.pods.filter(l, !variables.containers.exists(k, k.component == l.component && k.items.exists(i, "
            f"i.name == {text(c.AGENT_CONTAINER)}))).map(l, {{'component': l.component, 'url': {url} in l.own ? "
            f"[dyn(l.own[{url}])] : "
            f"has(l.logger.url) ? [dyn(l.logger.url)] : {url} in variables.annotations ? "
            f"[dyn(variables.annotations[{url}])] : []}})"
        ),
        "storing": (
            "variables.sinks.filter(l, l.url.exists(u, " + blob_condition("u", target) + ")).map(l, l.component)"
        ),
        "listed": (
            f"variables.pods.map(l, {{'component': l.component, 'own': l.own, 'items': ({listed} in l.own ? "
            f"string(l.own[{listed}]) : has(l.logger.metadataAnnotations) ? l.logger.metadataAnnotations.join(',') : "
            f"{listed} in variables.annotations ? string(variables.annotations[{listed}]) : '').split(',')"
            ".filter(k, k != '')})"
        ),
        "pairs": (
            "variables.listed.map(l, {'component': l.component, 'own': l.own, 'items': l.items.filter(k, (k in l.own "
            f"|| k in variables.annotations) && {reaches_pod('k', target)}).map(k, {{'key': dyn(k), 'value': "
            "dyn(k in l.own ? l.own[k] : variables.annotations[k])}).map(p, {'key': p.key, 'value': p.value, "
            r"'text': dyn(p.value.replace('\r\n', '\n'))})})"
        ),
        "sent": "variables.pairs.filter(l, !(l.component in variables.storing))",
        "entries": (
            "variables.loggers.filter(l, has(l.logger.metadataAnnotations)).map(l, {'component': l.component, "
            "'items': l.logger.metadataAnnotations})"
        ),
        "headers": (
            "variables.loggers.filter(l, has(l.logger.metadataHeaders)).map(l, {'component': l.component, "
            "'items': l.logger.metadataHeaders})"
        ),
    }


def blob_condition(url: str, target: PolicyTarget) -> str:
    """Write the condition that the agent takes a URL for object storage."""
    return f"{url}.matches({regex(_BLOB)})" if target.release.has("blob-storage") else "false"


def reaches_pod(key: str, target: PolicyTarget) -> str:
    """Write the condition that KServe and Knative copy an annotation to the pods, as KServe's own ConfigMap has it."""
    installation = Installation(release=target.release)
    kept = sorted(disallowed_annotations(installation._replace(config={"inferenceService": "{}"})))
    names, prefixes = knative_removed(target.release)
    removed = " || ".join([f"{key} in {string_list(names)}", *(f"{key}.startsWith({text(each)})" for each in prefixes)])
    return f"!({key} in {string_list(kept)}) && !(variables.mode != {text(c.STANDARD)} && ({removed}))"


def _mode(target: PolicyTarget) -> str:
    """Write the deployment mode of a stored service; KServe's webhook writes another default than Knative into it."""
    names = mode_names(target.release)
    key = text(c.DEPLOYMENT_MODE_ANNOTATION)
    known = "{" + ", ".join(f"{text(name)}: {text(mode)}" for name, mode in names.items()) + "}"
    annotations = "variables.annotations"
    return (
        f"{key} in {annotations} && {annotations}[{key}] in {known} ? {known}[{annotations}[{key}]] : {text(c.KNATIVE)}"
    )
