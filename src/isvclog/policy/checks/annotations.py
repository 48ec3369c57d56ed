"""Rules about listed annotations; each value is read on its own, by the grammar of the agent's list."""

from collections.abc import Iterable, Iterator

from isvclog.kserve.agent import grammar
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.object_meta import KEY_PATTERNS
from isvclog.kserve.apis.shipped import shipped_runtimes
from isvclog.kserve.controller.layers import knative_added, scaling_keys
from isvclog.kserve.webhook.environment import SECRETS, agent_environment
from isvclog.kserve.webhook.kubelet import UNCHANGED
from isvclog.policy.cel import each, first_items, regex, string_list, text
from isvclog.policy.model import ExportedRule, PolicyTarget
from isvclog.policy.variables import reaches_pod

_READABLE = f"i.text.matches({regex(grammar.READABLE)})"
_BARE = f"i.text.matches({regex(grammar.BARE_ITEM)})"
_LISTS = (c.METADATA_ANNOTATIONS,)
_ASCII = r"^[\x00-\x7f]*$"
_OVERRIDING = {
    c.MODE: "has(l.logger.mode) ? string(l.logger.mode) : ''",
    c.SINK_URL: "has(l.logger.url) ? string(l.logger.url) : ''",
    c.METADATA_HEADERS: "has(l.logger.metadataHeaders) ? l.logger.metadataHeaders.join(',') : ''",
    c.METADATA_ANNOTATIONS: "has(l.logger.metadataAnnotations) ? l.logger.metadataAnnotations.join(',') : ''",
}


def annotation_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for a target."""
    yield ExportedRule(
        "crashing-annotation",
        first_items(
            "pairs", f"!{_READABLE} || {_BARE} || i.value.matches({regex(variable([c.PROBE_VARIABLE]))})", "i.key"
        )
        + " + "
        + first_items("listed", f"i in {string_list(_LISTS)} && !(i in l.own) && l.items.size() > 1"),
        "The agent cannot read the value of {} and exits at every start (CrashLoopBackOff): write it without double "
        "quotes, and without commas.",
    )
    yield ExportedRule(
        "injected-annotation",
        first_items("pairs", f"i.text.matches({regex(grammar.CONTINUED)}) && {_READABLE} && !{_BARE}", "i.key"),
        "A comma ends the value of {}: the text after it becomes an annotation of its own in every event. Write the "
        "value without commas.",
    )
    yield ExportedRule(
        "truncated-annotation",
        first_items(
            "pairs",
            f"(i.text.matches({regex(grammar.CUT)}) && {_READABLE}) || (i.value.endsWith('\\r') && "
            "i.key == l.items[size(l.items) - 1].key)",
            "i.key",
        ),
        "A line break in the value of {} ends the agent's list: the rest of it and all later annotations are lost. "
        "Write the value on one line.",
    )
    yield ExportedRule(
        "expanded-variable",
        first_items("pairs", f"!i.value.matches({regex(UNCHANGED)})", "i.key") + " + " + _expanded_fields(),
        "Kubernetes changes the value of {} at a `$`: it replaces `$(NAME)` and `$$`. Write `$$(NAME)` for the text "
        "itself, and no variable with a secret.",
    )
    yield ExportedRule(
        "unsendable-annotation",
        first_items(
            "pairs",
            r"i.value.contains('\x00') || (i.value.contains('\x7f') && !(l.component in variables.storing))",
            "i.key",
        ),
        "The value of {} has a NUL or DEL character: the agent does not start, or sends no event. Remove it.",
    )
    yield ExportedRule(
        "non-ascii-annotation",
        first_items("sent", f"!i.value.matches({regex(_ASCII)})", "i.key"),
        "The value of {} is not ASCII, and the agent sends it as raw UTF-8: receivers that read headers as Latin-1 see "
        "other characters.",
    )
    yield ExportedRule(
        "percent-in-annotation",
        first_items("sent", "i.value.matches('%[0-9A-Fa-f]{2}')", "i.key"),
        "The value of {} looks percent-encoded, and the agent sends it as it is: receivers that follow the CloudEvents "
        "specification decode it. Write the characters themselves.",
    )
    yield from _about_keys(target)


def _about_keys(target: PolicyTarget) -> Iterator[ExportedRule]:
    yield ExportedRule(
        "duplicate-annotation",
        first_items("entries", "l.items.filter(j, j == i).size() > 1"),
        "{} is listed twice: the event contains it once. Remove the second entry.",
    )
    valid = " && ".join(f"i.matches({regex(pattern)})" for pattern in KEY_PATTERNS)
    yield ExportedRule(
        "invalid-annotation-key",
        first_items("entries", f"!({valid})"),
        "{} is not a valid annotation key, so every event lacks it: write one key in each entry, exactly as in the "
        "annotations.",
    )
    yield ExportedRule(
        "missing-annotation",
        first_items("listed", f"!(i in l.own) && !(i in variables.annotations) && !{_comes_later('i')} && {valid}"),
        "{} is listed in `metadataAnnotations`, but it is not an annotation of the service: events lack it, unless the "
        "runtime has it. Add it to `metadata.annotations`, or remove it from the list.",
    )
    yield ExportedRule(
        "unpropagated-annotation",
        first_items(
            "listed",
            f"i != {text(c.LAST_APPLIED)} && (i in l.own || i in variables.annotations) && "
            f"!({reaches_pod('i', target)})",
        ),
        "KServe or Knative does not copy {} to the pods, so no event contains it. Write the value under a key of your "
        "own, and list that key.",
    )
    yield ExportedRule(
        "shadowed-annotation",
        first_items(
            "listed",
            f"!i.startsWith({text(c.INTERNAL)}) && i in l.own && i in variables.annotations && "
            f"l.own[i] != variables.annotations[i] && {reaches_pod('i', target)}",
        ),
        "{} has different values in `metadata.annotations` and in the component's `annotations`: events contain the "
        "component's. Write it in one place, or use two keys.",
    )
    yield ExportedRule(
        "internal-annotation", _internal(), "{} is an internal annotation of KServe or kubectl: do not list or set it."
    )


def _added_later() -> list[str]:
    """List keys that pods have although the service does not: those of KServe's own runtimes, and of Knative."""
    found = {key for runtime in shipped_runtimes() for key in runtime.annotations}
    return sorted(found | {*knative_added(), c.LAST_APPLIED})


