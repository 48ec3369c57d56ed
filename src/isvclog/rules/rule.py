"""The parts of a rule: a name, how bad its defect is, and a function from an InferenceService to issues.

The module of a rule contains nothing else; its docstring is the rule's documentation, in the form that `catalogue`
reads. This module imports nothing that reads or predicts, because validation uses it without running any rule.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from isvclog.findings import NOWHERE, Finding, Fix, Severity, Span
from isvclog.keypath import KeyPath
from isvclog.kserve.apis.releases import Release
from isvclog.records import NamedTuple

if TYPE_CHECKING:
    from isvclog.manifest import Object
    from isvclog.rules.context import AppliesTo, LintContext


class Issue(NamedTuple):
    """One problem at a key path that starts at the object, without a position and without any value.

    `message` says what is wrong and what will happen in the cluster, `remedy` what to do instead. `severity` is given
    if it differs from the rule's. `at_key` points at the key instead of at its value, `character` at the
    one with this index in the value, which is a string then.
    """

    path: KeyPath
    message: str
    remedy: str = ""
    fix: Fix | None = None
    severity: Severity | None = None
    at_key: bool = False
    character: int | None = None


Check = Callable[["LintContext"], Iterator[Issue]]
Fixes = Literal["", "safe", "unsafe"]


class Rule(NamedTuple):
    """One defect that isvclog reports, and the check that finds it.

    `since` and `until` are capabilities of `releases.toml`: what the defect needs, and what ends it. `check` is None if
    the modules named by `reporters` report the defect. `module` has the documentation. `fixes` is the best kind of fix
    that its findings come with, empty if none ever does. `security` is SARIF's security-severity, from 0 to 10, of a
    rule about data that must not leave the cluster. `applies_to` is the subject that a logger must have for the rule to
    be checked, None for any.
    """

    name: str
    severity: Severity
    check: Check | None
    module: str
    since: str = ""
    until: str = ""
    security: float | None = None
    fixes: Fixes = ""
    applies_to: "AppliesTo | None" = None
    reporters: tuple[str, ...] = ()

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
    applies_to: "AppliesTo | None" = None,
) -> Callable[[Check], Rule]:
    """Create a decorator that turns a check function into a rule."""
    return lambda check: Rule(name, severity, check, check.__module__, since, until, security, fixes, applies_to)


def reported_by(
    reporters: str | tuple[str, ...], name: str, severity: Severity, package: str, *, fixes: Fixes = ""
) -> Rule:
    """Create a rule without a check of its own, for what other modules report.

    `reporters` are the modules that make its issues. Its documentation is the module of its name in `package`.
    """
    reporters = (reporters,) if isinstance(reporters, str) else reporters
    return Rule(name, severity, None, f"{package}.{name.replace('-', '_')}", fixes=fixes, reporters=reporters)


def locate(obj: "Object", rule: Rule, issue: Issue) -> Finding:
    """Turn an issue into a finding at its position in the object, without a fingerprint or the edits of its fix."""
    key = obj.key_span(issue.path) if issue.at_key or issue.character is not None else NOWHERE
    return Finding(
        file=obj.file,
        span=_span(obj, issue) if issue.character is not None or not issue.at_key else key,
        severity=rule.severity if issue.severity is None else issue.severity,
        rule=rule.name,
        message=issue.message,
        remedy=issue.remedy,
        path=issue.path,
        object=obj.label,
        document=obj.document,
        fix=issue.fix,
        key_line=key.line,
    )


def _span(obj: "Object", issue: Issue) -> Span:
    """Locate the character that an issue is about, or the whole value."""
    if issue.character is None or obj.is_live:
        return obj.span(issue.path)
    from isvclog.manifest.characters import character_span

    return character_span(obj, issue.path, issue.character) or obj.span(issue.path)
