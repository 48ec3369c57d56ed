"""What there is to say about each rule: its documentation with the facts of the rule itself."""

import sys
from importlib import import_module
from typing import NamedTuple

from isvclog.findings import Severity
from isvclog.kserve.releases import ALL_RELEASES
from isvclog.rules.docstring import RuleText, join_paragraphs, parse_docstring
from isvclog.rules.registry import GROUPS, RUNNING, all_rules, running_rules
from isvclog.rules.rule import Fixes, Rule

MANIFEST = "manifest"
"""The group of what validation and the reader of manifests report."""


class Range(NamedTuple):
    """The releases that have a defect. `first` and `last` are empty where it goes on as far as isvclog knows.

    `text` is how people say it: `0.14.0 and later`.
    """

    first: str
    last: str
    text: str


class Description(NamedTuple):
    """All there is to know about a rule.

    `fix` is the best kind of fix it has, `security` a CVSS score, from 0.1 to 10, of a rule about what must not leave
    the cluster. The rest is as in `Prose`: Markdown, of which there is code in backticks and lists.
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
        """Why it happens, as one Markdown text."""
        return join_paragraphs(self.why)

    @property
    def remedy(self) -> str:
        return self.instead

    @property
    def security_severity(self) -> float | None:
        return self.security

    @property
    def tags(self) -> tuple[str, ...]:
        return (self.group,)


def describe_rule(name: str) -> Description | None:
    """The description of a rule, None if there is no such rule; ValueError for a docstring that lacks something.

    Where Python was told to drop docstrings (`-OO`), there is no more prose than the name.
    """
    found = all_rules().get(name)
    if found is None:
        return None
    facts = (name, found.severity, _group(found), release_range(found), found.fixes, found.security)
    return Description(*facts, *_prose_of(found))


def groups() -> dict[str, tuple[Description, ...]]:
    """The descriptions of all rules by group, in the order of the documentation; groups without rules are left out."""
    found: dict[str, list[Description]] = {}
    for name in all_rules():
        if description := describe_rule(name):
            found.setdefault(description.group, []).append(description)
    return {group: tuple(descriptions) for group, descriptions in found.items()}


def about(group: str) -> str:
    """What the rules of a group are about, in one sentence; empty where Python drops docstrings."""
    return (import_module(f"isvclog.rules.{group}").__doc__ or "").partition("\n")[0]


def release_range(rule: Rule) -> Range:
    """The releases that a rule concerns; ValueError if there are none, or if they do not follow one another."""
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
