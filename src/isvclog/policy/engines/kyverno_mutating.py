"""MutatingPolicy of Kyverno (`policies.kyverno.io/v1`)."""

from collections.abc import Iterator, Mapping, Sequence

from isvclog.policy.documents import Action, PolicyDocument, metadata
from isvclog.policy.engines.kyverno import API_VERSION
from isvclog.policy.engines.map import mutating_spec
from isvclog.policy.fixes import ExportedFix
from isvclog.policy.model import PolicyTarget


def write(
    groups: Mapping[str, Sequence[ExportedFix]], target: PolicyTarget, action: Action
) -> Iterator[PolicyDocument]:
    """Yield a policy for each group of fixes."""
    for group, fixes in groups.items():
        spec = mutating_spec(fixes, target)
        data = {"apiVersion": API_VERSION, "kind": "MutatingPolicy", "metadata": metadata(group), "spec": spec}
        yield PolicyDocument(data)
