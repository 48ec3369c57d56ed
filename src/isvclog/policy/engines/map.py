"""MutatingAdmissionPolicy of Kubernetes 1.36 and later (`admissionregistration.k8s.io/v1`)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from isvclog.policy.checks import shared_variables
from isvclog.policy.documents import (
    Action,
    PolicyDocument,
    match_conditions,
    match_constraints,
    metadata,
    named_expressions,
    policy_name,
)
from isvclog.policy.engines.vap import API_VERSION
from isvclog.policy.fixes import ExportedFix
from isvclog.policy.model import PolicyTarget, needed_variables


def write(
    groups: Mapping[str, Sequence[ExportedFix]], target: PolicyTarget, action: Action
) -> Iterator[PolicyDocument]:
    """Yield a policy and its binding for each group of fixes. A fix that fails changes nothing and rejects nothing."""
    for group, fixes in groups.items():
        kind = "MutatingAdmissionPolicy"
        spec = mutating_spec(fixes, target)
        yield PolicyDocument({"apiVersion": API_VERSION, "kind": kind, "metadata": metadata(group), "spec": spec})
        binding = {
            "apiVersion": API_VERSION,
            "kind": f"{kind}Binding",
            "metadata": metadata(group),
            "spec": {"policyName": policy_name(group)},
        }
        yield PolicyDocument(binding)


def mutating_spec(fixes: Sequence[ExportedFix], target: PolicyTarget) -> dict[str, Any]:
    """Build what Kubernetes and Kyverno have in common."""
    variables = needed_variables({fix.name: fix.changes for fix in fixes}, shared_variables(target))
    return {
        "failurePolicy": "Ignore",
        "reinvocationPolicy": "IfNeeded",
        "matchConstraints": match_constraints(),
        "matchConditions": match_conditions(),
        "variables": named_expressions(variables),
        "mutations": [{"patchType": "JSONPatch", "jsonPatch": {"expression": fix.patch}} for fix in fixes],
    }
