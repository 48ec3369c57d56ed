"""The names in an estimate, without secrets."""

from collections.abc import Iterator

from isvclog.events.estimate import LoggerEstimate
from isvclog.events.shape import ANNOTATION
from isvclog.events.sizes import EventSize, NameSize
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.preview.unknown import with_others
from isvclog.redact.gate import Redaction


def shown_names(estimate: LoggerEstimate, size: EventSize, gate: Redaction) -> Iterator[NameSize]:
    """Yield the names of an event with their sizes. A comma in a secret can have made a name of its rest."""
    settings = estimate.result.prediction.settings
    values = settings.annotations if settings else {}
    for each in size.names:
        is_cut_out = each.kind == ANNOTATION and gate.is_part(f"{each.name}={values.get(each.name, '')}")
        yield each._replace(name=gate.hide() if is_cut_out else gate.value("", each.name))


def shown_place(estimate: LoggerEstimate, gate: Redaction) -> str:
    """Return the URL to which a logger sends; empty if no logger runs, and if a placeholder leaves it open."""
    urls = {_url(result) for pair in with_others(estimate.service) if pair[0] is estimate.result for result in pair}
    return gate.value("url", urls.pop()) if len(urls) == 1 else ""


def _url(result: ExchangeResult) -> str:
    settings = result.prediction.settings
    return settings.url.string() if settings else ""
