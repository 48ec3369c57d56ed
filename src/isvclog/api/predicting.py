"""`predict`: what `isvclog preview -o json` says, as typed data."""

import base64
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from isvclog.api.checking import no_service
from isvclog.api.inputs import given_texts
from isvclog.api.results import ComponentPrediction, LoggedEvent, NameStatus, ServicePrediction, StoredRecord
from isvclog.api.settings import Settings, read_sources
from isvclog.errors import UsageError
from isvclog.preview.headers import is_header
from isvclog.preview.inputs import PreviewInputs
from isvclog.preview.model import Preview, PreviewRequest, preview_service

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_request(
    data: Any, response: Any, status: Any, headers: Any, event_id: str | None, time: Any
) -> PreviewRequest:
    """Build the exchange from the parameters of `isvclog.api.predict`. Raises UsageError."""
    from time import time_ns
    from uuid import uuid4

    for name, body in (("data", data), ("response", response)):
        if not isinstance(body, bytes | None):
            raise UsageError(f"{name} must be bytes; encode a string first.")
    if not isinstance(status, int) or not 100 <= status <= 999:
        raise UsageError("status must be a number from 100 to 999.")
    return PreviewRequest(
        body=data,
        answer=response,
        status=status,
        headers=list(_headers(headers)),
        new_id=lambda: event_id or str(uuid4()),
        time_ns=time_ns() if time is None else _nanoseconds(time),
    )


def predict_sources(obj: Any, settings: Settings, request: PreviewRequest) -> list[ServicePrediction]:
    """Predict everything in `obj`. Raises as `isvclog.api.predict`."""
    from isvclog.report.formats import FormatSettings
    from isvclog.report.preview.data import preview_data

    texts = list(given_texts(obj))
    with settings.reading() as (_, known):
        inputs = PreviewInputs()
        read_sources(inputs, [text.source for text in texts])
        if not inputs.services:
            raise no_service(texts)
        installation = inputs.installation(known)
        services = [preview_service(item, installation, request) for item in inputs.services]
        preview = Preview(services, installation.release, given=request.given)
        data = preview_data(preview, FormatSettings(reveal=settings.reveal))
    return [_service(item, data["kserveVersion"]) for item in data["services"]]


def _headers(given: Any) -> Iterator[tuple[str, str]]:
    """Yield the headers. The errors show neither names nor values, which may be secret."""
    for number, pair in enumerate(given.items() if isinstance(given, Mapping) else given, 1):
        try:
            name, value = pair
        except (TypeError, ValueError):
            raise UsageError("headers must be a dict, or pairs of a name and a value.") from None
        if not (isinstance(name, str) and isinstance(value, str) and is_header(name, value)):
            raise UsageError(
                f"headers: number {number} cannot be sent; use letters, digits and hyphens in the name, one line as "
                "the value."
            )
        yield name, value.strip(" \t")


def _nanoseconds(time: Any) -> int:
    if not isinstance(time, datetime) or time.tzinfo is None:
        raise UsageError("time must be a datetime with a time zone, such as datetime.now(UTC).")
    return int((time - _EPOCH) // timedelta(microseconds=1)) * 1000


def _service(data: Mapping[str, Any], version: str) -> ServicePrediction:
    silent = (_without_logger(name) for name in data["componentsWithoutLogger"])
    return ServicePrediction(
        object=data["object"],
        kserve_version=version,
        sends=data["sends"],
        rejected=_rejected(data["rejected"]),
        refused=tuple(data["refusedFields"]),
        components=(*map(_component, data["components"]), *silent),
    )


def _rejected(data: Mapping[str, Any] | None) -> str:
    if data is None:
        return ""
    return f"{data['pointer']}: {data['message'] or data['reason']}"


def _component(data: Mapping[str, Any]) -> ComponentPrediction:
    problem, agent = data["problem"] or {}, data["agent"] or {}
    return ComponentPrediction(
        component=data["component"],
        canary=data["canary"],
        has_logger=True,
        deployment_mode=data["deploymentMode"],
        starts=bool(agent.get("starts")),
        sends=data["sends"],
        blocked_by=data["blockedBy"],
        problem=problem.get("because", ""),
        effect=problem.get("effect", ""),
        remedy=problem.get("remedy", ""),
        notes=tuple(data["notes"]),
        sink=_sink(agent),
        events=tuple(map(_event, data["events"])),
        records=tuple(StoredRecord(**{name: item[name] for name in StoredRecord._fields}) for item in data["uploads"]),
        pending=data["pending"],
        annotations=tuple(map(_status, data["annotations"])),
        headers=tuple(map(_status, data["headers"])),
    )


def _without_logger(name: str) -> ComponentPrediction:
    return ComponentPrediction(
        component=name,
        canary=None,
        has_logger=False,
        deployment_mode="",
        starts=False,
        sends=False,
        blocked_by=None,
        problem="it has no logger",
        effect="nothing is logged",
        remedy="",
        notes=(),
        sink=None,
        events=(),
        records=(),
        pending=0,
        annotations=(),
        headers=(),
    )


def _sink(agent: Mapping[str, Any]) -> str | None:
    """Return the URL that the agent has, or that it was given if it does not start."""
    if settings := agent.get("settings"):
        return str(settings["logUrl"]) or None
    args = agent.get("expandedArgs") or []
    return next((value for flag, value in pairwise(args) if flag == "--log-url"), None) or None


def _status(data: Mapping[str, Any]) -> NameStatus:
    return NameStatus(
        name=data["name"],
        status=data["status"],
        reason=data["reason"] or "",
        message=data["message"],
        value=data["value"],
        caused_by=data["causedBy"] or "",
    )


def _event(data: Mapping[str, Any]) -> LoggedEvent:
    headers = tuple((item["name"], item["value"]) for item in data["headers"])
    attributes = {name[3:].lower(): value for name, value in headers if name.startswith("Ce-")}
    if (content_type := dict(headers).get("Content-Type")) is not None:
        attributes["datacontenttype"] = content_type
    body = data["body"].encode() if "body" in data else base64.b64decode(data["bodyBase64"])
    return LoggedEvent(
        type=data["type"],
        url=data["url"],
        attributes=attributes,
        annotations=json.loads(attributes.get("annotations") or "null") or {},
        metadata=json.loads(attributes.get("metadata") or "null") or {},
        headers=headers,
        data=body,
        wire=base64.b64decode(data["wireBase64"]),
    )
