"""The changes since an earlier audit for people: a line for each component, its findings below it, and the totals."""

from collections.abc import Iterator

from isvclog.audit.comparison import AuditChange, AuditChangeKind, AuditComparison
from isvclog.findings import counted
from isvclog.report.color import painter
from isvclog.report.columns import wrap_sentence
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings


def write(comparison: AuditComparison, settings: FormatSettings) -> Iterator[str]:
    """Yield each change as it is found: `+` is a new finding, `-` one that is resolved."""
    paint = painter(settings.color)
    for change in comparison:
        *place, component = change.key
        name = printable("/".join(filter(None, place)) + (f" {component}" if component else ""))
        yield _lines(f"{name}: {_states(change)}", settings.width).replace(name, paint(name, "bold"), 1)
        for finding in change.new:
            sentence = f"{finding.severity}: {printable(finding.message)} [{printable(finding.rule)}]"
            yield _lines(sentence, settings.width, "  + ", "    ")
        for resolved in change.resolved:
            sentence = f"{printable(resolved.severity)}: {printable(resolved.message)} [{printable(resolved.rule)}]"
            yield paint(_lines(sentence, settings.width, "  - ", "    ").rstrip("\n"), "dim") + "\n"
    if settings.summary:
        has_changes = any(comparison.kinds.values())
        yield ("\n" if has_changes else "") + _lines(comparison_summary(comparison), settings.width)


def comparison_summary(comparison: AuditComparison) -> str:
    """Summarize in one or two sentences what has changed. Call this after the iteration has ended."""
    kinds = comparison.kinds
    new = [counted(count, f"new {severity}") for severity, count in comparison.severities.items() if count]
    parts = [
        f"{kinds[AuditChangeKind.ADDED]:,} added",
        f"{kinds[AuditChangeKind.REMOVED]:,} removed",
        f"{comparison.moved:,} in another state",
    ]
    found = ", ".join(new) or "no new findings"
    resolved = f", {counted(comparison.resolved, 'finding')} resolved" if comparison.resolved else ""
    unknown = counted(comparison.unknown, "earlier component")
    rest = f" {unknown} could not be compared, or was not searched for." if comparison.unknown else ""
    of = counted(comparison.audit.rows, "component")
    return f"Compared {of} with {printable(comparison.earlier.path)}: {', '.join(parts)}; {found}{resolved}.{rest}"


def _states(change: AuditChange) -> str:
    if change.kind is AuditChangeKind.ADDED:
        return f"added, {change.state}"
    before = printable(change.before)
    if change.kind is AuditChangeKind.REMOVED:
        return f"removed, was {before}"
    return f"still {change.state}" if before == change.state else f"{change.state}, was {before}"


def _lines(sentence: str, width: int | None, first: str = "", later: str = "  ") -> str:
    return "\n".join(wrap_sentence(sentence, width, first, later)) + "\n"
