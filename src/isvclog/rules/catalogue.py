"""Descriptions of the rules: the documentation of each one together with the facts of the rule itself."""

import sys
from importlib import import_module

from isvclog.findings import Severity
from isvclog.kserve.apis.releases import ALL_RELEASES
from isvclog.records import NamedTuple
from isvclog.rules.docstring import RuleText, join_paragraphs, parse_docstring
from isvclog.rules.registry import GROUPS, RUNNING, all_rules, running_rules
from isvclog.rules.rule import Fixes, Rule

MANIFEST = "manifest"
"""The group of rules that validation and the reader of manifests report."""


class Range(NamedTuple):
    """The releases that have a defect. `first` or `last` is empty if isvclog knows no release without it at that end.

    `text` is the wording for people: `0.14.0 and later`.
    """

    first: str
    last: str
    text: str


class Description(NamedTuple):
    """Everything known about a rule.

    `fix` is the best kind of fix it has; `security` is a CVSS score, from 0.1 to 10, of a rule about data that must not
    leave the cluster. The rest is as in `Prose`: Markdown that uses only code in backticks and lists.
    """

    name: str
    severity: Severity
    group: str
    releases: Range
    fix: Fixes
    security: float | None
    summary: str
    why: tuple[str, ...] = ()
    instead: str = ""
    before: str = ""
    after: str = ""
    options: str = ""

    @property
    def details(self) -> str:
        """The reasons for the defect, as one Markdown text."""
        return join_paragraphs(self.why)

    @property
    def remedy(self) -> str:
        """The advice on what to do instead."""
        return self.instead

    @property
    def security_severity(self) -> float | None:
        """The CVSS score as SARIF's security-severity; None if the rule is not about security."""
        return self.security

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags of the rule in SARIF: its group."""
        return (self.group,)


def describe_rule(name: str) -> Description | None:
    """Build the description of a rule, None if there is no such rule; raise ValueError if its docstring is incomplete.

    If Python was told to drop docstrings (`-OO`), the name is all the prose there is.
    """
    found = all_rules().get(name)
    if found is None:
        return None
    facts = (name, found.severity, _group(found), release_range(found), found.fixes, found.security)
    return Description(*facts, *_prose_of(found))


def groups() -> dict[str, tuple[Description, ...]]:
    """Group the descriptions of all rules, in the order of the documentation; groups without rules are left out."""
    found: dict[str, list[Description]] = {}
    for name in all_rules():
        if description := describe_rule(name):
            found.setdefault(description.group, []).append(description)
    return {group: tuple(descriptions) for group, descriptions in found.items()}


def about(group: str) -> str:
    """Describe a group of rules in one sentence; empty if Python drops docstrings."""
    return (import_module(f"isvclog.rules.{group}").__doc__ or "").partition("\n")[0]


def release_range(rule: Rule) -> Range:
    """Compute the range of releases that a rule concerns; raise ValueError if there are none."""
    concerned = [rule.concerns(release) for release in ALL_RELEASES]
    if True not in concerned:
        raise ValueError(f"{rule.module}: there is no release between {rule.since!r} and {rule.until!r}")
    start, stop = concerned.index(True), len(concerned) - concerned[::-1].index(True)
    first = str(ALL_RELEASES[start]) if start else ""
    last = str(ALL_RELEASES[stop - 1]) if stop < len(ALL_RELEASES) else ""
    if first and last:
        return Range(first, last, f"{first} to {last}" if first != last else f"{first} only")
    if last:
        return Range(first, last, f"before {ALL_RELEASES[stop]}")
    return Range(first, last, f"{first} and later" if first else "all")


def _prose_of(rule: Rule) -> RuleText:
    docstring = import_module(rule.module).__doc__
    if docstring is None and sys.flags.optimize > 1:
        return RuleText(rule.name.replace("-", " ").capitalize() + ".")
    return parse_docstring(docstring or "", rule.module)


def _group(rule: Rule) -> str:
    if rule.name in running_rules():
        return RUNNING
    return next((group for group, rules in GROUPS.items() if rule in rules), MANIFEST)
