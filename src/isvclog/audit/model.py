"""The input of every audit format: one row per component, in order of arrival, and the totals so far."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from isvclog.drift import ComponentState, Difference
from isvclog.findings import Finding, Severity, counted


class Row(NamedTuple):
    """One component of an InferenceService and the result of its audit.

    `logger` is True if a logger is declared; `sink` is its URL without credentials and without parameter values, `mode`
    its mode, and `keys` are the annotations it lists. `pods` is the number of running pods, None if it is unknown.
    `findings` are lint's findings about this component and the findings that follow from the differences. Lint findings
    about the service as a whole are in the row of its first component with a logger, so that each finding is in exactly
    one row. `note` says why nothing could be compared.
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

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


class Failure(NamedTuple):
    """Something that could not be audited, such as an unreachable cluster; `sentence` is one sentence about it."""

    context: str
    sentence: str


class Audit:
    """The rows of an audit, to be iterated once; the totals cover the rows taken so far.

    `failures` are kept apart from the rows. `severities` counts the findings of each severity, worst first; `states`
    counts the components in each state and contains only states that occurred.
    """

    def __init__(self, results: Iterable[Row | Failure]) -> None:
        self.results = results
        self.rows = self.services = 0
        self.failures: list[Failure] = []
        self.severities = dict.fromkeys(reversed(Severity), 0)
        self.states: Counter[ComponentState] = Counter()
        self._last = ("", "", "")

    def __iter__(self) -> Iterator[Row]:
        for item in self.results:
            if isinstance(item, Failure):
                self.failures.append(item)
                continue
            self.rows += 1
            self.states[item.state] += 1
            service = item[:3]
            self.services += service != self._last
            self._last = service
            for finding in item.findings:
                self.severities[finding.severity] += 1
            yield item

    def worst(self) -> Severity | None:
        """Return the worst severity found, or None."""
        return next((severity for severity, count in self.severities.items() if count), None)


Format = Callable[[Audit], Iterator[str]]


def audit_summary(audit: Audit) -> str:
    """Summarize in one sentence what was audited and found. Call this after the iteration has ended."""
    states = [f"{audit.states[state]:,} {state.value}" for state in ComponentState if audit.states[state]]
    found = [counted(count, str(severity)) for severity, count in audit.severities.items() if count]
    components = f"{counted(audit.rows, 'component')} of {counted(audit.services, 'InferenceService')}"
    return f"Audited {components}: {', '.join(states) or 'none'}; {', '.join(found) or 'no findings'}."
