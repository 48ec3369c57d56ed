"""Redaction of exchange results for people: show everything, or everything except values that look sensitive."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from isvclog.diagnosis.lineage import KeyStatus, Status
from isvclog.kserve.agent.store import CLOUDEVENTS, sink_strategy
from isvclog.kserve.exchange_result import ExchangeResult
from isvclog.kserve.golang import csv as gocsv
from isvclog.kserve.golang import json as gojson
from isvclog.kserve.golang.http import written_value
from isvclog.kserve.golang.strconv import quote
from isvclog.kserve.golang.url import URL
from isvclog.kserve.logger.events import CloudEvent
from isvclog.kserve.logger.records import Upload
from isvclog.redact import REDACTED, has_sensitive_shape, is_sensitive, is_sensitive_header, mask, masking

_MALFORMED = re.compile(r"(Malformed (?:log-url|source_uri) ).*", re.DOTALL)
_ARGUMENT = re.compile(r'invalid argument ".*" for "', re.DOTALL)
_PAIR = re.compile(r"got key: .*", re.DOTALL)


class Redaction(Protocol):
    """The choice of what people see of an exchange. Each method returns its argument in the form to show."""

    def url(self, url: URL) -> str:
        """Format the URL."""

    def message(self, text: str) -> str:
        """Redact a sentence from the agent or about it."""

    def status(self, entry: KeyStatus, *, header: bool = False) -> KeyStatus:
        """Redact the status of an annotation, or of a header."""

    def event(self, event: CloudEvent) -> CloudEvent:
        """Redact an event."""

    def upload(self, upload: Upload) -> Upload:
        """Redact a stored object."""


class NoRedaction:
    """A redaction that shows everything unchanged."""

    def url(self, url: URL) -> str:
        """Format the URL."""
        return url.string()

    def message(self, text: str) -> str:
        """Return the sentence."""
        return text

    def status(self, entry: KeyStatus, *, header: bool = False) -> KeyStatus:
        """Return the status."""
        return entry

    def event(self, event: CloudEvent) -> CloudEvent:
        """Return the event."""
        return event

    def upload(self, upload: Upload) -> Upload:
        """Return the object."""
        return upload


class SecretRedaction:
    """A redaction that masks values of one exchange that look sensitive.

    Events and objects are predicted with the real values and masked afterwards, so masking does not change the result.
    """

    def __init__(self, result: ExchangeResult) -> None:
        self._prediction = result.prediction
        self._secrets = dict(_secrets(result))

    def url(self, url: URL) -> str:
        """Mask the URL's credentials and secret parameters; of an object storage URL, keep the user (its container)."""
        return masking.mask_url(url.string(), keep_user=sink_strategy(url.string()) != CLOUDEVENTS)

    def message(self, text: str) -> str:
        """Mask URLs, arguments and sensitive values in the sentence; hide all of it if it still looks sensitive."""
        text = self._hide_arguments(text)
        for written, shown in self._urls():
            text = text.replace(written, shown)
        text = self._mask_secrets(masking.mask_message(text))
        # An ellipsis is part of no shape, while `***` before an `@` or behind a `=` is known to be harmless.
        rest = text.replace(f":{REDACTED}@", "").replace(REDACTED, "…")
        return REDACTED if has_sensitive_shape(rest) else text

    def _hide_arguments(self, text: str) -> str:
        """Hide what the agent repeats of its arguments when it cannot parse them."""
        startup = self._prediction.startup
        malformed = _MALFORMED.match(startup.message) if startup else None
        if malformed and text and malformed[0].endswith(text):
            text = malformed[0]
        text = _ARGUMENT.sub(f'invalid argument "{REDACTED}" for "', _MALFORMED.sub(rf"\1{REDACTED}", text))
        return _PAIR.sub(f"got key: {REDACTED}", text) if self._secrets else text

    def _mask_secrets(self, text: str) -> str:
        """Mask the sensitive annotations of the service, the longest first; very short ones could be any word."""
        for secret in sorted(self._secrets.values(), key=len, reverse=True):
            if len(secret) <= 3:
                break
            for written in (secret, repr(secret)[1:-1], quote(secret)[1:-1]):
                text = text.replace(written, mask(secret))
        return text

    def status(self, entry: KeyStatus, *, header: bool = False) -> KeyStatus:
        """Mask the name, value, message and sources of the status where they look sensitive."""
        show = self._header if header else self._annotation
        value = None if entry.value is None else show(entry.name, entry.value)
        hidden = value != entry.value and entry.status is not Status.LOST
        return entry._replace(
            name=self._key(entry.name, entry.value),
            message=self.message(entry.message or ("it looks sensitive and leaves with every event" if hidden else "")),
            value=value,
            sources=tuple((source, show(entry.name, value)) for source, value in entry.sources),
        )

    def event(self, event: CloudEvent) -> CloudEvent:
        """Mask parameters of the target, and values in the headers that look sensitive."""
        headers = tuple((name, self._wire_header(name, value)) for name, value in event.headers)
        return event._replace(target=masking.mask_parameters(event.target), headers=headers)

    def upload(self, upload: Upload) -> Upload:
        """Mask the records, and the marshaller's URL."""
        data = self._json_records(upload.data) if upload.format == "json" else self._csv_records(upload.data)
        return upload._replace(data=data, marshaller=masking.mask_url(upload.marshaller))

    def _key(self, key: str, value: str | None) -> str:
        return mask(key) if self._is_cut_out(key, value) or has_sensitive_shape(key) else masking.mask_pairs(key)

    def _is_cut_out(self, key: str, value: str | None) -> bool:
        """Return True if `key=value` is a fragment of a secret that was split at a comma."""
        return key not in self._secrets and any(f"{key}={value or ''}" in secret for secret in self._secrets.values())

    def _annotation(self, key: str, value: str) -> str:
        hidden = key in self._secrets or self._is_cut_out(key, value)
        if value and (hidden or is_sensitive(key, value)):
            return mask(value)
        return masking.mask_message(masking.mask_pairs(value))

    def _header(self, name: str, value: str) -> str:
        return mask(value) if is_sensitive_header(name) or has_sensitive_shape(value) else value

    def _wire_header(self, name: str, value: str) -> str:
        if name == "Authorization":
            return REDACTED
        if name == "Ce-Annotations":
            return self._json_map(value, self._annotations)
        return self._json_map(value, self._metadata) if name == "Ce-Metadata" else value

    def _json_map(self, text: str, show: Any) -> str:
        members = json.loads(text) if text else None
        shown = show(members)
        return text if shown == members else written_value(gojson.marshal(shown))

    def _annotations(self, members: Mapping[str, str] | None) -> Any:
        return members and {self._key(key, value): self._annotation(key, value) for key, value in members.items()}

    def _metadata(self, members: Mapping[str, list[str]] | None) -> Any:
        return members and {name: [self._header(name, value) for value in values] for name, values in members.items()}

    def _json_records(self, data: str) -> str:
        records = json.loads(data, object_pairs_hook=gojson.Struct)
        shown = [self._record(item) for item in records] if isinstance(records, list) else self._record(records)
        return data if shown == records else gojson.marshal(shown)

    def _record(self, record: Mapping[str, Any]) -> gojson.Struct:
        return gojson.Struct((name, self._field(name.lower(), value)) for name, value in record.items())

    def _field(self, name: str, value: Any) -> Any:
        if name == "url":
            return _url_fields(value)
        if name == "annotations":
            return self._annotations(value)
        return self._metadata(value) if name == "metadata" else value

    def _csv_records(self, data: str) -> str:
        names, *rows = _csv_rows(data)
        return gocsv.write_records([names, *([*map(self._cell, names, row)] for row in rows)])

    def _cell(self, name: str, text: str) -> str:
        if name == "url":
            return masking.mask_url(text, keep_user=True)
        if name == "annotations":
            return self._json_map(text, self._annotations)
        return self._json_map(text, self._metadata) if name == "metadata" else text

    def _urls(self) -> Iterator[tuple[str, str]]:
        """Yield every form that the sink's URL has in messages, with the text to show for it."""
        settings = self._prediction.settings
        if settings is None or not settings.url.string():
            return
        url = settings.url
        for text in (url.string(), url.string().strip(), url._replace(fragment="", raw_fragment="").string()):
            user = "" if url.user is None else f"{url.user.string()}@"
            unnamed = text.replace(user, f"{url.user.username}:***@", 1) if url.user and user else text
            for form in (text, unnamed):
                # Go's %q escapes what it quotes; the quoted form first, because it may contain the other.
                yield quote(form)[1:-1], masking.mask_url(text)
                yield form, masking.mask_url(text)


