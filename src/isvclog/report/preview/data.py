"""Everything a preview knows, as plain data for JSON and YAML, without secrets unless they are revealed."""

import base64
import re
from collections.abc import Collection
from enum import Enum
from typing import Any

from isvclog.diagnosis.causes import diagnose
from isvclog.diagnosis.lineage import KeyStatus
from isvclog.diagnosis.notes import notes
from isvclog.diagnosis.undeployed import kserve_message
from isvclog.findings import shorten_text
from isvclog.keypath import pointer
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.decode import Rejected
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.kserve.logger.events import CloudEvent
from isvclog.kserve.logger.records import Upload
from isvclog.kserve.logger.tls import trust_mode
from isvclog.kserve.prediction import Prediction
from isvclog.preview.model import Preview
from isvclog.preview.unknown import with_others
from isvclog.redact.gate import Redaction
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.redaction import ExchangeRedaction, service_redaction
from isvclog.report.preview.unknown import common_data, known_statuses

SCHEMA_VERSION = 1
"""Version of the form. It rises if a reader of the old form could misread the new one; added members do not count."""


def preview_data(preview: Preview, settings: FormatSettings) -> dict[str, Any]:
    """Build `{"schemaVersion": 1, "kserveVersion": ..., "kserveVersionNote": ..., "services": [...]}`."""
    gates = [service_redaction(item, settings.reveal) for item in preview.services]
    services = [
        valid_text(_service(item, gate, preview.given)) for item, gate in zip(preview.services, gates, strict=True)
    ]
    if any(gate.has_hidden for gate in gates):
        settings.on_hidden()
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kserveVersion": preview.release.name,
        "kserveVersionNote": preview.release.caution or None,
        "services": services,
    }


def _service(item: ServicePreview, gate: Redaction, given: Collection[str]) -> dict[str, Any]:
    rejected = item.rejected
    return {
        "file": item.file,
        "object": gate.text(item.label),
        "sends": item.sends,
        "rejected": None if rejected is None else _rejected(rejected, item.rejected_at, gate),
        "refusedFields": [pointer(gate.path(path)) for path in item.refused],
        "misspelledLoggers": {name: gate.text(field) for name, field in item.misspelled.items()},
        "unknown": [pointer(gate.path(path)) for path in item.unknown],
        "components": [
            common_data(*(_component(each, pair, gate, given) for each in pair)) for pair in with_others(item)
        ],
        "componentsWithoutLogger": [component.name for component in item.silent],
        "notes": [shorten_text(gate.text(note)) for note in item.notes],
    }


def _rejected(rejected: Rejected, place: tuple[int, int] | None, gate: Redaction) -> dict[str, Any]:
    line, column = place or (None, None)
    return {
        "pointer": pointer(gate.path(rejected.path)),
        "reason": gate.text(rejected.reason),
        "message": gate.text(rejected.message) or None,
        "line": line,
        "column": column,
    }


def _component(
    result: ExchangeResult, pair: tuple[ExchangeResult, ExchangeResult], gate: Redaction, given: Collection[str]
) -> dict[str, Any]:
    """Describe one of the two results for a component; they are one and the same, unless there are unknown values."""
    prediction, view = result.prediction, ExchangeRedaction(result, gate, given)
    diagnosis = diagnose(result)
    annotations, headers = known_statuses(*pair)
    return {
        "component": prediction.component.name,
        "canary": gate.text(prediction.component.label) if prediction.component.canary else None,
        "deploymentMode": prediction.mode,
        "sends": result.sends if pair[0].ends_like(pair[1]) else None,
        "blockedBy": None if prediction.blocked_by is None else _name(prediction.blocked_by),
        "undeployed": gate.data(_undeployed(prediction)),
        "shortage": _shortage(prediction, view),
        "problem": None
        if diagnosis is None
        else {key: view.message(text) for key, text in diagnosis._asdict().items()},
        "notes": [view.message(note) for note in notes(result)],
        "prunedFields": [gate.text(field) for field in prediction.logger.pruned] if prediction.logger else [],
        "annotations": [_key_status(view.status(entry)) for entry in annotations],
        "headers": [_key_status(view.status(entry, header=True)) for entry in headers],
        "pod": gate.data(_pod(prediction)),
        "agent": gate.data(_agent(prediction, view)),
        "tls": _tls(prediction),
        "events": [_event(view.event(event)) for event in result.delivery.events],
        "uploads": [_upload(view.upload(upload)) for upload in result.delivery.uploads],
        "dropped": [view.message(text) for text in result.delivery.dropped],
        "pending": result.delivery.pending,
        "pendingDropReason": view.message(result.delivery.pending_drop_reason) or None,
    }


