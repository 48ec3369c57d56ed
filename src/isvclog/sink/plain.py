"""The items of a sink as plain data, as they are printed in JSON lines and sent to the page."""

import base64
from contextlib import suppress
from typing import Any

from isvclog.kserve.golang.time import format_rfc3339_nano
from isvclog.redact.gate import Redaction
from isvclog.sink.cloudevents.events import SinkEvent
from isvclog.sink.cloudevents.structured import is_json_type
from isvclog.sink.items import Received, RejectedRequest, SinkItem, Unpaired, Unreadable
from isvclog.sink.masking import mask_event, mask_request


def item_data(item: SinkItem, gate: Redaction) -> dict[str, Any]:
    """Convert an item to plain data, masked by the gate."""
    if isinstance(item, Received):
        return _received(item, gate)
    if isinstance(item, Unpaired):
        event = mask_event(item.event, gate)
        return {
            "kind": "unpaired",
            "number": item.number,
            "missing": item.missing,
            "seconds": item.seconds,
            "causes": list(item.causes),
            **_identity(event),
        }
    if isinstance(item, Unreadable):
        received = format_rfc3339_nano(item.received_ns)
        fields = {"number": item.number, "status": item.status, "received": received, "reason": item.reason}
        return {"kind": "unreadable", **fields}
    return _rejected(item, gate)


def _received(item: Received, gate: Redaction) -> dict[str, Any]:
    event = mask_event(item.event, gate)
    return {
        "kind": "event",
        "number": item.number,
        "mode": event.mode,
        "status": item.status,
        "received": format_rfc3339_nano(event.received_ns),
        "half": event.half or None,
        "pairsWith": item.partner,
        "refusal": gate.sentence(item.refusal) or None,
        "differences": [gate.sentence(difference) for difference in item.differences],
        "notes": list(event.notes),
        "annotations": event.annotations,
        "metadata": event.metadata,
        "attributes": {key: value for key, value in event.attributes.items() if key not in ("annotations", "metadata")},
        "bytes": len(item.event.data or b""),
        **_data(event),
    }


def _identity(event: SinkEvent) -> dict[str, Any]:
    names = ("id", "source", "type", "inferenceservicename", "namespace", "component")
    return {"attributes": {name: event.attributes[name] for name in names if name in event.attributes}}


def _data(event: SinkEvent) -> dict[str, Any]:
    if event.data is None:
        return {}
    try:
        text = event.data.decode()
    except UnicodeDecodeError:
        return {"dataBase64": base64.b64encode(event.data).decode("ascii")}
    if is_json_type(event.text("datacontenttype")):
        with suppress(ValueError):
            return {"data": event.json_data()}
    return {"data": text}


def _rejected(item: RejectedRequest, gate: Redaction) -> dict[str, Any]:
    request = mask_request(item.request, gate)
    return {
        "kind": "invalid" if item.section else "oversized",
        "number": item.number,
        "status": item.status,
        "received": format_rfc3339_nano(item.received_ns),
        "reason": gate.sentence(item.reason),
        "section": item.section and item.section.title,
        "sectionUrl": item.section and item.section.url,
        "method": request.method.decode("ascii"),
        "target": request.target.decode("latin-1"),
        "headers": [[name.decode("ascii"), value.decode("utf-8", "replace")] for name, value in request.headers],
        "bytes": len(item.request.body),
    }
