"""`export_policies`: the documents for an engine, with the rules that are selected."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import chain

from isvclog.errors import UsageError
from isvclog.findings import Severity
from isvclog.policy.checks import exported
from isvclog.policy.documents import Action, PolicyDocument
from isvclog.policy.model import ExportedRule, PolicyTarget
from isvclog.policy.unseen import reason_not_exported, unseen
from isvclog.rules.registry import all_rules


def export_policies(
    engine: str, target: PolicyTarget, action: Action, names: Collection[str]
) -> Iterable[PolicyDocument]:
    """Build the documents for an engine with the named rules; the first one's comment has what a policy cannot see.

    Raises UsageError if none of the named rules can be exported.
    """
    groups = _select(target, names)
    write = import_module(f"isvclog.policy.engines.{engine}").write
    first, *others = write(groups, target, action)
    return [PolicyDocument(first.data, [*_about(groups, target, names), *first.comment]), *others]


def default_rules(action: Action) -> frozenset[str]:
    """Return the rules that are exported if none are selected: those of errors and, unless they reject, of warnings."""
    least = Severity.ERROR if action == "deny" else Severity.WARNING
    return frozenset(name for name, rule in all_rules().items() if rule.severity >= least)


def _select(target: PolicyTarget, names: Collection[str]) -> Mapping[str, tuple[ExportedRule, ...]]:
    """Select the groups of exported rules. Raises UsageError if no rule is left."""
    groups = {group: tuple(rule for rule in rules if rule.rule in names) for group, rules in exported(target).items()}
    groups = {group: rules for group, rules in groups.items() if rules}
    if groups:
        return groups
    name = min(names)
    raise UsageError(f"no selected rule can be exported: {name} cannot, because {reason_not_exported(name, target)}.")


def _about(groups: Mapping[str, Iterable[ExportedRule]], target: PolicyTarget, names: Collection[str]) -> Iterator[str]:
    """Yield the lines of the comment at the top."""
    count = len(list(chain.from_iterable(groups.values())))
    yield f"{count} rules of isvclog lint for KServe {target.release}."
    yield "`isvclog explain RULE` says why a service is wrong, for the name at the end of a message."
    yield (
        "A policy sees one InferenceService as it is stored, and no other object: an annotation that only a runtime of "
        "yours has counts as missing, and settings of inferenceservice-config are taken to be KServe's own."
    )
    yield "Not exported:"
    for reason, rules in unseen(target, names).items():
        yield f"- {reason}: {', '.join(rules)}"
    yield ""
