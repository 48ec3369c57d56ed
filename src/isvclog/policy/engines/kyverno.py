"""ValidatingPolicy of Kyverno (`policies.kyverno.io/v1`), which needs no binding."""

from collections.abc import Iterator, Mapping, Sequence

from isvclog.policy.cel import string_list
from isvclog.policy.checks.policies import parameters, sink_patterns
from isvclog.policy.documents import ACTIONS, Action, PolicyDocument, metadata
from isvclog.policy.engines.vap import validating_spec
from isvclog.policy.model import ExportedRule, PolicyTarget

API_VERSION = "policies.kyverno.io/v1"


def write(
    groups: Mapping[str, Sequence[ExportedRule]], target: PolicyTarget, action: Action
) -> Iterator[PolicyDocument]:
    """Yield a policy for each group of rules; the project's lists are variables of it."""
    lists = {name: string_list(values) for name, values in parameters(target).items()}
    lists["allowedSinkPatterns"] = sink_patterns("variables.allowedSinks")
    for group, rules in groups.items():
        spec = {"validationActions": [ACTIONS[action]], **validating_spec(rules, target, action, lists)}
        data = {"apiVersion": API_VERSION, "kind": "ValidatingPolicy", "metadata": metadata(group), "spec": spec}
        yield PolicyDocument(data)
