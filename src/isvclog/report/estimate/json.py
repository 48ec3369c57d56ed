"""The amount of events as one JSON document. `schemas/events-estimate.schema.json` describes it."""

from collections.abc import Iterator
from typing import Any

from isvclog.events.estimate import SECONDS_A_DAY, Estimate, LoggerEstimate, Overload, SinkLoad, StoredObjects
from isvclog.events.sizes import EventSize
from isvclog.lint.json_text import dumps
from isvclog.redact.gate import Redaction
from isvclog.report.estimate.names import shown_names, shown_place
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.redaction import ExchangeRedaction, service_redaction

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""

_EFFECTS = {
    Overload.MEMORY: "Memory",
    Overload.DROPS: "Drops",
    Overload.BLOCKS: "Blocks",
    Overload.UNKNOWN: "Unknown",
}


def write(estimate: Estimate, settings: FormatSettings) -> Iterator[str]:
    """Yield the document, in ASCII."""
    traffic = estimate.traffic
    loggers = [_logger(each, settings) for each in estimate.loggers]
    rates = [logger["bytesPerSecond"] for logger in loggers]
    data = {
        "schemaVersion": SCHEMA_VERSION,
        "kserveVersion": estimate.release.name,
        "kserveVersionNote": estimate.release.caution or None,
        "traffic": {
            "requestsPerSecond": traffic.rps,
            "payloadBytes": traffic.request,
            "responseBytes": traffic.response,
            "sinkLatencySeconds": None if traffic.latency_ns is None else traffic.latency_ns / 1e9,
            "pods": traffic.pods,
        },
        "loggers": loggers,
        "total": {
            "eventsPerSecond": sum(logger["eventsPerSecond"] for logger in loggers),
            "bytesPerSecond": sum(rates),
            "bytesPerDay": sum(rates) * SECONDS_A_DAY,
            "objectsPerDay": sum(logger["objects"]["perDay"] for logger in loggers if logger["objects"]),
        },
        "keepsUp": estimate.keeps_up,
    }
    yield dumps(data, indent=2) + "\n"


def _logger(estimate: LoggerEstimate, settings: FormatSettings) -> dict[str, Any]:
    gate = service_redaction(estimate.service, settings.reveal)
    component = estimate.result.prediction.component
    data = {
        "file": estimate.service.file,
        "object": gate.text(estimate.service.label),
        "component": component.name,
        "canary": gate.text(component.label) if component.canary else None,
        "url": shown_place(estimate, gate) or None,
        "because": ExchangeRedaction(estimate.result, gate).message(estimate.because) or None,
        "eventsPerRequest": len(estimate.sizes),
        "eventsPerSecond": estimate.rate,
        "bytesPerSecond": estimate.bytes_rate,
        "bytesPerDay": estimate.bytes_rate * SECONDS_A_DAY,
        "events": [_size(estimate, size, gate) for size in estimate.sizes],
        "objects": estimate.objects and _objects(estimate.objects),
        "agent": estimate.sink_load and _agent(estimate.sink_load),
    }
    if gate.has_hidden:
        settings.on_hidden()
    return data


def _size(estimate: LoggerEstimate, size: EventSize, gate: Redaction) -> dict[str, Any]:
    return {
        "type": size.type,
        "payloadBytes": size.payload,
        "overheadBytes": size.overhead,
        "totalBytes": size.total,
        "overheadShare": size.overhead / size.total,
        "names": [
            {"name": each.name, "kind": each.kind, "bytes": each.size, "isAssumed": each.is_assumed}
            for each in shown_names(estimate, size, gate)
        ],
    }


def _objects(objects: StoredObjects) -> dict[str, Any]:
    return {
        "format": objects.format,
        "perSecond": objects.rate,
        "perDay": objects.rate * SECONDS_A_DAY,
        "records": objects.records,
        "bytes": objects.size,
    }


def _agent(load: SinkLoad) -> dict[str, Any]:
    longest = load.longest_ns
    overload = None
    if load.overload is not None:
        overload = {
            "effect": _EFFECTS[load.overload],
            "message": f"{load.overload.value}.",
            "bytesPerSecond": load.growth,
            "secondsUntilFull": load.seconds,
            "lostPerSecond": load.lost,
        }
    return {
        "senders": load.senders,
        "memoryLimitBytes": load.memory,
        "utilization": load.busy,
        "longestLatencySeconds": None if longest is None else longest / 1e9,
        "mostRequestsPerSecond": load.most_requests,
        "overload": overload,
    }
