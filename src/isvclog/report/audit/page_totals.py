"""The totals of the page of an audit, by cluster, namespace and rule, and its rows as text."""

from collections import Counter
from collections.abc import Mapping

from isvclog.audit.model import Row
from isvclog.drift import ComponentState
from isvclog.findings import Finding, Severity, counted
from isvclog.report.audit.page_text import escaped, prose

WORST_FIRST = (
    ComponentState.CRASHING,
    ComponentState.BLOCKED,
    ComponentState.MISSING,
    ComponentState.STALE,
    ComponentState.PENDING,
    ComponentState.UNKNOWN,
    ComponentState.STOPPED,
    ComponentState.OFF,
    ComponentState.MATCHES,
)
PROBLEMS = frozenset(WORST_FIRST[:5])
"""States that somebody has to do something about."""
MOST_REASONS = 20
"""Findings of one component on the page."""

States = Counter[ComponentState]


class RuleTotals:
    """The findings of one rule: their number, the worst severity, the services, and the first remedy."""

    def __init__(self) -> None:
        self.findings = self.services = 0
        self.severity = Severity.INFO
        self.remedy = ""
        self._last = ("", "", "")

    def add(self, row: Row, finding: Finding) -> None:
        """Count a finding in a row; the rows of a service follow each other."""
        self.findings += 1
        self.severity = max(self.severity, finding.severity)
        self.services += row[:3] != self._last
        self._last = row[:3]
        self.remedy = self.remedy or finding.remedy


class PageTotals:
    """Everything on the page that rows are counted or sorted for, to which rows are added one by one."""

    def __init__(self) -> None:
        self.clusters: dict[str, States] = {}
        self.namespaces: dict[str, dict[str, States]] = {}
        self.rules: dict[str, RuleTotals] = {}
        self._rows: dict[ComponentState, list[tuple[tuple[str, ...], str]]] = {state: [] for state in WORST_FIRST}

    def add(self, row: Row) -> None:
        """Count a row, and keep its text."""
        self.clusters.setdefault(row.context, Counter())[row.state] += 1
        self.namespaces.setdefault(row.namespace, {}).setdefault(row.context, Counter())[row.state] += 1
        for finding in row.findings:
            self.rules.setdefault(finding.rule, RuleTotals()).add(row, finding)
        self._rows[row.state].append((row[:4], _item(row)))

    @property
    def has_clusters(self) -> bool:
        """True if rows name their clusters."""
        return set(self.clusters) != {""} and bool(self.clusters)

    @property
    def states(self) -> Mapping[ComponentState, int]:
        """The number of components in each state that occurs, worst first."""
        return {state: len(rows) for state, rows in self._rows.items() if rows}

    def rows(self, state: ComponentState) -> list[str]:
        """Return the texts of the rows in a state, sorted by cluster, namespace, name and component."""
        return [text for _, text in sorted(self._rows[state])]


def _item(row: Row) -> str:
    to, keys = f"to {row.sink}" if row.sink else "", f"with {', '.join(row.keys)}" if row.keys else ""
    logger = " ".join(filter(None, (row.mode, to, keys)))
    pods = "" if row.pods is None else counted(row.pods, "pod")
    about = "; ".join(filter(None, (f"logs {logger}" if logger and row.logger else "", pods)))
    reasons = "".join(_reasons(row))
    return (
        f"<li {_data(row)}>"
        f"<div><span><b>{escaped(row.place)}</b> {escaped(row.component)}</span> "
        f'<p class="dim">{escaped(about)}</p></div>'
        f"{f'<div>{reasons}</div>' if reasons else ''}</li>\n"
    )


def _data(row: Row) -> str:
    """Write the attributes that the script filters by."""
    values = {
        "state": row.state.value,
        "cluster": row.context,
        "namespace": row.namespace,
        "severities": " ".join(sorted({str(finding.severity) for finding in row.findings})),
        "rules": " ".join(sorted({finding.rule for finding in row.findings})),
    }
    return " ".join(f'data-{name}="{escaped(value)}"' for name, value in values.items() if value)


def _reasons(row: Row) -> list[str]:
    """Write the findings, the worst first, then differences that are no findings, and why nothing was compared."""
    findings = sorted(row.findings, key=lambda finding: -finding.severity)
    told = {finding.message for finding in findings}
    reasons = [
        f"<p><i class={finding.severity}>{finding.severity}</i> {prose(finding.message)} "
        f'<a href="#rule-{escaped(finding.rule)}">{escaped(finding.rule)}</a></p>'
        for finding in findings[:MOST_REASONS]
    ]
    if len(findings) > MOST_REASONS:
        reasons.append(f"<p>{len(findings) - MOST_REASONS:,} more findings</p>")
    reasons += [
        f"<p>{prose(difference.sentence)} {prose(difference.remedy)}</p>"
        for difference in row.differences
        if difference.sentence not in told
    ]
    if row.note:
        reasons.append(f'<p class="dim">Not compared: {escaped(row.note)}</p>')
    return reasons
