"""`export_policies`: the documents for an engine, with the rules that are selected."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from itertools import chain

from isvclog.errors import UsageError
from isvclog.findings import Severity, counted
from isvclog.policy.checks import selected_rules
from isvclog.policy.checks.policies import parameters
from isvclog.policy.documents import Action, PolicyDocument
from isvclog.policy.fixes import ExportedFix, fixes, selected_fixes
from isvclog.policy.model import ExportedRule, PolicyTarget
from isvclog.policy.unseen import not_exported, reason_not_exported
from isvclog.redact.gate import contains_secret
from isvclog.rules.registry import all_rules

ENGINES = ("vap", "map", "kyverno", "kyverno-mutating", "gatekeeper")
MUTATING = frozenset(("map", "kyverno-mutating"))
"""The engines that fix services; the others check them."""


def export_policies(
    engine: str, target: PolicyTarget, action: Action, names: Collection[str]
) -> Sequence[PolicyDocument]:
    """Build the documents for an engine with the named rules; the first one's comment has what a policy cannot see.

    Raises UsageError if none of the named rules can be exported.
    """
    write = import_module(f"isvclog.policy.engines.{engine.replace('-', '_')}").write
    if engine in MUTATING:
        first, *others = write(_selected_fixes(names), target, action)
        return [PolicyDocument(first.data, [*_about_fixes(), *first.comment]), *others]
    _refuse_secrets(target)
    groups = _select(target, names)
    first, *others = write(groups, target, action)
    return [PolicyDocument(first.data, [*_about(groups, target, names), *first.comment]), *others]


def _refuse_secrets(target: PolicyTarget) -> None:
    """Raise UsageError if a list of the project has a secret, which everybody who can read policies could read."""
    for name, patterns in parameters(target).items():
        if any(contains_secret(name, pattern) for pattern in patterns):
            raise UsageError(f"{name} of the project file has a secret; write the pattern without it.")


def default_rules(action: Action) -> frozenset[str]:
    """Return the rules that are exported if none are selected: those of errors and, unless they reject, of warnings."""
    least = Severity.ERROR if action == "deny" else Severity.WARNING
    return frozenset(name for name, rule in all_rules().items() if rule.severity >= least)


def _select(target: PolicyTarget, names: Collection[str]) -> Mapping[str, tuple[ExportedRule, ...]]:
    """Select the groups of exported rules. Raises UsageError if no rule is left."""
    if groups := selected_rules(target, names):
        return groups
    name = min(names)
    raise UsageError(f"no selected rule can be exported: {name} cannot, because {reason_not_exported(name, target)}.")


def _selected_fixes(names: Collection[str]) -> Mapping[str, tuple[ExportedFix, ...]]:
    """Select the fixes. Raises UsageError if no rule has one."""
    if found := selected_fixes(names):
        return found
    known = ", ".join(fix.rule for fix in fixes())
    raise UsageError(f"no selected rule has a fix that a policy can make: choose from {known}.")


def _about_fixes() -> Iterator[str]:
    """Yield the lines of the comment at the top of mutating policies."""
    yield f"Fixes of isvclog lint that are safe: {', '.join(fix.rule for fix in fixes())}."
    yield (
        "Header names that may mean secrets or persons are left unchanged: a name that matches no header "
        "lets none leave the cluster. The manifest in git stays as it is, so prefer `isvclog lint --fix` there."
    )
    yield ""


def _about(groups: Mapping[str, Iterable[ExportedRule]], target: PolicyTarget, names: Collection[str]) -> Iterator[str]:
    """Yield the lines of the comment at the top."""
    count = len(list(chain.from_iterable(groups.values())))
    yield f"{counted(count, 'rule')} of isvclog lint for KServe {target.release}."
    yield "`isvclog explain RULE` explains a message; RULE is the name at its end."
    yield (
        "A policy sees one InferenceService as it is stored, and no other object: an annotation that only a runtime of "
        "yours has counts as missing, and settings of inferenceservice-config are assumed to be KServe's own."
    )
    found = not_exported(target, names)
    if found:
        yield "Not exported:"
    for reason, rules in found.items():
        yield f"- {reason}: {', '.join(rules)}"
    yield ""
