"""Differences as findings, so that reports, exit codes and ignored rules work as they do for manifests."""

from collections.abc import Iterator, Sequence

from isvclog.findings import Finding, Severity
from isvclog.keypath import KeyPath
from isvclog.kserve.running import Cause, Difference
from isvclog.manifest import Object

RULES = {
    Cause.CRASH: ("crashing-agent", Severity.ERROR),
    Cause.NO_AGENT: ("missing-agent", Severity.ERROR),
    Cause.ROLLOUT: ("pending-rollout", Severity.WARNING),
    Cause.HELD: ("pending-rollout", Severity.WARNING),
    Cause.SETTING: ("stale-agent", Severity.WARNING),
    Cause.CONFIG: ("stale-agent", Severity.WARNING),
    Cause.IMAGE: ("stale-agent", Severity.WARNING),
    Cause.SKEW: ("inconsistent-agent", Severity.WARNING),
    Cause.UNDECLARED: ("undeclared-agent", Severity.WARNING),
    Cause.FOREIGN: ("foreign-argument", Severity.INFO),
    Cause.PREVIOUS: ("previous-revision", Severity.INFO),
}
"""The rule and severity of each cause.

Not among them: what lint says of the service itself (`unlogged-canary`), and what is not known.
"""


def findings_of(
    obj: Object, component: str, differences: Sequence[Difference], chosen: frozenset[str] | None
) -> Iterator[Finding]:
    """The findings that differences of a component make, placed at its logger; `chosen` are the rules, None for all."""
    path: KeyPath = ("spec", component)
    if obj.has((*path, "logger")):
        path = (*path, "logger")
    for difference in differences:
        rule, severity = RULES.get(difference.cause, ("", Severity.INFO))
        if rule and (chosen is None or rule in chosen):
            yield Finding(
                file=obj.file,
                span=obj.key_span(path),
                severity=severity,
                rule=rule,
                message=difference.sentence,
                remedy=difference.remedy,
                path=path,
                object=obj.label,
                document=obj.document,
            )
