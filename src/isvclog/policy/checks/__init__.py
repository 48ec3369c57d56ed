"""The rules that are exported, a module for each group of them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from isvclog.policy.checks import annotations, deployment, destination, headers, policies, sensitive, sizes, storage
from isvclog.policy.model import ExportedRule, PolicyTarget
from isvclog.policy.variables import base_variables

_GROUPS: Mapping[str, Callable[[PolicyTarget], Iterable[ExportedRule]]] = {
    "annotations": annotations.annotation_rules,
    "sizes": sizes.size_rules,
    "headers": headers.header_rules,
    "destination": destination.destination_rules,
    "storage": storage.storage_rules,
    "deployment": deployment.deployment_rules,
    "sensitive": sensitive.sensitive_rules,
    "policies": policies.project_rules,
}


def shared_variables(target: PolicyTarget, root: str = "object") -> dict[str, str]:
    """Write the variables that the rules share. `root` is the expression of the service."""
    groups = (
        headers.headers_variables(),
        destination.destination_variables(),
        storage.storage_variables(),
        deployment.deployment_variables(),
    )
    return {**base_variables(target, root), **{name: text for group in groups for name, text in group.items()}}


@cache
def exported(target: PolicyTarget) -> Mapping[str, tuple[ExportedRule, ...]]:
    """Return the rules of each group for a target, without those that its release does not need."""
    from isvclog.rules.registry import all_rules

    known = all_rules()
    return {
        group: tuple(rule for rule in rules(target) if known[rule.rule].concerns(target.release))
        for group, rules in _GROUPS.items()
    }


def selected_rules(target: PolicyTarget, names: Collection[str]) -> Mapping[str, tuple[ExportedRule, ...]]:
    """Return the exported rules with these names by group, without groups that have none."""
    groups = {group: tuple(rule for rule in rules if rule.rule in names) for group, rules in exported(target).items()}
    return {group: rules for group, rules in groups.items() if rules}
