"""The services of the page of an audit, grouped by state, and the form that filters them."""

from collections.abc import Iterable, Iterator

from isvclog.findings import Severity, counted
from isvclog.report.audit.page_text import escaped
from isvclog.report.audit.page_totals import PageTotals

_CHUNK = 100
"""Rows whose layout a browser computes together, when they come into view."""


def filter_form(page: PageTotals) -> Iterator[str]:
    """Yield the form, which the script shows."""
    yield '<form role="search" aria-label="Filter the services" hidden>\n<input type="search" name="search" '
    yield 'placeholder="Filter: a name, a sink, words of a reason" aria-label="Filter by text" autocomplete="off">\n'
    yield from _select("state", (state.value for state in page.states))
    yield from _select("severity", (str(severity) for severity in reversed(Severity)))
    yield from _select("rule", sorted(page.rules))
    if page.has_clusters:
        yield from _select("cluster", sorted(page.clusters))
    yield from _select("namespace", sorted(page.namespaces))
    yield '<button type="reset">Reset</button>\n</form>\n<p id="count" class="dim" role="status">'
    yield f"{counted(sum(page.states.values()), 'component')}</p>\n"


def state_sections(page: PageTotals) -> Iterator[str]:
    """Yield a section for each state that occurs, worst first, with its rows in lists of limited length."""
    for state in page.states:
        name, rows = state.value, page.rows(state)
        yield f'<section class="state" aria-labelledby="state-{name}">\n'
        yield f'<h3 id="state-{name}"><i class={name}>{name}</i> <span class="number">{len(rows):,}</span></h3>\n'
        for start in range(0, len(rows), _CHUNK):
            yield '<ul class="rows">\n'
            yield from rows[start : start + _CHUNK]
            yield "</ul>\n"
        yield "</section>\n"


def _select(name: str, values: Iterable[str]) -> Iterator[str]:
    yield f'<select name="{name}" aria-label="Filter by {name}">\n<option value="">any {name}</option>\n'
    yield from (f"<option>{escaped(value)}</option>\n" for value in values if value)
    yield "</select>\n"
