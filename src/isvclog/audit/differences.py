"""Differences as findings, so that reports, exit codes and ignored rules work as they do for manifests."""

from collections.abc import Iterator, Sequence

from isvclog.drift import Difference, DriftCause
from isvclog.findings import Finding
from isvclog.keypath import KeyPath
from isvclog.manifest import Object
from isvclog.rules import running
from isvclog.rules.rule import Issue, locate

RULES = {
    DriftCause.CRASH: running.CRASHING_AGENT,
    DriftCause.NO_AGENT: running.MISSING_AGENT,
    DriftCause.ROLLOUT: running.PENDING_ROLLOUT,
    DriftCause.HELD: running.PENDING_ROLLOUT,
    DriftCause.SETTING: running.STALE_AGENT,
    DriftCause.CONFIG: running.STALE_AGENT,
    DriftCause.IMAGE: running.STALE_AGENT,
    DriftCause.SKEW: running.INCONSISTENT_AGENT,
    DriftCause.UNDECLARED: running.UNDECLARED_AGENT,
    DriftCause.FOREIGN: running.FOREIGN_ARGUMENT,
    DriftCause.PREVIOUS: running.PREVIOUS_REVISION,
    DriftCause.NOT_DEPLOYED: running.UNDEPLOYED_COMPONENT,
    DriftCause.REFUSED: running.REFUSED_POD,
    DriftCause.NOT_LOADED: running.UNLOADED_MODEL,
}
"""The rule of each cause.

Causes that lint reports itself (such as `unlogged-canary` and `stopped-service`), and unknown ones, have no rule here.
"""


def findings_of(
    obj: Object, component: str, differences: Sequence[Difference], selected: frozenset[str] | None
) -> Iterator[Finding]:
    """Convert the differences of a component to findings at its logger, or at the component if it has none.

    `selected` are the names of the rules that may report, None for all.
    """
    path: KeyPath = ("spec", component)
    if obj.has((*path, "logger")):
        path = (*path, "logger")
    for difference in differences:
        rule = RULES.get(difference.cause)
        if rule and (selected is None or rule.name in selected):
            yield locate(obj, rule, Issue(path, difference.sentence, difference.remedy, at_key=True))
