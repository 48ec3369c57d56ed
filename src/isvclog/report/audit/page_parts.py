"""The parts of the page of an audit above its services: totals, charts, the matrix and the rules."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from isvclog.audit.model import Audit
from isvclog.drift import ComponentState
from isvclog.findings import counted
from isvclog.report.audit.page_text import escaped, prose
from isvclog.report.audit.page_totals import PROBLEMS, WORST_FIRST, PageTotals, RuleTotals, States
from isvclog.report.escape import printable
from isvclog.report.formats import Describe

MOST_PLACES = 200
"""Clusters and namespaces in a table; the others have fewer problems."""


def overview(audit: Audit, page: PageTotals) -> Iterator[str]:
    """Yield the totals, and a chart of the states with its legend."""
    numbers = {
        "services": audit.services,
        "components": audit.rows,
        **{f"{severity}s": count for severity, count in audit.severities.items()},
        "failures": len(audit.failures),
    }
    yield '<ul class="totals">\n'
    yield from (f"<li><b>{number:,}</b>{name}</li>\n" for name, number in numbers.items())
    yield "</ul>\n"
    yield _bar(page.states)
    yield '<ul class="legend">\n'
    for state, number in page.states.items():
        link = _link(state=state.value)
        yield f'<li><a href="{link}"><i class={state.value}>{state.value}</i> {number:,}</a></li>\n'
    yield "</ul>\n"


def failure_list(audit: Audit) -> Iterator[str]:
    """Yield what could not be audited."""
    if audit.failures:
        yield '<h2>Not audited</h2>\n<ul class="failures">\n'
        for failure in audit.failures:
            place = f"{failure.context}: " if failure.context else ""
            yield f"<li>{escaped(place + failure.sentence)}</li>\n"
        yield "</ul>\n"


def places(page: PageTotals) -> Iterator[str]:
    """Yield charts of the states in each cluster and the matrix, or for one cluster charts of its namespaces."""
    if page.has_clusters:
        yield "<h2>Clusters</h2>\n"
        yield from _charts("cluster", page.clusters)
        yield from _matrix(page)
    elif page.namespaces:
        yield "<h2>Namespaces</h2>\n"
        yield from _charts("namespace", {name: states[""] for name, states in page.namespaces.items()})


def _charts(kind: str, places: Mapping[str, States]) -> Iterator[str]:
    rows = sorted(places.items(), key=lambda item: (-_problems(item[1]), item[0]))
    yield _head("charts rules", f"States by {kind}", kind.capitalize(), "States", "Components with a problem")
    for name, states in rows[:MOST_PLACES]:
        yield f'<tr><th scope="row"><a href="{_link(**{kind: name})}">{escaped(name)}</a></th>'
        yield f'<td>{_bar(states)}</td><td class="number">{_problems(states):,} of {sum(states.values()):,}</td></tr>\n'
    yield "</tbody></table></div>\n"
    yield from _more(len(rows) - MOST_PLACES, kind)


def _matrix(page: PageTotals) -> Iterator[str]:
    """Yield a table of namespaces and clusters, with the components that have a problem of those that there are."""
    clusters = sorted(page.clusters)
    rows = sorted(page.namespaces.items(), key=lambda item: (-sum(map(_problems, item[1].values())), item[0]))
    yield '<h2>Namespaces</h2>\n<p class="dim">Components with a problem, and all of them; the colour is that of the '
    yield "worst state.</p>\n"
    yield _head("matrix", "Components by namespace and cluster", "Namespace", *clusters)
    for namespace, by_cluster in rows[:MOST_PLACES]:
        yield f'<tr><th scope="row"><a href="{_link(namespace=namespace)}">{escaped(namespace)}</a></th>'
        yield "".join(_cell(namespace, name, by_cluster.get(name, {})) for name in clusters) + "</tr>\n"
    yield "</tbody></table></div>\n"
    yield from _more(len(rows) - MOST_PLACES, "namespace")


def _head(classes: str, label: str, *names: str) -> str:
    """Begin a table in a region that scrolls; the caller ends it."""
    cells = "".join(f'<th scope="col">{escaped(name)}</th>' for name in names)
    region = f'<div class="scroll" tabindex="0" role="region" aria-label="{label}">'
    return f'{region}<table class="{classes}">\n<thead><tr>{cells}</tr></thead>\n<tbody>\n'


def _more(number: int, kind: str) -> Iterator[str]:
    if number > 0:
        yield f'<p class="dim">{counted(number, f"more {kind}")} with fewer problems, in the filter below.</p>\n'


def rule_table(page: PageTotals, describe: Describe) -> Iterator[str]:
    """Yield the rules with findings, the worst and most frequent first, and what to do about them."""
    if not page.rules:
        return
    rules = sorted(page.rules.items(), key=lambda item: (-item[1].severity, -item[1].findings, item[0]))
    most = max(totals.findings for _, totals in rules)
    yield "<h2>Findings by rule</h2>\n"
    yield _head("rules", "Findings by rule", "Rule", "Findings", "What it is, and what to do")
    for name, found in rules:
        yield f'<tr id="rule-{escaped(name)}"><th scope="row"><i class={found.severity}>{found.severity}</i> '
        yield f'<a href="{_link(rule=name)}">{escaped(name)}</a></th><td>{found.findings:,} in '
        yield f"{counted(found.services, 'service')}{_share(found, most)}</td><td>"
        yield f"{''.join(_advice(name, found, describe))}</td></tr>\n"
    yield "</tbody></table></div>\n"


def _advice(name: str, found: RuleTotals, describe: Describe) -> Iterator[str]:
    if description := describe(name):
        yield f"<p>{prose(description.summary)}</p>"
        if description.instead:
            yield f"<p>{prose(' '.join(description.instead.split()))}</p>"
    if found.remedy:
        yield f'<p class="dim">For example: {prose(found.remedy)}</p>'


def _cell(namespace: str, cluster: str, states: Mapping[ComponentState, int]) -> str:
    if not states:
        return "<td></td>"
    worst = next(state.value for state in WORST_FIRST if states.get(state))
    link = _link(cluster=cluster, namespace=namespace)
    problems, components = _problems(states), sum(states.values())
    label = f"{problems:,} of {counted(components, 'component')} with a problem, worst: {worst}"
    return f'<td><a href="{link}" title="{label}"><i class={worst}>{problems:,}</i> / {components:,}</a></td>'


def _bar(states: Mapping[ComponentState, int]) -> str:
    """Draw the shares of the states as one bar, the worst first."""
    total, left, parts = sum(states.values()), 0.0, []
    present = [(state.value, states[state]) for state in WORST_FIRST if states.get(state)]
    for name, number in present:
        width = 100 * number / total
        parts.append(
            f'<rect class="{name}" x="{left:.3f}" width="{width:.3f}" height="10">'
            f"<title>{number:,} {name}</title></rect>"
        )
        left += width
    label = ", ".join(f"{number:,} {name}" for name, number in present) or "none"
    head = f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="{label}">'
    return f"{head}{''.join(parts)}</svg>\n"


def _share(found: RuleTotals, most: int) -> str:
    """Draw the number of findings of a rule beside the largest number."""
    width = 100 * found.findings / most
    rect = f'<rect class="{found.severity}" width="{width:.3f}" height="10"></rect>'
    return f'<svg class="thin" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{rect}</svg>'


def _problems(states: Mapping[ComponentState, int]) -> int:
    return sum(number for state, number in states.items() if state in PROBLEMS)


def _link(**wanted: str) -> str:
    """Return a link to the services with these values, which the script selects in the form."""
    return escaped(f"#{urlencode({name: printable(value) for name, value in wanted.items() if value})}")
