"""Differences as findings, so that reports, exit codes and ignored rules work as they do for manifests."""

from collections.abc import Iterator, Sequence

from isvclog.drift import Difference, DriftCause
from isvclog.findings import Finding
from isvclog.keypath import KeyPath
from isvclog.manifest import Object
from isvclog.rules.registry import all_rules

RULES = {
    DriftCause.CRASH: "crashing-agent",
    DriftCause.NO_AGENT: "missing-agent",
    DriftCause.ROLLOUT: "pending-rollout",
    DriftCause.HELD: "pending-rollout",
    DriftCause.SETTING: "stale-agent",
    DriftCause.CONFIG: "stale-agent",
    DriftCause.IMAGE: "stale-agent",
    DriftCause.SKEW: "inconsistent-agent",
    DriftCause.UNDECLARED: "undeclared-agent",
    DriftCause.FOREIGN: "foreign-argument",
    DriftCause.PREVIOUS: "previous-revision",
}
"""The rule of each cause.

Causes that lint reports itself (`unlogged-canary`), and unknown ones, have no rule here.
"""


def findings_of(
    obj: Object, component: str, differences: Sequence[Difference], chosen: frozenset[str] | None
) -> Iterator[Finding]:
    """Convert the differences of a component to findings at its logger, or at the component if it has none.

    `chosen` are the names of the rules that may report, None for all.
    """
    path: KeyPath = ("spec", component)
    if obj.has((*path, "logger")):
        path = (*path, "logger")
    for difference in differences:
        rule = RULES.get(difference.cause)
        if rule and (chosen is None or rule in chosen):
            yield Finding(
                file=obj.file,
                span=obj.key_span(path),
                severity=all_rules()[rule].severity,
                rule=rule,
                message=difference.sentence,
                remedy=difference.remedy,
                path=path,
                object=obj.label,
                document=obj.document,
            )
