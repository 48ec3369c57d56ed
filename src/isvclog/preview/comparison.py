"""Comparison of two states of the same services: what changes in their events."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from isvclog.findings import counted
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.exchange_result import ServicePreview
from isvclog.preview.facts import Fact, Kind, LoggerState, Logging, MoreFacts, logger_states, no_more_facts
from isvclog.preview.model import Preview
from isvclog.records import NamedTuple


class PreviewedState(NamedTuple):
    """The services of one state. `name` is as the user wrote it, `notes` are sentences about what it lacks.

    `places` are the names of the services' files relative to the folder that the user named, and `unread` are the
    sentences about what could not be read with such names.
    """

    name: str
    preview: Preview
    places: Sequence[str]
    unread: Sequence[str] = ()
    notes: Sequence[str] = ()

    def failures_without(self, others: Collection[str]) -> list[str]:
        """List the sentences about what could not be read here, without those that another state has, too."""
        pairs = zip(self.preview.failures, self.unread, strict=True)
        return [sentence for sentence, relative in pairs if relative not in others]


class FactChange(NamedTuple):
    """A fact that differs. `old` or `new` is None where there is no such fact."""

    kind: Kind
    name: str
    old: Fact | None
    new: Fact | None


class LoggerChange(NamedTuple):
    """A component whose events differ. `old` or `new` is None where the service has no such component."""

    old: LoggerState | None
    new: LoggerState | None
    facts: tuple[FactChange, ...]


class ServiceChange(NamedTuple):
    """A service whose events differ. `old` or `new` is None where there is no such service."""

    old: ServicePreview | None
    new: ServicePreview | None
    loggers: tuple[LoggerChange, ...]


class PreviewComparison(NamedTuple):
    """The services whose events differ between two states, and the number of the others.

    `templates` is the number of services with values that are not known before a template is rendered, and `rejected`
    of those that the cluster rejects in both states.
    """

    old: PreviewedState
    new: PreviewedState
    services: tuple[ServiceChange, ...]
    unchanged: int
    templates: int
    rejected: int

    @property
    def release(self) -> Release:
        """The release of KServe that is assumed."""
        return self.new.preview.release

    @property
    def failures(self) -> list[str]:
        """The sentences about what could not be read in one of the states, so that a service seems new or removed."""
        old, new = self.old, self.new
        return [*old.failures_without(frozenset(new.unread)), *new.failures_without(frozenset(old.unread))]

    @property
    def remarks(self) -> list[str]:
        """The sentences about what is not compared."""
        found = [*self.old.notes, *self.new.notes]
        if unread := len(frozenset(self.old.unread).intersection(self.new.unread)):
            found.append(f"{counted(unread, 'document')} cannot be read in either state: not compared.")
        if patches := {**self.old.preview.patches, **self.new.preview.patches}:
            folder = list(patches.values())[-1]
            found.append(f"patches of kustomizations are not compared; compare what is built, as with -k {folder}.")
        if self.templates:
            services = counted(self.templates, "InferenceService")
            found.append(f"the placeholders of {services} are not compared; compare what is rendered.")
        if self.rejected:
            services = counted(self.rejected, "InferenceService")
            found.append(f"the cluster rejects {services} in both states: not compared; `isvclog lint` says why.")
        return found

    @property
    def is_empty(self) -> bool:
        """True if neither state has a service although everything could be read."""
        return self.old.preview.is_empty and self.new.preview.is_empty


def compare_states(
    old: PreviewedState, new: PreviewedState, canary: str | None = None, more: MoreFacts = no_more_facts
) -> PreviewComparison:
    """Compare two states, with `canary` only that canary predictor. The order is that of NEW, then what is removed.

    `more` returns further facts to compare.
    """
    pairs = list(_paired(old, new))
    changes = [change for pair in pairs if (change := _service_change(*pair, canary, more)) is not None]
    templates = sum(any(item is not None and item.unknown for item in pair) for pair in pairs)
    rejected = sum(all(item is not None and item.rejected is not None for item in pair) for pair in pairs)
    return PreviewComparison(old, new, tuple(changes), len(pairs) - len(changes), templates, rejected)


def _paired(old: PreviewedState, new: PreviewedState) -> Iterator[tuple[ServicePreview | None, ServicePreview | None]]:
    """Pair services by namespace and name; of several with the same ones, those in the same file, then by order."""
    before, after = old.preview.services, new.preview.services
    old_labels, new_labels = ([item.label for item in services] for services in (before, after))
    chosen: dict[int, int] = {}
    _match(list(zip(old_labels, old.places, strict=True)), list(zip(new_labels, new.places, strict=True)), chosen)
    _match(old_labels, new_labels, chosen)
    for index, item in enumerate(after):
        yield before[chosen[index]] if index in chosen else None, item
    taken = frozenset(chosen.values())
    yield from ((item, None) for index, item in enumerate(before) if index not in taken)


def _match(before: Sequence[object], after: Sequence[object], chosen: dict[int, int]) -> None:
    """Add the pairs of equal keys to `chosen`, which has the old index for each new one, in the order of both."""
    waiting: dict[object, list[int]] = {}
    taken = frozenset(chosen.values())
    for index in reversed(range(len(before))):
        if index not in taken:
            waiting.setdefault(before[index], []).append(index)
    for index, key in enumerate(after):
        if index not in chosen and waiting.get(key):
            chosen[index] = waiting[key].pop()


def _service_change(
    old: ServicePreview | None, new: ServicePreview | None, canary: str | None, more: MoreFacts
) -> ServiceChange | None:
    sides = [_states(item, canary, more) for item in (old, new)]
    keys = dict.fromkeys((*sides[1], *sides[0]))
    loggers = [_logger_change(sides[0].get(key), sides[1].get(key)) for key in keys]
    changed = tuple(change for change in loggers if change is not None)
    return ServiceChange(old, new, changed) if changed or _acceptance(old) != _acceptance(new) else None


def _states(item: ServicePreview | None, canary: str | None, more: MoreFacts) -> Mapping[tuple[str, str], LoggerState]:
    states = logger_states(item, more) if item is not None else ()
    return {state.key: state for state in states if canary in (None, state.key[1])}


def _acceptance(item: ServicePreview | None) -> tuple[bool, bool]:
    """Return whether the cluster rejects a service, and whether kubectl rejects its manifest."""
    return (False, False) if item is None else (item.rejected is not None, item.is_refused)


def _logger_change(old: LoggerState | None, new: LoggerState | None) -> LoggerChange | None:
    facts = () if _is_open(old) or _is_open(new) else tuple(_fact_changes(old, new))
    same = (old.logging if old else Logging.OFF) is (new.logging if new else Logging.OFF)
    return None if same and not facts else LoggerChange(old, new, facts)


def _is_open(state: LoggerState | None) -> bool:
    """Check whether it is not known if anything is sent."""
    return state is not None and state.logging is Logging.UNKNOWN and not state.facts


def _fact_changes(old: LoggerState | None, new: LoggerState | None) -> Iterator[FactChange]:
    before, after = old.facts if old else {}, new.facts if new else {}
    for kind in Kind:
        for key in _ordered(kind, (*before, *after)):
            one, two = before.get(key), after.get(key)
            if one is None or two is None or not one.is_like(two):
                yield FactChange(*key, one, two)


def _ordered(kind: Kind, keys: Iterable[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """List the keys of a kind, each once; names are sorted, because their order in a manifest changes no event."""
    found = list(dict.fromkeys(key for key in keys if key[0] is kind))
    return sorted(found, key=lambda key: key[1]) if kind in (Kind.ANNOTATION, Kind.HEADER) and len(found) > 1 else found
