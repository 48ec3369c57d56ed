"""The parts of a rule: a name, how bad its defect is, and a function from an InferenceService to issues.

The module of a rule contains nothing else; its docstring is the rule's documentation, in the form that `catalogue`
reads.
"""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from isvclog.findings import Fix, Severity
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.releases import Release
from isvclog.rules.context import AppliesTo, LintContext


class Issue(NamedTuple):
    """One problem at a key path that starts at the object, without a position and without any value.

    `message` says what will happen in the cluster, `remedy` what to do instead. `severity` is given if it differs from
    the rule's. `at_key` points at the key instead of at its value.
    """

    path: KeyPath
    message: str
    remedy: str = ""
    fix: Fix | None = None
    severity: Severity | None = None
    at_key: bool = False


Check = Callable[[LintContext], Iterator[Issue]]
Fixes = Literal["", "safe", "unsafe"]


class Rule(NamedTuple):
    """One defect that isvclog reports, and the check that finds it.

    `since` and `until` are capabilities of `releases.toml`: what the defect needs, and what ends it. `check` is None if
    validation or the reader of manifests reports the defect. `security` is SARIF's security-severity, from 0 to 10, of
    a rule about data that must not leave the cluster. `module` has the documentation. `fixes` is the best kind of fix
    that its findings come with, empty if none ever does. `topic` is what loggers must be about for the rule to apply,
    None for any.
    """

    name: str
    severity: Severity
    check: Check | None
    module: str
    since: str = ""
    until: str = ""
    security: float | None = None
    fixes: Fixes = ""
    applies_to: AppliesTo | None = None

    def concerns(self, release: Release) -> bool:
        """Check whether the defect exists in a release."""
        return (not self.since or release.has(self.since)) and not (self.until and release.has(self.until))


def rule(
    name: str,
    severity: Severity,
    *,
    since: str = "",
    until: str = "",
    security: float | None = None,
    fixes: Fixes = "",
    applies_to: AppliesTo | None = None,
) -> Callable[[Check], Rule]:
    """Create a decorator that turns a check function into a rule."""
    return lambda check: Rule(name, severity, check, check.__module__, since, until, security, fixes, applies_to)


def documented(name: str, severity: Severity, module: str, *, fixes: Fixes = "") -> Rule:
    """Create a rule without a check: `module` documents what validation or the manifest reader reports as `name`."""
    return Rule(name, severity, None, module, fixes=fixes)