def redact_message(message: str, result: ExchangeResult) -> str:
    """Mask credentials of the sink's URL, and values that look sensitive, in the message."""
    return SecretRedaction(result).message(message)


def _secrets(result: ExchangeResult) -> Iterator[tuple[str, str]]:
    """Yield the sensitive annotations, with their values, that may be sent to the sink."""
    prediction = result.prediction
    layers = [layer.annotations for layer in prediction.pod.layers] if prediction.pod else []
    for annotations in (prediction.service.annotations, prediction.component.annotations, *layers):
        yield from ((key, value) for key, value in annotations.items() if value and is_sensitive(key, value))


def _url_fields(url: Mapping[str, Any] | None) -> gojson.Struct | None:
    if url is None:
        return None
    fields = gojson.Struct(url)
    fields["Opaque"] = masking.mask_url(url["Opaque"])
    fields["RawQuery"] = masking.mask_parameters("?" + url["RawQuery"])[1:]
    for name in ("Fragment", "RawFragment"):
        fields[name] = masking.mask_parameters("#" + url[name])[1:]
    return fields


def _csv_rows(data: str) -> list[list[str]]:
    rows = []
    while data:
        record = gocsv.locate_record(data)
        rows.append([field for _, field in record.fields])
        data = data[record.end :].lstrip("\n")
    return rows
