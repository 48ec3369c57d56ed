"""Events in the JSON format of CloudEvents, as a conforming consumer decodes them."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

from isvclog.kserve.logger.events import CloudEvent
from isvclog.lint.json_text import dumps
from isvclog.preview.model import Preview
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.redaction import shown_events

_JSON_MEDIA = re.compile(r"[^/;]+/(?:[^;]*\+)?json\s*(?:;|\Z)", re.IGNORECASE)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")


def write(preview: Preview, settings: FormatSettings) -> Iterator[str]:
    """Yield one JSON document for each event."""
    for event in shown_events(preview, settings):
        yield dumps(decode_event(event), indent=2) + "\n"


def decode_event(event: CloudEvent) -> dict[str, Any]:
    """Decode the event as a conforming consumer does: percent-decoded (CloudEvents HTTP binding 1.0.2, 3.1.3.2)."""
    attributes: dict[str, Any] = {}
    for name, value in event.headers:
        if name.startswith("Ce-"):
            attributes[name[3:].lower()] = _decoded(value)
        elif name == "Content-Type":
            attributes["datacontenttype"] = value
    ordered: dict[str, Any] = {
        key: attributes.pop(key) for key in ("specversion", "id", "source", "type", "time") if key in attributes
    }
    return {**ordered, **attributes, **_data(event.body, attributes.get("datacontenttype", ""))}


def _data(body: bytes, content_type: str) -> dict[str, Any]:
    if not body:
        return {}
    try:
        text = body.decode()
        if not _JSON_MEDIA.match(content_type):
            return {"data": text}
        return {"data": json.loads(text, parse_constant=_no_constant)}
    except ValueError:
        return {"data_base64": base64.b64encode(body).decode("ascii")}


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _decoded(value: str) -> str:
    """Decode percent-encoding once. KServe's SDK never encoded it: an annotation with `%41` arrives as `A`."""
    raw = _PERCENT.sub(lambda match: bytes([int(match[1], 16)]), value.encode("utf-8", "surrogateescape"))
    return raw.decode("utf-8", "replace")
