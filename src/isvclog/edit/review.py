"""Edits of loggers in a file: plans for its services, the new bytes, and lint's findings about the edited parts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from isvclog.edit.apply import apply_plans
from isvclog.edit.places import OldPlaces
from isvclog.edit.plan import EditAction, EditPlan
from isvclog.findings import Finding, Severity, Span
from isvclog.keypath import KeyPath, value_at
from isvclog.kserve.apis.kinds import SERVICE
from isvclog.kserve.apis.releases import Release
from isvclog.lint.engine import LintSettings, lint_object
from isvclog.lint.files import data_beside
from isvclog.manifest import Object, Source, load
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.intended import apply_changes
from isvclog.manifest.syntax.load import ReadNodes, read_nodes, remembering_reader
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction, redaction_for
from isvclog.suppressions import Suppressions
from isvclog.validate.documents import is_service_kind
from isvclog.validate.python_objects import SERIALIZED, python_object

MakePlan = Callable[[Object, Source | None, Release], EditPlan]
"""A function that plans the edit of one service for a release of KServe.

It takes the file of the service, or None for a service of a cluster.
"""


class Review(NamedTuple):
    """The result of editing a file: its new bytes, the plans, and lint's findings about the edited components.

    `blocking` are the errors that block the edit: they did not exist before, or they are about what is added.
    `findings` are these and all others that did not exist before, with positions in the new text; `findings_in_old` are
    the same with positions in the old text. `known` is the number of the others.
    """

    data: bytes
    plans: tuple[EditPlan, ...] = ()
    findings: tuple[Finding, ...] = ()
    blocking: tuple[Finding, ...] = ()
    findings_in_old: tuple[Finding, ...] = ()
    known: int = 0


class ServiceFilter(NamedTuple):
    """A selection of services by name and namespace; None selects any.

    `every` says that several services of a file may be selected.
    """

    name: str | None = None
    namespace: str | None = None
    every: bool = False

    def matches(self, obj: Object) -> bool:
        """Check whether a service is selected."""
        return self.name in (None, obj.name) and self.namespace in (None, obj.namespace)


def services_in(source: Source, choice: ServiceFilter, read: ReadNodes = read_nodes) -> Iterator[Object | Finding]:
    """Yield the InferenceServices of KServe in a file, and a finding for each document that cannot be read.

    If a name is selected, documents that do not contain it are not parsed.
    """
    keyword = SERVICE if choice.name is None else choice.name
    for item in load(source, (keyword.encode(),), read, kinds=(SERVICE,)):
        if isinstance(item, Finding) or is_service_kind(item.kind, item.api_version):
            yield item


def review_file(
    source: Source,
    choice: ServiceFilter,
    make_plan: MakePlan,
    settings: LintSettings,
    suppressions: Suppressions | None = None,
) -> Review:
    """Edit the selected services of a file, and lint the result. Raise EditError if anything else would change.

    Suppressed findings are left out of the result.
    """
    read = remembering_reader()
    plans = [make_plan(obj, source, settings.installation.release) for obj in _selected(source, choice, read)]
    changed = [plan for plan in plans if plan.changes]
    data = apply_plans(source, plans, read)
    before = [finding for plan in changed for finding in _about(plan, lint_object(plan.obj, settings))]
    after: list[Finding] = []
    if changed:
        after = _lint_edited(Source(source.name, data), choice, changed, settings, read)
        if suppressions:
            labels = {plan.obj.label for plan in plans}
            after, _ = suppressions.apply(Source(source.name, data), after, labels)
    blocking = _blocking(plans, before, after)
    new = _new(before, after, blocking)
    old = tuple(_relocated(changed, new, OldPlaces(source.data, data, changed)))
    return Review(data, tuple(plans), new, blocking, old, len(after) - len(new))


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
    blocking = _blocking([plan], before, after)
    new = _new(before, after, blocking)
    return Review(b"", (plan,), new, blocking, known=len(after) - len(new))


def review_redaction(review: Review, reveal: bool, *sources: Source) -> Redaction:
    """Build the redaction of what is printed about an edit of a file, or of the sources of a rendered text.

    It knows the secrets before the edit and after it, and those of the other documents of all these files.
    """
    objects = [plan.obj.data for plan in review.plans]
    changed = [apply_changes(plan.obj.data, plan.changes) for plan in review.plans if plan.changes]
    texts = [source.data.decode(errors="replace") for source in sources]
    return redaction_for(reveal, chain(objects, changed, *map(data_beside, sources)), texts)


def _selected(source: Source, choice: ServiceFilter, read: ReadNodes) -> Iterator[Object]:
    for item in services_in(source, choice, read):
        if isinstance(item, Object) and choice.matches(item):
            if python_object(item):
                raise EditError("this is an object of the Python SDK and not a manifest", f"write {SERIALIZED}")
            yield item


def _lint_edited(
    source: Source, choice: ServiceFilter, plans: Iterable[EditPlan], settings: LintSettings, read: ReadNodes
) -> list[Finding]:
    """Find the issues that the plans are about, in the new text."""
    by_place = {(plan.obj.document, plan.obj.root): plan for plan in plans}
    found: list[Finding] = []
    for obj in _selected(source, choice, read):
        if plan := by_place.get((obj.document, obj.root)):
            found += _about(plan, lint_object(obj, settings))
    return found


def _blocking(plans: Sequence[EditPlan], before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    known = {_identity(finding) for finding in before} | {_place(finding) for finding in before}
    added = {
        note.path for plan in plans for note in plan.notes if note.action in (EditAction.LISTED, EditAction.VALUE_SET)
    }
    return tuple(
        finding
        for finding in after
        if finding.severity is Severity.ERROR
        and (known.isdisjoint((_identity(finding), _place(finding))) or finding.path in added)
    )


def _new(before: Iterable[Finding], after: Iterable[Finding], blocking: Sequence[Finding]) -> tuple[Finding, ...]:
    """Select the findings that did not exist before, or that block the edit."""
    known = {_identity(finding) for finding in before}
    return tuple(finding for finding in after if finding in blocking or _identity(finding) not in known)


def _relocated(plans: Iterable[EditPlan], findings: Iterable[Finding], places: OldPlaces) -> Iterator[Finding]:
    """Yield the findings about the new text with their positions in the old text.

    What was there before is where `lint` finds it; anything else is at its key, or in the value that would contain it.
    """
    services = {plan.obj.label: _Relocation(plan) for plan in plans}
    for finding in findings:
        span = places.span(finding.span)
        yield finding._replace(span=services[finding.object].span_before(finding) if span is None else span)


class _Relocation:
    """The places of a service's new data in its old text.

    The items of a list are indexed, because each of them may have findings.
    """

    def __init__(self, plan: EditPlan) -> None:
        self._old = plan.obj
        self._new = apply_changes(plan.obj.data, plan.changes)
        self._indexes: dict[KeyPath, dict[str, int]] = {}

    def span_before(self, finding: Finding) -> Span:
        """Locate the key or value of a finding about the new data, or the value that would contain it."""
        path = finding.path
        if finding.key_line and self._old.has(path):
            return self._old.key_span(path)
        if path and isinstance(path[-1], int):
            before, after = (value_at(data, path[:-1]) for data in (self._old.data, self._new))
            if isinstance(before, list) and isinstance(after, list) and path[-1] < len(after):
                index = self._index(path[:-1], before, after[path[-1]])
                return self._old.span(path[:-1] if index is None else (*path[:-1], index))
        return self._old.span(path)

    def _index(self, path: KeyPath, items: list[Any], value: Any) -> int | None:
        """Find the first of the items at a path that is the value; None if none is."""
        if not isinstance(value, str):
            return items.index(value) if value in items else None
        if path not in self._indexes:
            self._indexes[path] = {item: at for at, item in reversed([*enumerate(items)]) if isinstance(item, str)}
        return self._indexes[path].get(value)


def _about(plan: EditPlan, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the findings about the components of a plan and about the service's annotations."""
    for finding in findings:
        path = finding.path[1:] if finding.path[:1] == ("spec",) else finding.path
        if path[:1] in [(name,) for name in plan.components] or finding.path[:2] == ("metadata", "annotations"):
            yield finding


def _place(finding: Finding) -> tuple[object, ...]:
    """Identify a finding by what it is about: its message may name what the edit adds or removes elsewhere.

    An item of a list is told by its message, because the edit may have moved it.
    """
    in_list = any(isinstance(step, int) for step in finding.path)
    return finding.object, finding.rule, finding.message if in_list else finding.path


def _identity(finding: Finding) -> tuple[object, ...]:
    """Identify a finding without its position, which the edit may have changed."""
    return finding.object, finding.rule, finding.message