def _undeployed(prediction: Prediction) -> dict[str, Any] | None:
    """Describe why no pod comes; `message` is KServe's own, `statusReason` what it writes into the model's status."""
    found = prediction.undeployed
    if found is None:
        return None
    return {
        "obstacle": _name(found.obstacle),
        "message": kserve_message(found) or None,
        "statusReason": found.status or None,
        "component": found.component,
    }


def _shortage(prediction: Prediction, view: ExchangeRedaction) -> dict[str, Any] | None:
    """Describe why the cluster reports that no pod runs; `message` has the words of the cluster."""
    found = prediction.shortage
    if found is None:
        return None
    return {
        "kind": _name(found.kind),
        "refusedBy": None if found.refusal is None else _name(found.refusal),
        "message": view.message(found.message) or None,
        "statusReason": found.reason or None,
        "location": view.message(found.location) or None,
        "exitCode": found.exit_code or None,
    }


def _name(member: Enum) -> str:
    """Convert an enum's member to data: `NO_POD` becomes `no-pod`."""
    return member.name.lower().replace("_", "-")


def _tls(prediction: Prediction) -> dict[str, Any] | None:
    """Describe how an https sink's certificate is verified, with and without the CA ConfigMap; None for other sinks."""
    settings, injection = prediction.settings, prediction.injection
    if settings is None or settings.url.scheme != "https" or choose_sink(settings) != CLOUDEVENTS:
        return None
    bundle = injection.ca_bundle if injection else ""
    return {
        "caConfigMap": bundle or None,
        "trustWithConfigMap": _name(trust_mode(settings, ca_found=True)) if bundle else None,
        "trustWithoutConfigMap": _name(trust_mode(settings, ca_found=False)),
    }


def _key_status(entry: KeyStatus) -> dict[str, Any]:
    return {
        "name": entry.name,
        "status": entry.status.value,
        "reason": entry.reason and entry.reason.value,
        "message": entry.message,
        "causedBy": entry.caused_by or None,
        "value": entry.value,
        "sources": [{"source": source, "value": value} for source, value in entry.sources],
    }


def _pod(prediction: Prediction) -> dict[str, Any] | None:
    pod = prediction.pod
    return None if pod is None else {"annotations": dict(pod.annotations), "labels": dict(pod.labels)}


def _agent(prediction: Prediction, view: ExchangeRedaction) -> dict[str, Any] | None:
    injection, startup = prediction.injection, prediction.startup
    if injection is None or injection.args is None or startup is None:
        return None
    return {
        "args": list(injection.args),
        "expandedArgs": list(prediction.args),
        "starts": startup.runs,
        "exitCode": startup.exit,
        "execError": startup.exec_error,
        "message": view.message(startup.message),
        "settings": startup.settings and _settings(startup.settings),
    }


def _settings(settings: AgentSettings) -> dict[str, Any]:
    return {
        "logUrl": settings.url.string(),
        "mode": settings.mode,
        "source": settings.source.string(),
        "service": settings.service,
        "namespace": settings.namespace,
        "component": settings.component,
        "endpoint": settings.endpoint,
        "annotations": dict(settings.annotations),
        "metadataHeaders": None if settings.metadata_headers is None else list(settings.metadata_headers),
        "certFile": settings.cert_file,
        "tlsSkipVerify": settings.tls_skip_verify,
        "store": settings.store and {"path": settings.store.path, "format": settings.store.format},
        "marshallerUrl": settings.marshaller_url,
        "batchSize": settings.batch_size,
        "batchIntervalSeconds": settings.batch_interval_ns / 1e9,
        "batcher": settings.batcher,
    }


def _event(event: CloudEvent) -> dict[str, Any]:
    return {
        "type": event.type,
        "url": event.url.string(),
        "target": event.target,
        "headers": [{"name": name, "value": value} for name, value in event.headers],
        **_body(event.body),
        "wireBase64": base64.b64encode(event.wire()).decode("ascii"),
    }


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"bodyBase64": base64.b64encode(body).decode("ascii")}


def _upload(upload: Upload) -> dict[str, Any]:
    return dict(upload._asdict())


def valid_text(value: Any) -> Any:
    """Replace bytes that are not UTF-8 and lone surrogates, which JSON and YAML cannot contain."""
    if isinstance(value, str):
        return re.sub("[\ud800-\udfff]", "\ufffd", value)
    if isinstance(value, dict):
        return {valid_text(key): valid_text(member) for key, member in value.items()}
    return [valid_text(item) for item in value] if isinstance(value, list) else value
