"""Variables of all checks: the mode of a service, its loggers, and the annotations and headers that they list.

`object` is typed where the API server knows the schema; `dyn` lets expressions look components up by their names.
"""

from isvclog.kserve.agent.store import BLOB_SCHEMES
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.controller.layers import disallowed_annotations, knative_removed
from isvclog.kserve.controller.modes import mode_names
from isvclog.policy.cel import record, regex, string_list, text
from isvclog.policy.model import PolicyTarget

_BLOB = f"^(?:{'|'.join(BLOB_SCHEMES)})|^(?i:{'|'.join(BLOB_SCHEMES)})[^:/?#]*:"
"""Matches URLs that the agent takes for object storage: by their first letters (`sink_strategy`), or by the scheme in
any case, because Go's parser writes it in lower case."""


def base_variables(target: PolicyTarget, root: str = "object") -> dict[str, str]:
    """Write the variables for a target, each behind those that it uses. `root` is the expression of the service."""
    logger, url = text(c.LOGGER), text(c.SINK_URL)
    listed = text(c.METADATA_ANNOTATIONS)
    own = "has(variables.spec[c].annotations) ? dyn(variables.spec[c].annotations) : dyn({})"
    agent = f"k.component == l.component && k.items.exists(i, i.name == {text(c.AGENT_CONTAINER)})"
    reaching = f"(k in l.own || k in variables.annotations) && {reaches_pod('k', target)}"
    value = "k in l.own ? l.own[k] : variables.annotations[k]"
    return {
        "metadata": f"dyn({root}.metadata)",
        "spec": f"dyn({root}.spec)",
        "annotations": f"has({root}.metadata.annotations) ? dyn({root}.metadata.annotations) : dyn({{}})",
        "mode": _mode(target),
        "components": f"{string_list(c.COMPONENTS)}.filter(c, c in variables.spec).map(c, "
        + record(
            component="c",
            spec="variables.spec[c]",
            logger="has(variables.spec[c].logger) ? dyn(variables.spec[c].logger) : dyn({})",
            declared="has(variables.spec[c].logger)",
            own=own,
        )
        + ")",
        "loggers": (
            f"variables.components.filter(l, l.declared || {logger} in l.own || {logger} in variables.annotations)"
        ),
        "pods": f"variables.loggers.filter(l, !(variables.mode == {text(c.MODELMESH)} && l.component == "
        f"{text(c.PREDICTOR)}))",
        "sinks": f"variables.pods.filter(l, !variables.containers.exists(k, {agent})).map(l, "
        + record(
            component="l.component",
            url=f"{url} in l.own ? [dyn(l.own[{url}])] : has(l.logger.url) ? [dyn(l.logger.url)] : {url} in "
            f"variables.annotations ? [dyn(variables.annotations[{url}])] : []",
        )
        + ")",
        "storing": (f"variables.sinks.filter(l, l.url.exists(u, {blob_condition('u', target)})).map(l, l.component)"),
        "listed": "variables.pods.map(l, "
        + record(
            component="l.component",
            own="l.own",
            items=f"({listed} in l.own ? string(l.own[{listed}]) : has(l.logger.metadataAnnotations) ? "
            f"l.logger.metadataAnnotations.join(',') : {listed} in variables.annotations ? "
            f"string(variables.annotations[{listed}]) : '').split(',').filter(k, k != '')",
        )
        + ")",
        "pairs": "variables.listed.map(l, "
        + record(
            component="l.component",
            own="l.own",
            items=f"l.items.filter(k, {reaching}).map(k, {record(key='k', value=value)}).map(p, "
            + record(key="p.key", value="p.value", text=r"p.value.replace('\r\n', '\n')")
            + ")",
        )
        + ")",
        "sent": "variables.pairs.filter(l, !(l.component in variables.storing))",
        "entries": _lists("metadataAnnotations"),
        "headers": _lists("metadataHeaders"),
    }


def _lists(field: str) -> str:
    """Write the lists that loggers have in a field."""
    items = record(component="l.component", items=f"l.logger.{field}")
    return f"variables.loggers.filter(l, has(l.logger.{field})).map(l, {items})"


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
