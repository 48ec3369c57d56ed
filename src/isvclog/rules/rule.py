"""What a rule is: a name, how bad its defect is, and a function from an InferenceService to issues.

The module of a rule holds nothing else; its docstring is the rule's documentation, in the form that `catalogue` reads.
"""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from isvclog.findings import Fix, Severity
from isvclog.keypath import KeyPath
from isvclog.kserve.releases import Release
from isvclog.rules.context import AppliesTo, LintContext


class Issue(NamedTuple):
    """What is wrong at a key path that starts at the object, without a position and without any value.

    `message` says what will happen in the cluster, `remedy` what to do instead. `severity` is given where it differs
    from the rule's. `at_key` points at the key instead of at its value.
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
    """`since` and `until` are capabilities of `releases.toml`: what the defect needs, and what ends it.

    `check` is None for what validation and the reader of manifests report. `security` is SARIF's security-severity,
    from 0 to 10, of a rule about what must not leave the cluster. `module` is where the documentation stands. `fixes`
    is the best kind of fix that its findings come with, empty if none ever does. `topic` is what loggers must be about
    for the rule to have anything to say, None for any.
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
        """Whether the defect exists in a release."""
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
    """Make a rule of a function."""
    return lambda check: Rule(name, severity, check, check.__module__, since, until, security, fixes, applies_to)


def documented(name: str, severity: Severity, module: str, *, fixes: Fixes = "") -> Rule:
    """A rule without a check: `module` documents what validation or the reader of manifests reports under this name."""
    return Rule(name, severity, None, module, fixes=fixes)
