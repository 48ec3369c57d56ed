"""The results of an audit: one row per component, in order of arrival, and the totals so far."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from isvclog.cluster import weigh
from isvclog.drift import ComponentState, Difference
from isvclog.findings import Finding, Severity, counted
from isvclog.records import NamedTuple
from isvclog.redact.gate import redaction_for


class Row(NamedTuple):
    """One component of an InferenceService and the result of its audit.

    `logger` is True if a logger is declared; `sink` is its URL, `mode`
    its mode, and `keys` are the annotations it lists. `pods` is the number of running pods, None if it is unknown.
    `findings` are lint's findings about this component and the findings that follow from the differences. Lint findings
    about the service as a whole are in the row of its first component with a logger, so that each finding is in exactly
    one row. `note` says why nothing could be compared. `uid` is the service's, a UUID, or empty if it has none. Secrets
    are masked in a row.
    """

    context: str
    namespace: str
    name: str
    component: str
    logger: bool = False
    sink: str = ""
    mode: str = ""
    keys: tuple[str, ...] = ()
    state: ComponentState = ComponentState.UNKNOWN
    pods: int | None = 0
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    note: str = ""
    uid: str = ""

    @property
    def place(self) -> str:
        """The service as `context/namespace/name`, without a part that is unknown."""
        return "/".join(filter(None, self[:3]))

    @property
    def size(self) -> int:
        """Roughly the bytes of memory that the row takes without its findings."""
        return weigh(self._replace(findings=())) + 8 * len(self.findings)

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


class Failure(NamedTuple):
    """Something that could not be audited, such as an unreachable cluster; `sentence` is one sentence about it.

    Secrets are masked in it.
    """

    context: str
    sentence: str


def shown_failure(context: str | None, sentence: str, reveal: bool) -> Failure:
    """Build the failure of a cluster, or of the only one if `context` is None, as it is printed.

    Secrets are masked, unless `reveal` is true.
    """
    gate = redaction_for(reveal)
    return Failure(gate.text(context or ""), gate.text(sentence))


class SearchedPlace(NamedTuple):
    """The place in which services are searched, for people. It precedes the rows of each cluster that is reached.

    `context` is the name of the cluster, as in rows. `namespace` is searched, or all if it is empty; with `names`, only
    these services are, as `namespace/name`.
    """

    place: str
    context: str = ""
    namespace: str = ""
    names: Sequence[str] = ()

    def includes(self, namespace: str, name: str) -> bool:
        """Check whether a service of this cluster was searched for. Labels are not checked."""
        if self.names:
            return f"{namespace}/{name}" in self.names
        return self.namespace in ("", namespace)


class Audit:
    """The rows of an audit, to be iterated once; the totals cover the rows taken so far.

    `failures` and the `places` that were searched are kept apart from the rows. `severities` counts the findings of
    each severity, worst first; `states` counts the components in each state and contains only states that occurred.
    """

    def __init__(self, results: Iterable[Row | Failure | SearchedPlace]) -> None:
        self.results = results
        self.rows = self.services = 0
        self.failures: list[Failure] = []
        self.places: list[SearchedPlace] = []
        self.severities = dict.fromkeys(reversed(Severity), 0)
        self.states: Counter[ComponentState] = Counter()
        self._last = ("", "", "")

    def __iter__(self) -> Iterator[Row]:
        for item in self.results:
            if isinstance(item, Row):
                self._add(item)
                yield item
            elif isinstance(item, Failure):
                self.failures.append(item)
            else:
                self.places.append(item)

    def _add(self, row: Row) -> None:
        self.rows += 1
        self.states[row.state] += 1
        self.services += row[:3] != self._last
        self._last = row[:3]
        for finding in row.findings:
            self.severities[finding.severity] += 1

    def searches(self, context: str, namespace: str, name: str) -> bool:
        """Check whether a service was searched for, so that it does not exist if it has no row."""
        return any(place.context == context and place.includes(namespace, name) for place in self.places)

    def worst(self) -> Severity | None:
        """Return the worst severity found, or None."""
        return next((severity for severity, count in self.severities.items() if count), None)


def audit_summary(audit: Audit) -> str:
    """Summarize in one sentence what was audited and found. Call this after the iteration has ended."""
    states = [f"{audit.states[state]:,} {state.value}" for state in ComponentState if audit.states[state]]
    found = [counted(count, str(severity)) for severity, count in audit.severities.items() if count]
    components = f"{counted(audit.rows, 'component')} of {counted(audit.services, 'InferenceService')}"
    return f"Audited {components}: {', '.join(states) or 'none'}; {', '.join(found) or 'no findings'}."
