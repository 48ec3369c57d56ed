"""What every format of an audit is given: a row for each component, as they come, and their running totals."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from isvclog.findings import Finding, Severity, counted
from isvclog.kserve.running import ComponentState, Difference


class Row(NamedTuple):
    """One component of an InferenceService.

    `logger` says whether one is declared; `sink` is its URL without credentials and values of parameters, `mode` its
    mode, and `keys` are the annotations it lists. `pods` is how many run, None where that is not known. `findings` are
    those of lint about this component and those that the differences make; what lint says of the service as a whole is
    with its first component that has a logger, so that each finding stands in one row. `note` says why nothing could be
    compared.
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
        """How many findings are of a severity."""
        return sum(finding.severity is severity for finding in self.findings)


class Failure(NamedTuple):
    """What could not be audited, such as a cluster that cannot be reached: one sentence."""

    context: str
    sentence: str


class Audit:
    """The rows of an audit, to be iterated once; the totals cover what was taken from it so far.

    `failures` are told apart from the rows, `severities` has worst first, `states` those that occurred.
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
        """The worst severity found, or None."""
        return next((severity for severity, count in self.severities.items() if count), None)


Format = Callable[[Audit], Iterator[str]]


def audit_summary(audit: Audit) -> str:
    """What was audited and found, in one sentence, once it has ended."""
    states = [f"{audit.states[state]:,} {state.value}" for state in ComponentState if audit.states[state]]
    found = [counted(count, str(severity)) for severity, count in audit.severities.items() if count]
    components = f"{counted(audit.rows, 'component')} of {counted(audit.services, 'InferenceService')}"
    return f"Audited {components}: {', '.join(states) or 'none'}; {', '.join(found) or 'no findings'}."
