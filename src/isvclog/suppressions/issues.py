"""Findings about suppressions that have no effect, of the rules `unused-ignore` and `expired-ignore`."""

from collections.abc import Collection
from datetime import date

from isvclog.findings import Finding, Severity, Span, code
from isvclog.suggest import closest_name
from isvclog.suppressions.directives import MalformedComment, RuleName
from isvclog.suppressions.entries import SuppressionEntry

UNUSED, EXPIRED = "unused-ignore", "expired-ignore"


def malformed_comment(file: str, found: MalformedComment) -> Finding:
    """Report a comment that looks like a suppression but is not one."""
    return _finding(file, found.span, UNUSED, found.problem, found.remedy, found.document)


def unused_comment(file: str, document: int, rule: RuleName, known: Collection[str]) -> Finding:
    """Report a rule name in a comment that suppressed nothing."""
    if rule.name in (UNUSED, EXPIRED):
        problem = f"{code(rule.name)} cannot be ignored by a comment."
        remedy = f"Remove it; to turn the rule off, name it under `ignore` in {code('.isvclog.yaml')}."
    elif rule.name in known:
        problem = f"{code(rule.name)} reports nothing here that this comment could ignore."
        remedy = "Remove it, or put it on the line of the finding or alone on the line above."
    else:
        problem = f"There is no rule {code(rule.name)}: this ignores nothing."
        close = closest_name(rule.name, known)
        remedy = f"Write {code(close)}." if close else "Remove it, or write a name that `isvclog rules` lists."
    return _finding(file, rule.span, UNUSED, problem, remedy, document)


def unused_entry(file: str, entry: SuppressionEntry) -> Finding:
    """Report an entry of the project file that suppressed nothing in the files it is about."""
    problem = (
        f"This entry ignores nothing: {code(entry.rule)} reports nothing in the files and objects that it matches."
    )
    remedy = "Remove the entry, or correct its path, kind, namespace or name."
    return _finding(file, entry.span, UNUSED, problem, remedy)


def expired_entry(file: str, entry: SuppressionEntry, expired: date) -> Finding:
    """Report an entry of the project file that has expired."""
    problem = f"This entry ignores nothing any more: it expired on {expired}."
    remedy = f"Fix what {code(entry.rule)} reports and remove the entry, or set a later date."
    return _finding(file, entry.span, EXPIRED, problem, remedy)


def _finding(file: str, span: Span, rule: str, message: str, remedy: str, document: int = 1) -> Finding:
    return Finding(file, span, Severity.WARNING, rule, message, remedy, document=document)
