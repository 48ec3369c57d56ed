"""The page of documentation about which rules of lint are exported as policies."""

from collections.abc import Iterator

from isvclog.kserve.apis.releases import NEWEST
from isvclog.policy.checks import exported
from isvclog.policy.fixes import fixes
from isvclog.policy.model import PolicyTarget
from isvclog.policy.unseen import not_exported
from isvclog.rules.policy import Policy
from isvclog.rules.registry import all_rules

_FACTS = {
    "annotations": "the grammar of the agent's list, of keys and of the kubelet's variables; what reaches a pod",
    "sizes": "the length that Linux allows for an argument; alone, because engines limit the cost of a policy",
    "headers": "Go's characters and spelling of header names; what the agent and KServe's transformer drop",
    "destination": "what Go's parser of URLs accepts; the schemes and prefixes that the agent knows",
    "storage": "the agent's formats and memory, Go's durations",
    "deployment": "the names of modes and annotations, the ports and names of KServe's containers",
    "sensitive": "the words and headers that `isvclog.redact` has",
    "policies": "the lists of the project file",
}
"""The facts behind the expressions of each group, from `isvclog.kserve`, `isvclog.redact` or the project."""


def exported_rules_page() -> str:
    """Write the page: the exported rules by group, the fixes, and the other rules with the reason."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    lists = Policy(required_annotations=("*",), forbidden_annotations=("*",), allowed_sinks=("*",))
    target = PolicyTarget(NEWEST, lists)
    groups = exported(target)
    count = sum(map(len, groups.values()))
    yield f"# Rules in admission policies\n\nOf {len(all_rules())} rules, {count} are exported for KServe {NEWEST} by"
    yield "[`isvclog export-policy`](policies.md). Each expression is written from the facts that the rule uses, too.\n"
    yield "| policy | rules | written from |\n|---|---|---|"
    for group, rules in groups.items():
        yield f"| `{group}` | {_linked(rule.rule for rule in rules)} | {_FACTS[group]} |"
    yield f"\nPolicies that fix services make the fixes of {_linked(fix.rule for fix in fixes())}.\n"
    yield "The others are not exported:\n\n| reason | rules |\n|---|---|"
    for reason, names in not_exported(target, frozenset(all_rules())).items():
        yield f"| {reason} | {_linked(names)} |"
    yield ""


def _linked(names: Iterator[str] | list[str]) -> str:
    return ", ".join(f"[{name}](rules.md#{name})" for name in names)
