"""Validation and rules run on one object; the result is findings with positions in the text."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

from isvclog.findings import Finding
from isvclog.keypath import KeyPath, pointer, value_at
from isvclog.kserve.apis.admission import is_service
from isvclog.kserve.apis.installation import Installation
from isvclog.manifest import Object
from isvclog.manifest.editing.fixes import with_edits
from isvclog.records import NamedTuple
from isvclog.redact.gate import contains_secret
from isvclog.rules.beside import NOTHING_BESIDE, Beside
from isvclog.rules.context import LintContext
from isvclog.rules.manifest import REFUSED_FIELD, UNSERIALIZED_OBJECT
from isvclog.rules.policy import Policy
from isvclog.rules.registry import CHECKED, all_rules, running_rules
from isvclog.rules.rule import Check, Issue, Rule, locate
from isvclog.validate.objects import validate_object

_REJECTED = "rejected-field"
if TYPE_CHECKING:
    from isvclog.manifest.kustomize.build import Part

_MAYBE_SECRET = frozenset(("parameters", "url", "marshallerUrl"))


def no_overlay(obj: Object) -> None:
    """Find no overlay that an object is part of."""


class LintSettings(NamedTuple):
    """The settings of a lint run.

    `selected` are the names of the rules that may report, None for all; `checks` are those rules that have a check.
    `beside` has the objects beside the services. `parts` returns an object as part of what overlays build, None if it
    is part of none; the list is empty if something that is not known is built.
    """

    installation: Installation
    policy: Policy
    checks: Sequence[tuple[Rule, Check]]
    selected: frozenset[str] | None = None
    beside: Beside = NOTHING_BESIDE
    parts: "Callable[[Object], Sequence[Part] | None]" = no_overlay

    @property
    def names(self) -> frozenset[str]:
        """The names of the rules that may report findings about a manifest."""
        return (frozenset(all_rules()) if self.selected is None else self.selected) - running_rules()

    def selects(self, rule: Rule) -> bool:
        """Check whether a rule may report."""
        return self.selected is None or rule.name in self.selected


def select_rules(installation: Installation, policy: Policy, names: frozenset[str] | None = None) -> LintSettings:
    """Select the rules that apply to the installation's release. `names` limits the selection; None takes all rules."""
    checks = [
        (rule, rule.check)
        for rule in CHECKED
        if rule.check and (names is None or rule.name in names) and rule.concerns(installation.release)
    ]
    return LintSettings(installation, policy, checks, names)


def lint_object(obj: Object, settings: LintSettings) -> list[Finding]:
    """Find the issues of an InferenceService, in the order of the text. Objects of other kinds give no findings.

    If two components give the same message about the same place, it is reported once, and so is what both the
    CustomResourceDefinition and KServe's webhook refuse. A part of what overlays build is checked as part of each
    whole.
    """
    parts = settings.parts(obj)
    if parts is None:
        return _lint_whole(obj, settings)
    from isvclog.lint.parts import findings_of_part

    found = findings_of_part(obj, parts, lambda each, is_patch: _lint_whole(each, settings, is_patch=is_patch))
    return list(_merge_repeated(found))


def _lint_whole(obj: Object, settings: LintSettings, *, is_patch: bool = False) -> list[Finding]:
    selected = settings.selected
    # A cluster has accepted its objects, whatever its release is.
    rest = None if obj.is_live or not settings.selects(REFUSED_FIELD) else REFUSED_FIELD.severity
    validated = validate_object(obj, settings.installation.release, patch=is_patch, rest=rest)
    findings = [found for found in validated if selected is None or found.rule in selected]
    if not any(found.rule == UNSERIALIZED_OBJECT.name for found in validated):
        findings += (locate(obj, rule, issue) for rule, issue in _known_issues(obj, settings, is_patch))
    return [
        found._replace(fingerprint=_fingerprint(obj, found.path), fix=with_edits(found.fix, obj))
        for found in _merge_repeated(_refused_once(findings))
    ]


def _known_issues(obj: Object, settings: LintSettings, is_patch: bool) -> Iterable[tuple[Rule, Issue]]:
    if not obj.may_have_placeholders:
        return _rule_issues(obj, settings, is_patch)
    from isvclog.validate.placeholders import known_issues

    return known_issues(obj, settings.installation.release, lambda filled: _rule_issues(filled, settings, is_patch))


def _rule_issues(obj: Object, settings: LintSettings, is_patch: bool) -> Iterator[tuple[Rule, Issue]]:
    # Without any apiVersion it can still be a patch, or a service that lacks only that.
    if not is_service(obj.data) and (obj.api_version or obj.kind != "InferenceService"):
        return
    context = LintContext(obj.data, settings.installation, settings.policy, settings.beside, is_patch=is_patch)
    for rule, check in settings.checks:
        if rule.applies_to is None or rule.applies_to in context.applicable:
            for issue in check(context):
                yield rule, issue


def _refused_once(findings: Sequence[Finding]) -> Sequence[Finding]:
    """Leave out what the CustomResourceDefinition refuses, where a finding about KServe's webhook says so, too."""
    rejected = {found.path for found in findings if found.rule == _REJECTED}
    return [found for found in findings if found.rule != REFUSED_FIELD.name or found.path not in rejected]


def _merge_repeated(findings: Sequence[Finding]) -> Iterable[Finding]:
    """Merge repeated findings and sort all of them in the order of the text.

    Findings of two components about text that they share through an anchor become one finding, whose fix corrects both.
    """
    merged: dict[Any, Finding] = {}
    for found in sorted(findings, key=_order):
        key = found.rule, found.span if found.span.exists else found.path, found.message
        first = merged.setdefault(key, found)
        if first is not found and first.fix and found.fix:
            changes = tuple(dict.fromkeys((*first.fix.changes, *found.fix.changes)))
            merged[key] = first._replace(fix=first.fix._replace(changes=changes))
    return merged.values()


def _order(finding: Finding) -> tuple[Any, ...]:
    return finding.span, -finding.severity, finding.rule, pointer(finding.path)


def _fingerprint(obj: Object, path: KeyPath) -> str:
    """Compute the checksum of a value in a logger.

    Return an empty string for a URL, for parameters, for a value elsewhere and for one that the gate masks, because
    these may contain a secret.
    """
    inside = path[path.index("logger") + 1 :] if "logger" in path else ()
    if not inside or not _MAYBE_SECRET.isdisjoint(inside) or not obj.has(path):
        return ""
    value = value_at(obj.data, path)
    if contains_secret(next((key for key in reversed(path) if isinstance(key, str)), ""), value):
        return ""
    return f"{crc32(repr(value).encode('utf-8', 'surrogatepass')):08x}"
