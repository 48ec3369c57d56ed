"""All rules that check something, in the order of the documentation."""

from collections.abc import Mapping
from functools import cache

from isvclog.rules import annotations, deployment, destination, headers, policies, releases, sensitive, storage
from isvclog.rules.rule import Rule

GROUPS: Mapping[str, tuple[Rule, ...]] = {
    "annotations": annotations.RULES,
    "headers": headers.RULES,
    "destination": destination.RULES,
    "storage": storage.RULES,
    "deployment": deployment.RULES,
    "sensitive": sensitive.RULES,
    "releases": releases.RULES,
    "policies": policies.RULES,
}
CHECKED: tuple[Rule, ...] = tuple(rule for rules in GROUPS.values() for rule in rules)
RUNNING = "running"
"""The group of what `audit` reports about running pods, which is in no manifest."""


@cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by name, including those that validation, the reader of manifests and `audit` report."""
    from isvclog.rules import manifest, running

    return {rule.name: rule for rule in (*CHECKED, *manifest.RULES, *running.RULES)}


@cache
def running_rules() -> frozenset[str]:
    """Return the names of the rules about running pods."""
    from isvclog.rules import running

    return frozenset(rule.name for rule in running.RULES)
