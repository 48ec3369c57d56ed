"""Redaction of exchange results: everything is shown, or the gate masks what is secret.

Events and objects are predicted with the real values and masked afterwards, so masking does not change the result.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from isvclog.diagnosis.lineage import KeyStatus, Status
from isvclog.findings import shorten_text
from isvclog.kserve.agent.startup import Startup
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.installation import SHIPPED, Installation
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.kserve.golang import csv as gocsv
from isvclog.kserve.golang import json as gojson
from isvclog.kserve.golang.http import written_value
from isvclog.kserve.golang.url import URL
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.kserve.logger.events import CloudEvent
from isvclog.kserve.logger.records import Upload
from isvclog.patterns import late_pattern
from isvclog.preview.model import Preview
from isvclog.preview.unknown import with_others
from isvclog.redact.gate import Redaction, mask_annotations, redaction_for
from isvclog.redact.masks import REDACTED
from isvclog.redact.words import adds_names
from isvclog.report.formats import FormatSettings

_MALFORMED = late_pattern(r"(Malformed (?:log-url|source_uri) ).*", re.DOTALL)
_ARGUMENT = late_pattern(r'invalid argument ".*" for "', re.DOTALL)
_PAIR = late_pattern(r"got key: .*", re.DOTALL)
# The record of a batch with several events has the bodies of all of them.
_BODY_FIELDS = ("bytes",)


def service_redaction(item: ServicePreview, reveal: bool) -> Redaction:
    """Build the redaction of everything that is known about a service: its manifest, the ConfigMap, its runtimes."""
    return services_redaction([item], reveal)


def services_redaction(items: Sequence[ServicePreview], reveal: bool) -> Redaction:
    """Build one redaction for several states of a service: what is secret in one of them is masked in all."""
    results = [result for item in items for result in item.results]
    headers = [f"{name}: {value}" for result in results for name, value in result.exchange.request.headers]
    # The environment has placeholders where a value comes from a Secret, and messages quote the manifest between words.
    predictions = [
        result.prediction._replace(
            installation=_searched(result.prediction.installation),
            environment={},
            reason="",
            undeployed=None,
            shortage=None,
        )
        for result in results
    ]
    written = [data for item in items for data in (item.data, item.rejected)]
    return redaction_for(reveal, [*written, *predictions, {"headers": headers}])


def _searched(installation: Installation) -> Installation:
    """Leave out the default ConfigMap, which has no secrets: to search it takes as long as to search a manifest."""
    return installation._replace(config={}) if installation.config is SHIPPED and not adds_names() else installation


def mask_agent_message(text: str, startup: Startup | None, gate: Redaction) -> str:
    """Mask secrets in a sentence from an agent or about it, and what it repeats of arguments that it cannot parse."""
    if not gate.hides:
        return text
    malformed = _MALFORMED.match(startup.message) if startup else None
    if malformed and text and malformed[0].endswith(text):
        text = malformed[0]
    text = _ARGUMENT.sub(f'invalid argument "{REDACTED}" for "', _MALFORMED.sub(rf"\1{REDACTED}", text))
    return gate.sentence(_PAIR.sub(f"got key: {REDACTED}", text) if gate.knows_secrets else text)


class ExchangeRedaction:
    """The redaction of one exchange. `given` are the types of events whose body the user gave: it is shown as given."""

    def __init__(self, result: ExchangeResult, gate: Redaction, given: Collection[str] = ()) -> None:
        self._prediction = result.prediction
        self._gate = gate
        self._given = given

    def url(self, url: URL) -> str:
        """Mask the URL's credentials and secret parameters; of an object storage URL, keep the user (its container)."""
        return self._gate.value("url", url.string())

    def message(self, text: str) -> str:
        """Mask secrets in a sentence from the agent or about it, and what the agent repeats of its arguments."""
        if self._prediction.shortage is not None:  # it has the words of others
            return shorten_text(self._gate.text(text))
        return mask_agent_message(text, self._prediction.startup, self._gate)

    def status(self, entry: KeyStatus, *, header: bool = False) -> KeyStatus:
        """Mask the name, value, message and sources of the status of an annotation or a header."""
        if not self._gate.hides:
            return entry
        value = None if entry.value is None else self._value(entry.name, entry.value, header)
        hidden = value != entry.value and entry.status is not Status.LOST
        return entry._replace(
            name=self._key(entry.name, entry.value),
            message=self.message(entry.message or ("it looks sensitive and leaves with every event" if hidden else "")),
            value=value,
            sources=tuple((source, self._value(entry.name, text, header)) for source, text in entry.sources),
        )

    def event(self, event: CloudEvent) -> CloudEvent:
        """Mask secrets in the target, the headers and the body of an event."""
        if not self._gate.hides:
            return event
        url = self.url(event.url)
        return event._replace(
            url=event.url if url == event.url.string() else URL(opaque=url),
            target=self._gate.value("url", event.target),
            headers=tuple((name, self._wire_header(name, value)) for name, value in event.headers),
            body=event.body if event.type in self._given else self._body(event.body),
        )

    def listed(self, result: ExchangeResult) -> Iterator[tuple[str, str]]:
        """Yield the JSON of the annotations and of the metadata, each with the name under which it arrives."""
        if result.delivery.events:
            headers = self.event(result.delivery.events[0]).headers
            yield from ((name, value) for name, value in headers if name in ("Ce-Annotations", "Ce-Metadata"))
        elif result.logged:
            first = result.logged[0]
            is_event = choose_sink(first.settings) == CLOUDEVENTS
            for name, value in (("Annotations", first.settings.annotations), ("Metadata", first.metadata)):
                text = gojson.marshal(None if value is None else dict(value))
                if value or is_event:
                    yield f"Ce-{name}" if is_event else name.lower(), self._wire_header(f"Ce-{name}", text)

    def upload(self, upload: Upload) -> Upload:
        """Mask secrets in the records of a stored object, in its place and in the marshaller's URL."""
        if not self._gate.hides:
            return upload
        data = self._json_records(upload.data) if upload.format == "json" else self._csv_records(upload.data)
        return upload._replace(
            data=data,
            bucket=self._gate.text(upload.bucket),
            key=self._gate.text(upload.key),
            marshaller=self._gate.value("url", upload.marshaller),
        )

    def _key(self, key: str, value: str | None) -> str:
        return self._gate.hide() if self._is_cut_out(key, value) else self._gate.value("", key)

    def _is_cut_out(self, key: str, value: str | None) -> bool:
        """Return True if `key=value` is a fragment of a secret that was split at a comma."""
        return self._gate.is_part(f"{key}={value or ''}")

    def _value(self, key: str, value: str, header: bool) -> str:
        if not header and value and self._is_cut_out(key, value):
            return self._gate.hide()
        return self._gate.value(key, value, header=header)

    def _wire_header(self, name: str, value: str) -> str:
        if name == "Authorization":
            return self._gate.hide()
        if name == "Ce-Annotations":
            return self._json_map(value, self._annotations)
        return self._json_map(value, self._metadata) if name == "Ce-Metadata" else self._gate.text(value)

    def _json_map(self, text: str, show: Any) -> str:
        members = json.loads(text) if text else None
        shown = show(members)
        return text if shown == members else written_value(gojson.marshal(shown))

    def _annotations(self, members: Mapping[str, str] | None) -> Any:
        return members and mask_annotations(members, self._gate)

    def _metadata(self, members: Mapping[str, list[str]] | None) -> Any:
        return members and {
            self._key(name, None): [self._value(name, value, True) for value in values]
            for name, values in members.items()
        }

    def _body(self, body: bytes) -> bytes:
        try:
            return self._gate.text(body.decode()).encode()
        except UnicodeDecodeError:
            return self._gate.text(body.decode("latin-1")).encode("latin-1")

    def _json_records(self, data: str) -> str:
        records = json.loads(data, object_pairs_hook=gojson.Struct)
        shown = [self._record(item) for item in records] if isinstance(records, list) else self._record(records)
        return data if shown == records else gojson.marshal(shown)

    def _record(self, record: Mapping[str, Any]) -> gojson.Struct:
        return gojson.Struct((name, self._field(name.lower(), value)) for name, value in record.items())

    def _field(self, name: str, value: Any) -> Any:
        if name == "annotations":
            return self._annotations(value)
        if name == "metadata":
            return self._metadata(value)
        if isinstance(value, Mapping):
            return gojson.Struct((key, self._url_field(key, text)) for key, text in value.items())
        return self._cell(name, value) if isinstance(value, str) else value

    def _url_field(self, key: str, value: Any) -> Any:
        """Mask a field of the URL that Go writes as a structure."""
        mark = {"RawQuery": "?", "Fragment": "#", "RawFragment": "#"}.get(key, "")
        return self._gate.value("url", mark + value)[len(mark) :] if isinstance(value, str) and value else value

    def _csv_records(self, data: str) -> str:
        names, *rows = _csv_rows(data)
        return gocsv.write_records([names, *([*map(self._column, names, row)] for row in rows)])

    def _column(self, name: str, text: str) -> str:
        if name == "annotations":
            return self._json_map(text, self._annotations)
        return self._json_map(text, self._metadata) if name == "metadata" else self._cell(name, text)

    def _cell(self, name: str, text: str) -> str:
        if name in _BODY_FIELDS:
            return text if self._given else self._gate.text(text)
        return self._gate.value("url", text) if name == "url" else self._gate.text(text)


def shown_events(
    preview: Preview, settings: FormatSettings, change: Callable[[CloudEvent], CloudEvent] = lambda event: event
) -> Iterator[CloudEvent]:
    """Yield the events of all services as they are shown; `change` is applied before secrets are masked.

    Events with values that are not known yet are left out.
    """
    gates = []
    for item in preview.services:
        gates.append(service_redaction(item, settings.reveal))
        for result, other in with_others(item):
            if result.delivery != other.delivery:
                continue
            view = ExchangeRedaction(result, gates[-1], preview.given)
            yield from (view.event(change(event)) for event in result.delivery.events)
    if any(gate.has_hidden for gate in gates):
        settings.on_hidden()


def _csv_rows(data: str) -> list[list[str]]:
    rows = []
    while data:
        record = gocsv.locate_record(data)
        rows.append([field for _, field in record.fields])
        data = data[record.end :].lstrip("\n")
    return rows
