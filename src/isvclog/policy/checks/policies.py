"""Rules about the project's own requirements: the lists are parameters of the policy, with shell patterns."""

from collections.abc import Iterator

from isvclog.kserve.apis.constants import FORMER_BROKER
from isvclog.policy.cel import each, first_items, glob, record, text
from isvclog.policy.checks.annotations import is_on_pod
from isvclog.policy.model import ExportedRule, PolicyTarget


def project_rules(target: PolicyTarget) -> Iterator[ExportedRule]:
    """Yield the rules for which the project has a list."""
    policy = target.policy
    if policy.required_annotations:
        matching = f"i.matches({glob('p')}) && {is_on_pod('i', target)}"
        yield ExportedRule(
            "required-annotation",
            "variables.listed.filter(l, variables.requiredAnnotations.exists(p, !l.items.exists(i, "
            f"{matching}))).map(l, variables.requiredAnnotations.filter(p, !l.items.exists(i, {matching})).map(p, "
            "'`' + p + '` (' + l.component + ')')[0])",
            "Events lack the annotation {}, which the policy requires: add it to the service, and list it in "
            "`metadataAnnotations`.",
        )
    if policy.forbidden_annotations:
        forbidden = f"variables.forbiddenAnnotations.exists(p, s.split('=')[0].matches({glob('p')}))"
        yield ExportedRule(
            "forbidden-annotation",
            first_items("listed", f"variables.forbiddenAnnotations.exists(p, i.matches({glob('p')}))")
            + " + "
            + first_items("pairs", f"('=' + i.text).split(',').exists(s, s.indexOf('=') > 0 && {forbidden})", "i.key"),
            "The policy forbids the annotation {}, and every event contains it: do not list it.",
        )
    if policy.allowed_sinks is not None:
        default = f"(size(l.all) == 0 ? [{text(FORMER_BROKER)}] : [])"
        sink = f"(l.url + l.all.filter(u, u.contains('$(')) + {default} + [''])[0]"
        address = f"({sink}.matches('^[^:/?#]+://[^/?#]*$') ? {sink} + '/' : {sink})"
        yield ExportedRule(
            "unapproved-sink",
            each(
                "urls",
                f"{sink}.matches('^[^:/?#]+://[^/?#]') && !variables.allowedSinkPatterns.exists(p, "
                f"{address}.matches(p))",
                "logger.url",
            ),
            "The policy does not allow the sink of {}, which gets everything that is logged: send to an approved sink.",
        )


def parameters(target: PolicyTarget) -> dict[str, tuple[str, ...]]:
    """Return the lists of the project that the rules need, by the names of their keys in the project file."""
    policy = target.policy
    lists = {
        "requiredAnnotations": policy.required_annotations,
        "forbiddenAnnotations": policy.forbidden_annotations,
        "allowedSinks": policy.allowed_sinks,
    }
    return {name: values for name, values in lists.items() if values or (name == "allowedSinks" and values is not None)}


def sink_patterns(lists: str) -> str:
    """Write the list of regular expressions for a list of shell patterns of URLs.

    A `*` in the host matches no part of the path, so that the owner of another host cannot choose a path that matches.
    A pattern without a path allows every path, and one without a scheme every scheme.
    """
    host = glob("p.host", anything="[^/?#@]*", anchored=False)
    path = glob("p.path", anchored=False)
    scheme = glob("p.scheme", anything="[^:/?#]*", anchored=False)
    parts = record(scheme="p[0]", host="p[1].split('/', 2)[0]", rest="p[1].split('/', 2)")
    known = record(
        scheme="p.scheme", host="p.host", path="size(p.rest) > 1 ? '/' + p.rest[1] : ''", any="size(p.rest) == 1"
    )
    return (
        f"{lists}.map(p, p.contains('://') ? p.split('://') : ['*', p]).map(p, {parts}).map(p, {known}).map(p, "
        f"'(?s)^(?i:' + {scheme} + '://(?:[^/?#]*@)?' + {host} + ')' + (p.any ? '(?:[/?#].*)?$' : {path} + "
        "'(?:[?#].*)?$'))"
    )
