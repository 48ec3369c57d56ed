"""One component with all that the text shows of it: its name, the diagnosis, and the status of each name."""

from collections.abc import Callable, Collection, Iterator

from isvclog.diagnosis.causes import diagnose
from isvclog.diagnosis.lineage import KeyStatus, Status
from isvclog.diagnosis.model import Diagnosis
from isvclog.diagnosis.notes import notes
from isvclog.findings import counted
from isvclog.kserve.apis.spec import Component
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.records import NamedTuple
from isvclog.redact.gate import Redaction
from isvclog.report.escape import printable
from isvclog.report.preview.layout import Style, keep_ends, wrap
from isvclog.report.preview.redaction import ExchangeRedaction
from isvclog.report.preview.stages import dropped_fields
from isvclog.report.preview.unknown import NOT_RENDERED, known_statuses

ARRIVES = (Status.CARRIED, Status.OVERRIDDEN)
"""The statuses of names that arrive with the value that their author gave them."""
_FINE = (*ARRIVES, Status.UNKNOWN)


class ComponentView(NamedTuple):
    """The result of a component, and what is derived from it for people. Only `redaction` masks secrets.

    `other` is the result for other values of a template's placeholders; mostly it is the same one. What is derived is
    what both have in common, and `is_open` is true if they end differently.
    """

    result: ExchangeResult
    other: ExchangeResult
    is_open: bool
    redaction: ExchangeRedaction
    diagnosis: Diagnosis | None
    annotations: tuple[KeyStatus, ...]
    headers: tuple[KeyStatus, ...]
    notes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the component, and that of a canary."""
        return component_label(self.result.prediction.component, self.redaction.message)

    @property
    def has_dropped(self) -> bool:
        """True if the logger has fields that the release does not have: kubectl rejects the manifest."""
        return bool(dropped_fields(self.result.prediction))

    @property
    def statuses(self) -> tuple[KeyStatus, ...]:
        """The statuses of all names."""
        return self.annotations + self.headers

    @property
    def reservation(self) -> str:
        """The restriction of success: names that the event carries differently or not at all; empty if there are none.

        Headers that only this request lacks do not count.
        """
        number = sum(entry.status not in _FINE and not entry.possible for entry in self.statuses)
        verb = "does" if number == 1 else "do"
        return f"{counted(number, 'name')} {verb} not arrive as listed" if number else ""


def component_label(component: Component, mask: Callable[[str], str]) -> str:
    """Name a component for people, with its canary."""
    return f"{component.name} of canary {printable(mask(component.label))}" if component.canary else component.name


def view_component(
    result: ExchangeResult, other: ExchangeResult, gate: Redaction, given: Collection[str]
) -> ComponentView:
    """Derive everything from the results. `given` are the types of events whose body the user gave."""
    annotations, headers = known_statuses(result, other)
    diagnosis, others = diagnose(result), set(notes(other))
    return ComponentView(
        result,
        other,
        diagnosis != diagnose(other) or not result.ends_like(other),
        ExchangeRedaction(result, gate, given),
        diagnosis,
        tuple(annotations),
        tuple(headers),
        tuple(note for note in notes(result) if note in others),
    )


def heading(view: ComponentView, style: Style, *, whole: bool) -> Iterator[str]:
    """Yield a sentence on what a component sends for each request, and how many of the names arrive.

    Unless `whole`, a URL that is wider than a line is shortened.
    """
    lead = f"{view.name}  "
    sentence = "; ".join(filter(None, summary(view, None if whole else style.width)))
    first, *rest = wrap(lead, sentence, style.width)
    yield f"{style.paint(view.name, 'bold')}  {first[len(lead) :]}"
    yield from rest


def summary(view: ComponentView, width: int | None = None) -> tuple[str, str]:
    """Say what a component sends for each request, and how many of the names arrive, which may be empty.

    A URL that is wider than a line of `width` columns is shortened.
    """
    return _sending(view, width), "" if view.is_open else _names(view)


def _sending(view: ComponentView, width: int | None) -> str:
    result = view.result
    if view.is_open:
        return NOT_RENDERED
    if not result.logged or (view.diagnosis is not None and not result.delivered):
        return "sends nothing"
    settings, delivery = result.logged[0].settings, result.delivery
    url = printable(view.redaction.url(settings.url))
    url = url if width is None else keep_ends(url, max(width - len(view.name) - 3, 20))
    if result.is_excluded:
        return f"sends {settings.mode} events only, to {url}"
    which = "" if result.events == "all" else f"{result.events} "
    if delivery.events:
        return f"sends {counted(len(delivery.events), f'{which}event')} per request to {url}"
    if delivery.uploads:
        return f"stores {counted(len(delivery.uploads), f'{which}object')} per request in {url}"
    return f"keeps {counted(delivery.pending, f'{which}record')} per request until there are {settings.batch_size:,}"


def _names(view: ComponentView) -> str:
    """Count the listed names that arrive: `3 of 4 names arrive`; empty if none is listed."""
    listed = [entry for entry in view.statuses if entry.status not in (Status.INJECTED, Status.UNKNOWN)]
    possible = sum(entry.possible for entry in listed)
    injected = sum(entry.status is Status.INJECTED for entry in view.statuses)
    if possible and possible == len(listed):
        found = f"{counted(possible, 'name')} {'arrives' if possible == 1 else 'arrive'} if a client sends it"
    else:
        found = _arriving(sum(entry.status in ARRIVES for entry in listed), len(listed))
        found += _more(sum(entry.status is Status.ALTERED for entry in listed), "altered")
        found += _more(possible, "more if a client sends it")
    found += _more(injected, "injected") + _more(len(view.statuses) - len(listed) - injected, "not known")
    return found.removeprefix(", ")


def _more(number: int, words: str) -> str:
    return f", {number:,} {words}" if number else ""


def _arriving(arriving: int, listed: int) -> str:
    if listed < 2:
        return ("", f"its name {'arrives' if arriving else 'does not arrive'}")[listed]
    if arriving == listed:
        return "both names arrive" if listed == 2 else f"all {listed:,} names arrive"
    return f"{arriving:,} of {listed:,} names {'arrives' if arriving == 1 else 'arrive'}"