def _comes_later(key: str) -> str:
    """Write the condition that KServe, Knative or a runtime of KServe's own sets an annotation."""
    scaled = f"variables.mode != {text(c.STANDARD)} && {key} in {string_list(scaling_keys())}"
    return f"({key}.startsWith({text(c.INTERNAL)}) || {key} in {string_list(_added_later())} || ({scaled}))"


def is_on_pod(key: str, target: PolicyTarget) -> str:
    """Write the condition that a pod has an annotation, of the service or one that comes later."""
    return (
        f"({_comes_later(key)} || (({key} in l.own || {key} in variables.annotations) && {reaches_pod(key, target)}))"
    )


def variable(names: Iterable[str]) -> str:
    """Write the regular expression of a text in which the kubelet replaces one of the named variables."""
    return rf"(?:^|[^$])(?:\$\$)*\$\((?:{'|'.join(names)})\)"


def _expanded_fields() -> str:
    """Write the other fields of a logger in which the kubelet replaces a variable of the agent."""
    standard, knative = (regex(variable(agent_environment({}, knative=each))) for each in (False, True))
    names = f"variables.mode == {text(c.STANDARD)} ? {standard} : {knative}"
    secret = regex(variable(SECRETS))
    url = each(
        "loggers",
        f"has(l.logger.url) && l.logger.url.matches({names}) && !l.logger.url.matches({secret})",
        "logger.url",
    )
    headers = first_items("headers", f"i.matches({names})")
    predictor = f"l.component == {text(c.PREDICTOR)}"
    marshaller = each(
        "loggers",
        f"{predictor} && has(l.logger.marshallerUrl) && l.logger.marshallerUrl.matches({names})",
        "logger.marshallerUrl",
    )
    folder = each(
        "loggers",
        f"{predictor} && has(l.logger.storage) && has(l.logger.storage.path) && l.logger.storage.path.matches({names})",
        "logger.storage.path",
    )
    return " + ".join([url, headers, marshaller, folder])


def _internal() -> str:
    """Write what lists or sets an annotation that KServe sets itself."""
    copied = first_items("entries", f"i == {text(c.LAST_APPLIED)}")
    listed = first_items("listed", f"i.startsWith({text(c.INTERNAL)})")
    added = f"variables.pods.filter(l, !l.declared).map(l, {text(f'`{c.LOGGER}`')} + ' (' + l.component + ')')"
    overriding = [
        f"variables.loggers.filter(l, l.declared && ({text(key)} in l.own ? l.own[{text(key)}] : "
        f"{text(key)} in variables.annotations && !{_is_written(key)} ? variables.annotations[{text(key)}] : "
        f"({written})) != ({written})).map(l, {text(f'`{key}`')} + ' (' + l.component + ')')"
        for key, written in _OVERRIDING.items()
    ]
    return " + ".join([copied, listed, added, *overriding])


def _is_written(key: str) -> str:
    """Write the condition that KServe sets an annotation itself, from the `logger` block."""
    field = {
        c.SINK_URL: "url",
        c.METADATA_HEADERS: "metadataHeaders",
        c.METADATA_ANNOTATIONS: "metadataAnnotations",
    }.get(key)
    return f"has(l.logger.{field})" if field else "true"
