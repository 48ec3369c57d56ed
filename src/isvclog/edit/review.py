"""Edits of loggers in a file: plans for its services, the new bytes, and lint's findings about the edited parts."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from isvclog.edit import EditAction, EditPlan, apply_plans
from isvclog.findings import Finding, Severity, Span
from isvclog.keypath import KeyPath, value_at
from isvclog.kserve.apis.releases import Release
from isvclog.lint.engine import LintSettings, lint_object
from isvclog.manifest import Object, Source, load
from isvclog.manifest.editing.intended import apply_changes
from isvclog.suppressions import Suppressions

Planning = Callable[[Object, Source | None, Release], EditPlan]
"""A function that plans the edit of one service for a release of KServe.

It takes the file of the service, or None for a service of a cluster.
"""


class Review(NamedTuple):
    """The result of editing a file: its new bytes, the plans, and lint's findings about the edited components.

    `refusing` are the errors that block the edit: they did not exist before, or they are about what is added. `verdict`
    are the findings with positions in the new text, `unwritten` the same findings with positions in the old text.
    """

    data: bytes
    plans: tuple[EditPlan, ...] = ()
    findings: tuple[Finding, ...] = ()
    refusing: tuple[Finding, ...] = ()
    unwritten: tuple[Finding, ...] = ()


class ServiceFilter(NamedTuple):
    """A selection of services by name and namespace; None selects any."""

    name: str | None = None
    namespace: str | None = None

    def matches(self, obj: Object) -> bool:
        """Check whether a service is selected."""
        return self.name in (None, obj.name) and self.namespace in (None, obj.namespace)


def services_in(source: Source, choice: ServiceFilter) -> Iterator[Object | Finding]:
    """Yield the InferenceServices of a file, and a finding for each document that cannot be read.

    If a name is selected, documents that do not contain it are not parsed.
    """
    for item in load(source, (b"InferenceService" if choice.name is None else choice.name.encode(),)):
        if isinstance(item, Finding) or item.kind == "InferenceService":
            yield item


def review_file(
    source: Source,
    choice: ServiceFilter,
    plan: Planning,
    settings: LintSettings,
    suppressions: Suppressions | None = None,
) -> Review:
    """Edit the selected services of a file, and lint the result. Raise EditError if anything else would change.

    Suppressed findings are left out of the result.
    """
    plans = []
    before: list[Finding] = []
    old: dict[str, tuple[Object, Object]] = {}
    for item in services_in(source, choice):
        if isinstance(item, Object) and choice.matches(item):
            made = plan(item, source, settings.installation.release)
            plans.append(made)
            if made.changes:
                old[item.label] = item, item._replace(data=apply_changes(item.data, made.changes))
                before += _about(made, lint_object(item, settings))
    data = apply_plans(source, plans)
    places = {(made.obj.document, made.obj.root): made for made in plans if made.changes}
    after: list[Finding] = []
    if places:
        now = Source(source.name, data)
        for item in services_in(now, choice):
            if isinstance(item, Object) and (place := (item.document, item.root)) in places:
                after += _about(places[place], lint_object(item, settings))
        if suppressions:
            after, _ = suppressions.apply(now, after, {made.obj.label for made in plans})
    unwritten = tuple(found._replace(span=_span_before(*old[found.object], found.path)) for found in after)
    return Review(data, tuple(plans), tuple(after), _refusing(plans, before, after), unwritten)


def review_live(
    obj: Object, plan: EditPlan, settings: LintSettings, suppressions: Suppressions | None = None
) -> Review:
    """Lint an object that has no text before and after the changes of a plan. The result has no bytes."""
    if not plan.changes:
        return Review(b"", (plan,))
    before = list(_about(plan, lint_object(obj, settings)))
    after = list(_about(plan, lint_object(obj._replace(data=apply_changes(obj.data, plan.changes)), settings)))
    if suppressions:
        after, _ = suppressions.apply(Source(obj.file, b""), after, {obj.label})
    return Review(b"", (plan,), tuple(after), _refusing([plan], before, after))


def _refusing(plans: Sequence[EditPlan], before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    known = {_identity(finding) for finding in before}
    added = {
        note.path for plan in plans for note in plan.notes if note.action in (EditAction.LISTED, EditAction.VALUE_SET)
    }
    return tuple(
        finding
        for finding in after
        if finding.severity is Severity.ERROR and (_identity(finding) not in known or finding.path in added)
    )


def _span_before(old: Object, new: Object, path: KeyPath) -> Span:
    """Locate in the old text the value at a path of the new data, or the value that would contain it."""
    if path and isinstance(path[-1], int):
        before, after = (value_at(obj.data, path[:-1]) for obj in (old, new))
        if isinstance(before, list) and isinstance(after, list) and path[-1] < len(after):
            value = after[path[-1]]
            return old.span((*path[:-1], before.index(value)) if value in before else path[:-1])
    return old.span(path)


def _about(plan: EditPlan, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings about the components of a plan and about the service's annotations."""
    for finding in findings:
        path = finding.path[1:] if finding.path[:1] == ("spec",) else finding.path
        if path[:1] in [(name,) for name in plan.components] or finding.path[:2] == ("metadata", "annotations"):
            yield finding


def _identity(finding: Finding) -> tuple[object, ...]:
    """Identify a finding without its position, which the edit may have changed."""
    return finding.object, finding.rule, finding.message
