"""ConstraintTemplate and constraint of Gatekeeper, with its engine for CEL (`K8sNativeValidation`, 3.18 and later)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isvclog.kserve.apis.constants import API_GROUPS
from isvclog.kserve.apis.kinds import SERVICE
from isvclog.policy.checks import shared_variables
from isvclog.policy.checks.policies import parameters, sink_patterns
from isvclog.policy.documents import (
    Action,
    PolicyDocument,
    failure_policy,
    match_conditions,
    metadata,
    named_expressions,
    policy_name,
)
from isvclog.policy.model import ExportedRule, PolicyTarget, rule_variables

TEMPLATE_VERSION, CONSTRAINT_VERSION = "templates.gatekeeper.sh/v1", "constraints.gatekeeper.sh/v1beta1"
_ACTIONS: Mapping[Action, str] = {"warn": "warn", "audit": "dryrun", "deny": "deny"}
_ROOT = "variables.anyObject"
"""The object of a request, and of Gatekeeper's own audit."""


def write(
    groups: Mapping[str, Sequence[ExportedRule]], target: PolicyTarget, action: Action
) -> Iterator[PolicyDocument]:
    """Yield a template and a constraint for each group of rules; the project's lists are parameters."""
    lists = parameters(target)
    for group, rules in groups.items():
        own = lists if group == "policies" else {}
        yield PolicyDocument(_template(group, rules, target, action, own))
        match = {"kinds": [{"apiGroups": [API_GROUPS[0]], "kinds": [SERVICE]}]}
        given = {"parameters": {name: list(values) for name, values in own.items()}} if own else {}
        constraint = {
            "apiVersion": CONSTRAINT_VERSION,
            "kind": _kind(group),
            "metadata": metadata(group),
            "spec": {"enforcementAction": _ACTIONS[action], "match": match, **given},
        }
        yield PolicyDocument(constraint)


def _template(
    group: str, rules: Sequence[ExportedRule], target: PolicyTarget, action: Action, lists: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    given = {name: f"has(variables.params.{name}) ? variables.params.{name} : []" for name in lists}
    given["allowedSinkPatterns"] = sink_patterns("variables.allowedSinks")
    source = {
        "failurePolicy": failure_policy(action),
        "matchCondition": [{"name": "is-written", "expression": "object != null"}, *match_conditions()],
        "variables": named_expressions(rule_variables(rules, {**given, **shared_variables(target, _ROOT)})),
        "validations": [rule.validation for rule in rules],
    }
    properties = {name: {"type": "array", "items": {"type": "string"}} for name in lists}
    schema = {"type": "object", **({"properties": properties} if properties else {})}
    names = {"names": {"kind": _kind(group)}, "validation": {"openAPIV3Schema": schema}}
    code = [{"engine": "K8sNativeValidation", "source": source}]
    return {
        "apiVersion": TEMPLATE_VERSION,
        "kind": "ConstraintTemplate",
        "metadata": {**metadata(group), "name": _kind(group).lower()},
        "spec": {"crd": {"spec": names}, "targets": [{"target": "admission.k8s.gatekeeper.sh", "code": code}]},
    }


def _kind(group: str) -> str:
    """Return the kind of a constraint; Gatekeeper wants the template to have it in lower case as its name."""
    return "".join(part.capitalize() for part in policy_name(group).split("-"))
