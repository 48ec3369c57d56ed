"""ValidatingAdmissionPolicy of Kubernetes 1.30 and later (`admissionregistration.k8s.io/v1`)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isvclog.kserve.apis.constants import OWN_NAMESPACE
from isvclog.policy.checks import shared_variables
from isvclog.policy.checks.policies import parameters, sink_patterns
from isvclog.policy.documents import (
    ACTIONS,
    Action,
    PolicyDocument,
    failure_policy,
    match_conditions,
    match_constraints,
    metadata,
    named_expressions,
    policy_name,
)
from isvclog.policy.model import ExportedRule, PolicyTarget, rule_variables

API_VERSION = "admissionregistration.k8s.io/v1"


def write(
    groups: Mapping[str, Sequence[ExportedRule]], target: PolicyTarget, action: Action
) -> Iterator[PolicyDocument]:
    """Yield a policy and its binding for each group of rules, behind the ConfigMap with the project's lists."""
    lists = parameters(target)
    for group, rules in groups.items():
        is_parametrised = group == "policies"
        if is_parametrised:
            yield PolicyDocument(
                _config_map(lists), ("The lists of the project file: one shell pattern on each line.",)
            )
        yield PolicyDocument(_policy(group, rules, target, action, lists if is_parametrised else {}))
        yield PolicyDocument(_binding(group, action, is_parametrised))


def _policy(
    group: str, rules: Sequence[ExportedRule], target: PolicyTarget, action: Action, lists: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    spec = {
        **({"paramKind": {"apiVersion": "v1", "kind": "ConfigMap"}} if lists else {}),
        **validating_spec(rules, target, action, _parameter_variables(lists)),
    }
    return {"apiVersion": API_VERSION, "kind": "ValidatingAdmissionPolicy", "metadata": metadata(group), "spec": spec}


def validating_spec(
    rules: Sequence[ExportedRule], target: PolicyTarget, action: Action, lists: Mapping[str, str]
) -> dict[str, Any]:
    """Build what Kubernetes and Kyverno have in common; `lists` are the variables with the lists of the project."""
    return {
        "failurePolicy": failure_policy(action),
        "matchConstraints": match_constraints(),
        "matchConditions": match_conditions(),
        "variables": named_expressions(rule_variables(rules, {**lists, **shared_variables(target)})),
        "validations": [rule.validation for rule in rules],
    }


def _parameter_variables(lists: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Write the variables with the lists of the ConfigMap; a key that it does not have is an empty list."""
    variables = {
        name: f"has(params.data.{name}) ? params.data.{name}.split('\\n').filter(p, p != '') : []" for name in lists
    }
    return {**variables, "allowedSinkPatterns": sink_patterns("variables.allowedSinks")}


def _binding(group: str, action: Action, is_parametrised: bool) -> dict[str, Any]:
    reference = {
        "name": policy_name(group),
        "namespace": OWN_NAMESPACE,
        "parameterNotFoundAction": "Deny" if action == "deny" else "Allow",
    }
    spec = {
        "policyName": policy_name(group),
        "validationActions": [ACTIONS[action]],
        **({"paramRef": reference} if is_parametrised else {}),
    }
    kind = "ValidatingAdmissionPolicyBinding"
    return {"apiVersion": API_VERSION, "kind": kind, "metadata": metadata(group), "spec": spec}


def _config_map(lists: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {**metadata("policies"), "namespace": OWN_NAMESPACE},
        "data": {name: "\n".join(values) for name, values in lists.items()},
    }
