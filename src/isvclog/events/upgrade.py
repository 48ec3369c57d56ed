"""The facts about events and records that change with the release of KServe, for the same manifests."""

import json
from collections.abc import Iterator, Mapping, Sequence

from isvclog.events.sizes import event_size
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.releases import Capability, Release, capabilities
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.kserve.logger.attributes import EventAttribute, event_attributes
from isvclog.kserve.logger.dispatcher import choose_sink, record_of, store_batch
from isvclog.kserve.logger.events import LogRequest
from isvclog.kserve.logger.records import Upload
from isvclog.kserve.webhook.inject import FLAGS_ALONE
from isvclog.preview.comparison import PreviewComparison, PreviewedState, compare_states
from isvclog.preview.facts import Fact, FactKey, Kind
from isvclog.preview.model import Preview
from isvclog.records import NamedTuple

_OF_FACTS = frozenset({"--metadata-annotations", "--metadata-headers", "--log-mode"})
"""Arguments whose content is compared as settings, annotations and headers: only whether they are there counts."""


class Upgrade(NamedTuple):
    """A comparison of the same services under two releases, and what else KServe does differently.

    `gained` are capabilities that only the new release has, `lost` those that only the old one has.
    """

    comparison: PreviewComparison
    gained: Sequence[Capability]
    lost: Sequence[Capability]

    @property
    def releases(self) -> tuple[Release, Release]:
        """The old and the new release."""
        return self.comparison.old.preview.release, self.comparison.release


def compare_releases(old: Preview, new: Preview) -> Upgrade:
    """Compare previews of the same services under two releases."""
    comparison = compare_states(_state(old), _state(_without_repeated(new, old)), more=release_facts)
    rows = sorted(capabilities().values(), key=lambda row: row.since)
    gained = [row for row in rows if old.release < row.since <= new.release]
    lost = [row for row in rows if new.release < row.since <= old.release]
    return Upgrade(comparison, gained, lost)


def _state(preview: Preview) -> PreviewedState:
    places = [item.file for item in preview.services]
    return PreviewedState(f"KServe {preview.release.name}", preview, places, preview.failures)


def _without_repeated(new: Preview, old: Preview) -> Preview:
    """Leave out failures of the new preview that the old one has as well: both read the same files."""
    return new._replace(failures=[sentence for sentence in new.failures if sentence not in old.failures], patches={})


def release_facts(result: ExchangeResult) -> Mapping[FactKey, Fact]:
    """Return the facts about an exchange that the release decides."""
    found = {(Kind.ARGUMENT, name): Fact(value) for name, value in _arguments(result.prediction.args)}
    settings = result.prediction.settings
    if settings is not None and result.logged:
        is_event = choose_sink(settings) == CLOUDEVENTS
        form = _event_form(result) if is_event else _record_form(result.logged[0])
        found |= {(Kind.FORM, name): Fact(value) for name, value in form}
    return found


def _arguments(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the names of arguments with their values; lists are compared as what they contain."""
    index = 0
    while index < len(args):
        name, value = args[index], ""
        if name.startswith("--") and name not in FLAGS_ALONE and index + 1 < len(args):
            index += 1
            value = args[index]
        index += 1
        yield name, "given" if name in _OF_FACTS or not value else value


def _event_form(result: ExchangeResult) -> Iterator[tuple[str, str]]:
    """Yield a sentence on each attribute that an event has, and the bytes of the headers of each event."""
    headers = [name for event in result.delivery.events for name, _ in event.headers]
    sent = {"datacontenttype", *(name[3:].lower() for name in headers if name.startswith("Ce-"))}
    release = result.prediction.installation.release
    for attribute in event_attributes(release):
        if attribute.name in sent:
            yield attribute.name, _attribute_sentence(attribute, release)
    for logged in result.logged:
        if size := event_size(logged, None, ()):
            yield f"headers of the {logged.type.rpartition('.')[2]} event", f"{size.overhead:,} bytes"


def _attribute_sentence(attribute: EventAttribute, release: Release) -> str:
    if attribute.name == "metadata" and not release.has("response-metadata"):
        return f"{attribute.sentence} The event of a response has null."
    return attribute.sentence


def _record_form(logged: LogRequest) -> Iterator[tuple[str, str]]:
    """Yield the names of the fields that a record can have: JSON leaves out those that are empty."""
    record = record_of(logged._replace(body=b""))
    full = record._replace(
        content_type="x",
        endpoint="x",
        metadata={"x": ["x"]},
        annotations={"x": "x"},
        cert_file="x",
        tls_skip_verify=True,
    )
    stored = store_batch(logged.settings, [full])
    if isinstance(stored, Upload):
        names = stored.data.partition("\n")[0].split(",") if stored.format != "json" else _members(stored.data)
        yield "fields of a record", ", ".join(names)


def _members(data: str) -> list[str]:
    record = json.loads(data)
    return list(record[0] if isinstance(record, list) else record)
