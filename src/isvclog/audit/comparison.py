"""Comparison of an audit with an earlier one: components, their states, and new and resolved findings."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any

from isvclog.audit.model import Audit, Row
from isvclog.errors import IsvclogError, UsageError
from isvclog.findings import Finding, Severity, code
from isvclog.keypath import pointer, string_at
from isvclog.manifest import read_file
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction

SCHEMA_VERSION = 1
"""The version of the JSON of an audit that can be read."""

Key = tuple[str, str, str, str]
"""Context, namespace, name and component."""


class EarlierFinding(NamedTuple):
    """A finding of the earlier audit; its identity are `rule` and `pointer`, because messages count pods."""

    rule: str
    pointer: str
    severity: str
    message: str


class EarlierRow(NamedTuple):
    """A component in the earlier audit."""

    state: str
    findings: tuple[EarlierFinding, ...]


class AuditChangeKind(Enum):
    """A kind of change. The value is its name for programs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class AuditChange(NamedTuple):
    """The change of one component. `before` is its earlier state, `state` its present one; empty where there is none.

    `new` are the findings that the earlier audit did not have, `resolved` those that only it had.
    """

    kind: AuditChangeKind
    key: Key
    before: str
    state: str
    new: Sequence[Finding] = ()
    resolved: Sequence[EarlierFinding] = ()


class EarlierAudit:
    """The rows of an earlier audit, by component; `path` is the name of its file."""

    def __init__(self, path: str, rows: dict[Key, EarlierRow]) -> None:
        self.path, self.rows = path, rows

    def check_clusters(self, contexts: Iterable[str]) -> None:
        """Raise UsageError if the earlier audit has none of these clusters, so that nothing could be compared."""
        names = {key[0] for key in self.rows}
        if names and names.isdisjoint(contexts):
            of = "one cluster without a name" if names == {""} else ", ".join(map(code, sorted(names)[:5]))
            raise UsageError(f"{self.path} is an audit of {of}: select the same contexts as for that audit.")


class AuditComparison:
    """The changes since an earlier audit, to be iterated once; the totals cover those taken so far.

    `severities` counts the new findings, `kinds` the changes, `moved` the changed states and `resolved` the findings of
    the earlier audit only. `unknown` is the number of components that the earlier audit has in clusters that could not
    be read to their end now, or in other places; these are all that are left if `is_interrupted` returns True after the
    last row.
    """

    def __init__(self, audit: Audit, earlier: EarlierAudit, is_interrupted: Callable[[], bool] = lambda: False) -> None:
        self.audit, self.earlier = audit, earlier
        self._is_interrupted = is_interrupted
        self.severities = dict.fromkeys(reversed(Severity), 0)
        self.kinds = dict.fromkeys(AuditChangeKind, 0)
        self.moved = self.resolved = self.unknown = 0

    def __iter__(self) -> Iterator[AuditChange]:
        for change in self._changes():
            self.kinds[change.kind] += 1
            self.moved += change.kind is AuditChangeKind.CHANGED and change.before != change.state
            self.resolved += len(change.resolved)
            for finding in change.new:
                self.severities[finding.severity] += 1
            yield change

    def worst(self) -> Severity | None:
        """Return the worst severity of a new finding, or None."""
        return next((severity for severity, count in self.severities.items() if count), None)

    def _changes(self) -> Iterator[AuditChange]:
        left = dict(self.earlier.rows)
        for row in self.audit:
            key = row[:4]
            before = left.pop(key, None)
            if before is None:
                yield AuditChange(AuditChangeKind.ADDED, key, "", row.state.value, row.findings)
                continue
            new, resolved = _findings(row, before)
            if new or resolved or before.state != row.state.value:
                yield AuditChange(AuditChangeKind.CHANGED, key, before.state, row.state.value, new, resolved)
        yield from self._removed(left)

    def _removed(self, left: Mapping[Key, EarlierRow]) -> Iterator[AuditChange]:
        """Yield what no longer exists of the components that have no row now; the others are unknown."""
        failed = {failure.context for failure in self.audit.failures}
        complete = not self._is_interrupted()
        for key, before in left.items():
            if complete and key[0] not in failed and self.audit.searches(*key[:3]):
                yield AuditChange(AuditChangeKind.REMOVED, key, before.state, "", (), before.findings)
            else:
                self.unknown += 1


def _findings(row: Row, before: EarlierRow) -> tuple[list[Finding], list[EarlierFinding]]:
    """Split the findings of a component into those that are new and those that are resolved."""
    known = Counter((finding.rule, finding.pointer) for finding in before.findings)
    new = []
    for finding in row.findings:
        identity = (finding.rule, pointer(finding.path))
        if known[identity] > 0:
            known[identity] -= 1
        else:
            new.append(finding)
    resolved = []
    for earlier in reversed(before.findings):
        if known[earlier[:2]] > 0:
            known[earlier[:2]] -= 1
            resolved.append(earlier)
    return new, resolved[::-1]


def read_earlier(path: str, redaction: Redaction) -> EarlierAudit:
    """Read the file that `audit -o json` wrote; `redaction` masks the texts in it as those of the present audit.

    Raises UsageError, with one sentence, if the file cannot be read or is another one.
    """
    try:
        content = json.loads(read_file(path).data)
    except IsvclogError as error:
        raise UsageError(f"--compare: {error}") from None
    except (ValueError, RecursionError):
        content = None
    rows = content.get("rows") if isinstance(content, dict) else None
    if not isinstance(rows, list) or content.get("schemaVersion") != SCHEMA_VERSION:
        raise UsageError(f"{path} is not the output of `isvclog audit -o json`, which --compare reads.")
    shown = cache(redaction.text)
    return EarlierAudit(path, {_key(row, shown): _row(row, redaction) for row in rows})


def _key(row: Any, shown: Any) -> Key:
    context, namespace, name, component = (
        shown(string_at(row, (field,))) for field in ("context", "namespace", "name", "component")
    )
    return context, namespace, name, component


def _row(row: Any, redaction: Redaction) -> EarlierRow:
    findings = row.get("findings") if isinstance(row, dict) else None
    state = redaction.text(string_at(row, ("state",)))
    return EarlierRow(state, tuple(_finding(each, redaction) for each in findings or () if isinstance(each, dict)))


def _finding(finding: dict[str, Any], redaction: Redaction) -> EarlierFinding:
    rule, place, severity, message = (string_at(finding, (field,)) for field in EarlierFinding._fields)
    return EarlierFinding(redaction.text(rule), place, redaction.text(severity), redaction.sentence(message))
