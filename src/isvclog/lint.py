"""Validation and rules on one object: what they say, placed in the text."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from zlib import crc32

from isvclog.findings import Finding
from isvclog.keypath import KeyPath, pointer
from isvclog.kserve.admission import is_service
from isvclog.kserve.defaults import Installation
from isvclog.manifest import Object
from isvclog.rules.context import LintContext
from isvclog.rules.policy import Policy
from isvclog.rules.registry import CHECKED, all_rules, running_rules
from isvclog.rules.rule import Check, Issue, Rule
from isvclog.validate import validate_object

_MAYBE_SECRET = frozenset(("parameters", "url", "marshallerUrl"))


class LintSettings(NamedTuple):
    """What to lint with. `chosen` are the rules that may report, None for all; `checks` those that have a check."""

    installation: Installation
    policy: Policy
    checks: Sequence[tuple[Rule, Check]]
    selected: frozenset[str] | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names of the rules that may report of a manifest."""
        return (frozenset(all_rules()) if self.selected is None else self.selected) - running_rules()


def select_rules(installation: Installation, policy: Policy, names: frozenset[str] | None = None) -> LintSettings:
    """The rules that concern the installation's release; `names` picks among them, None takes all."""
    checks = [
        (rule, rule.check)
        for rule in CHECKED
        if rule.check and (names is None or rule.name in names) and rule.concerns(installation.release)
    ]
    return LintSettings(installation, policy, checks, names)


def lint_object(obj: Object, settings: LintSettings) -> list[Finding]:
    """What is wrong with an InferenceService, in the order of the text; nothing for objects of other kinds.

    What two components say in the same words about the same place is said once.
    """
    chosen = settings.selected
    findings = [f for f in validate_object(obj, settings.installation.release) if chosen is None or f.rule in chosen]
    if is_service(obj.data):
        subject = LintContext(obj.data, settings.installation, settings.policy)
        for rule, check in settings.checks:
            if rule.applies_to is None or rule.applies_to in subject.applicable:
                for issue in check(subject):
                    findings.append(_placed(obj, rule, issue))
    return [
        found._replace(fingerprint=_fingerprint(obj, found.path), fix=obj.with_edits(found.fix))
        for found in _once(findings)
    ]


def _once(findings: Sequence[Finding]) -> Iterable[Finding]:
    """Findings in the order of the text, without repetitions.

    What two components say about text that they share, by an anchor, is one finding, whose fix mends both.
    """
    once: dict[Any, Finding] = {}
    for found in sorted(findings, key=_order):
        key = found.rule, found.span if found.span.exists else found.path, found.message
        first = once.setdefault(key, found)
        if first is not found and first.fix and found.fix:
            changes = tuple(dict.fromkeys((*first.fix.changes, *found.fix.changes)))
            once[key] = first._replace(fix=first.fix._replace(changes=changes))
    return once.values()


def _order(finding: Finding) -> tuple[Any, ...]:
    return finding.span, -finding.severity, finding.rule, pointer(finding.path)


def _placed(obj: Object, rule: Rule, issue: Issue) -> Finding:
    return Finding(
        file=obj.file,
        span=_span(obj, issue.path, issue.at_key),
        severity=rule.severity if issue.severity is None else issue.severity,
        rule=rule.name,
        message=issue.message,
        remedy=issue.remedy,
        path=issue.path,
        object=obj.label,
        document=obj.document,
        fix=issue.fix,
    )


def _span(obj: Object, path: KeyPath, at_key: bool) -> Any:
    return (obj.key_span if at_key else obj.span)(path)


def _fingerprint(obj: Object, path: KeyPath) -> str:
    """The checksum of a value in a logger; none of a URL, or of a value elsewhere, which may hold a secret."""
    inside = path[path.index("logger") + 1 :] if "logger" in path else ()
    if not inside or not _MAYBE_SECRET.isdisjoint(inside) or not obj.has(path):
        return ""
    value: Any = obj.data
    for key in path:
        value = value[key]
    return f"{crc32(repr(value).encode('utf-8', 'surrogatepass')):08x}"
