"""Previews for people: what each component sends, the status of each name, and at the end whether it logs."""

from collections.abc import Callable, Collection, Iterator, Sequence

from isvclog.findings import enumerated, shorten_text
from isvclog.keypath import dotted
from isvclog.kserve.apis.distributions import origin_of
from isvclog.kserve.apis.releases import NEWEST
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.preview.model import Preview
from isvclog.preview.unknown import with_others
from isvclog.redact.gate import Redaction
from isvclog.report.color import painter
from isvclog.report.columns import text_width
from isvclog.report.escape import printable
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.brief import brief_component
from isvclog.report.preview.component import ComponentView, view_component
from isvclog.report.preview.layout import Style, keep_end, row
from isvclog.report.preview.redaction import service_redaction
from isvclog.report.preview.unknown import NOT_RENDERED
from isvclog.report.preview.verdict import remedy_row, shows_names, silence_lines, verdict_lines

_MOST_PATHS = 10


def write(preview: Preview, settings: FormatSettings) -> Iterator[str]:
    """Yield one block of lines for each service."""
    style = Style(painter(settings.color), settings.width)
    for number, service in enumerate(preview.services):
        gate = service_redaction(service, settings.reveal)
        yield "\n" * bool(number) + "".join(
            f"{line}\n" for line in _service(service, gate, preview.given, style, settings.full)
        )


def _service(item: ServicePreview, gate: Redaction, given: Collection[str], style: Style, full: bool) -> Iterator[str]:
    yield from _head(item, gate, style)
    if full or item.origins:
        yield from _caution(item, style)
    if item.rejected is not None:
        yield from _rejection(item, gate, style)
        return
    views = [view_component(result, other, gate, given) for result, other in with_others(item)]
    write_component = _writer(full)
    for view in views:
        if full or shows_names(view):
            yield ""
            yield from write_component(view, style)
    yield from _verdicts(item, views, gate, style)
    yield from _remedy(item, views, gate, style)


def _writer(full: bool) -> Callable[[ComponentView, Style], Iterator[str]]:
    if not full:
        return brief_component
    from isvclog.report.preview.full import full_component

    return full_component


def _head(item: ServicePreview, gate: Redaction, style: Style) -> Iterator[str]:
    """Yield the name of the service, and the facts that the preview depends on."""
    label, file = printable(gate.text(item.label)), printable(item.file)
    if style.width is not None:
        file = keep_end(file, max(style.width - text_width(label) - 2, 16))
    yield f"{style.paint(label, 'bold')}  {style.paint(file, 'dim')}"
    for fact, origin in item.origins:
        yield from row(fact, gate.sentence(origin), style)
    for note in item.notes:
        yield from row("note", shorten_text(gate.text(note)), style, "yellow")
    if item.unknown:
        paths = enumerated([gate.text(dotted(path)) for path in item.unknown], _MOST_PATHS)
        yield from row("unknown", f"{paths}: {NOT_RENDERED}", style, "bold yellow")
    for result in () if item.origins else item.results[:1]:  # the facts about a cluster have origins
        yield style.paint(_facts(result), "dim")


def _verdicts(item: ServicePreview, views: Sequence[ComponentView], gate: Redaction, style: Style) -> Iterator[str]:
    """Yield the components without a logger, then the verdicts on those with one."""
    for component in item.silent:
        yield ""
        meant = item.misspelled.get(component.name, "")
        yield from silence_lines(component, not views, style, meant and gate.text(meant))
    yield from _refused(item, gate, style)
    for number, view in enumerate(views):
        if not number or view.diagnosis is not None:
            yield ""
        yield from verdict_lines(view, style, is_refused=bool(item.refused))
    if not views and not item.silent and not item.unknown:
        yield "  has no component, so nothing is logged"


def _refused(item: ServicePreview, gate: Redaction, style: Style) -> Iterator[str]:
    """Yield the fields outside of loggers for which kubectl rejects the manifest."""
    if item.refused:
        yield ""
        paths = enumerated([gate.text(dotted(path)) for path in item.refused], _MOST_PATHS)
        yield from row("rejected", f"kubectl rejects the manifest because of {paths}", style, "bold red")


def _remedy(item: ServicePreview, views: Sequence[ComponentView], gate: Redaction, style: Style) -> Iterator[str]:
    """Yield the remedy for names that are not carried as listed, if there are any."""
    if any((view.reservation or view.has_dropped or item.refused) and view.diagnosis is None for view in views):
        name = gate.text(item.label).partition("/")[2]
        release = views[0].result.prediction.installation.release
        yield from remedy_row(item.file, name if item.origins else "", "" if release == NEWEST else release.name, style)


def _rejection(item: ServicePreview, gate: Redaction, style: Style) -> Iterator[str]:
    """Yield the lines for a service that the cluster does not accept."""
    assert item.rejected is not None
    path, reason = dotted(item.rejected.path), item.rejected.reason
    yield from row("rejected", f"{gate.text(path)} {gate.sentence(reason)}", style, "bold red")
    if item.rejected.message:
        yield from row("message", gate.sentence(item.rejected.message), style)
    if item.rejected_at:
        yield from row("place", ":".join(map(str, (item.file, *item.rejected_at))), style)
    yield from row("effect", "the cluster does not accept the object, so nothing is deployed", style)
    yield from row("remedy", "fix it; `isvclog validate` shows all that is wrong with loggers", style, "bold")


def _facts(result: ExchangeResult) -> str:
    installation = result.prediction.installation
    release, mode = installation.release, result.prediction.mode or "unknown"
    facts = f"KServe {release}, {mode} mode, {origin_of(installation.config)} inferenceservice-config"
    return facts if release.short_caution in facts else f"{facts}; {release.short_caution}"


def _caution(item: ServicePreview, style: Style) -> Iterator[str]:
    """Yield the row about predictions for the release."""
    for result in item.results[:1]:
        if caution := result.prediction.installation.release.caution:
            yield from row("caution", caution, style, "yellow")
