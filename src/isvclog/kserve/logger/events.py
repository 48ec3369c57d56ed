"""Log requests of one exchange, and the CloudEvent in HTTP binary mode that each becomes if it can be sent.

Source: pkg/logger/handler.go, pkg/logger/worker.go, cloudevents/sdk-go v2.16.2 and net/http, measured byte for byte.
"""

from collections.abc import Collection, Mapping

from isvclog.kserve.agent.http_exchange import Request, Response, logged_response, receive
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang import json as gojson
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.http import written_value
from isvclog.kserve.golang.httpserver import ServerRequest
from isvclog.kserve.golang.mime import MimeError, parse_media_type
from isvclog.kserve.golang.strings import to_bytes, trim_space
from isvclog.kserve.golang.textproto import Header
from isvclog.kserve.golang.time import format_rfc3339_nano
from isvclog.kserve.golang.url import URL
from isvclog.kserve.logger.messages import invalid_event, invalid_media_type
from isvclog.kserve.logger.sender import Undeliverable, dial, sink_target
from isvclog.records import NamedTuple

REQUEST, RESPONSE = "org.kubeflow.serving.inference.request", "org.kubeflow.serving.inference.response"


class LogRequest(NamedTuple):
    """One request or response to log, before it becomes an event or a record. Times are Unix nanoseconds."""

    settings: AgentSettings
    type: str
    id: str
    content_type: str
    metadata: Mapping[str, tuple[str, ...]] | None
    body: bytes
    occurred_ns: int
    status: int | None = None
    """The status of a response, if `logAllResponses` is set."""


class CloudEvent(NamedTuple):
    """A CloudEvent on the wire: `POST target`, the headers in wire order (Host first) and the body."""

    type: str
    url: URL
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def wire(self) -> bytes:
        """Encode the event as the exact bytes of its HTTP/1.1 request."""
        return self.head() + self.body

    def head(self) -> bytes:
        """Encode what comes before the body."""
        lines = [f"POST {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers)]
        return to_bytes("\r\n".join([*lines, "", ""]))


def log_exchange(
    settings: AgentSettings, request: Request, response: Response | None, *, new_id: str, occurred_ns: tuple[int, int]
) -> list[LogRequest]:
    """Build the log requests of one exchange, the request first.

    The list is empty if the request does not reach the logger. `new_id` is used if the client sends no Ce-Id;
    `occurred_ns` are the times of the request and of the response.
    """
    received = receive(request)
    if received is None or (request.http2 and not settings.release.has("grpc-logging")):
        return []
    as_request = log_request(settings, received, new_id=new_id, occurred_ns=occurred_ns[0])
    logged = [as_request] if settings.mode != "response" else []
    body = None
    if settings.mode != "request" and response is not None:
        batched = settings.batcher and settings.release.has("batcher-drops-responses")
        body = logged_response(received, response, batched, any_status=settings.log_all_responses)
    if response is not None and body is not None:
        content_type = next((value for name, value in response.headers if name.lower() == "content-type"), "")
        as_response = log_response(as_request, content_type, body, occurred_ns=occurred_ns[1])
        logged.append(as_response._replace(status=response.status if settings.log_all_responses else None))
    return logged


def log_request(settings: AgentSettings, received: ServerRequest, *, new_id: str, occurred_ns: int) -> LogRequest:
    """Build the log request of a request that a handler got; `new_id` is used if there is no Ce-Id."""
    return LogRequest(
        settings,
        REQUEST,
        id=received.get("Ce-Id") or new_id,
        content_type=received.get("Content-Type"),
        metadata=_listed_headers(received.header, settings.metadata_headers or ()),
        body=received.body,
        occurred_ns=occurred_ns,
    )


def log_response(as_request: LogRequest, content_type: str, body: bytes, *, occurred_ns: int) -> LogRequest:
    """Build the log request of a response that is logged from that of its request.

    `content_type` is the response's own, which agents before 0.14 logged.
    """
    settings, release = as_request.settings, as_request.settings.release
    if release.has("request-content-type-on-response"):
        content_type = as_request.content_type
    metadata = as_request.metadata if release.has("response-metadata") else None
    return LogRequest(settings, RESPONSE, as_request.id, content_type, metadata, body, occurred_ns)


def _listed_headers(header: Header, listed: Collection[str]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in header.items() if name in listed} if listed else {}


def build_event(logged: LogRequest, *, recorded_ns: int) -> CloudEvent:
    """Build the event for the sink; raise Undeliverable if the SDK or net/http refuses to send it."""
    url = sink_target(logged.settings.url)
    headers = {f"Ce-{name.capitalize()}": value for name, value in _attributes(logged, recorded_ns).items()}
    if content_type := _content_type(logged.content_type, logged.settings.release):
        headers["Content-Type"] = content_type
    sending = dial(url, headers, logged.settings.release)
    if sending.authorization is not None:
        headers["Authorization"] = sending.authorization
    wire = [("Host", sending.host), ("User-Agent", "Go-http-client/1.1"), ("Content-Length", str(len(logged.body)))]
    wire += [(name, written_value(headers[name])) for name in sorted(headers)]
    wire.append(("Accept-Encoding", "gzip"))
    return CloudEvent(logged.type, url, sending.target, tuple(wire), logged.body)


def _content_type(text: str, release: Release) -> str:
    """Trim Unicode white space as the SDK does, and check the type; raise Undeliverable if it is malformed.

    A type that consists of no-break spaces becomes empty.
    """
    text = trim_space(text)
    try:
        if text:
            parse_media_type(text)
    except MimeError as error:
        raise Undeliverable(invalid_media_type(str(error), release)) from None
    return text


def _source(url: URL) -> str:
    """Parse the source once more, as the SDK does, and write it again.

    Raises Undeliverable if nothing is left of it: `#` leaves nothing.
    """
    try:
        source = gourl.parse(url.string()).string()
    except gourl.UrlError:
        source = ""
    if not trim_space(source):
        raise Undeliverable(invalid_event("source: REQUIRED"))
    return source


def _attributes(logged: LogRequest, recorded_ns: int) -> dict[str, str]:
    settings, release = logged.settings, logged.settings.release
    event_id = trim_space(logged.id)
    if not event_id:
        raise Undeliverable(invalid_event("id: MUST be a non-empty string"))
    attributes = {
        "id": event_id,
        "source": _source(settings.source),
        "specversion": "1.0",
        "type": logged.type,
        # Before 0.18 the SDK stamped the event when it was sent.
        "time": format_rfc3339_nano(logged.occurred_ns if release.has("recordedtime") else recorded_ns),
        "inferenceservicename": settings.service,
        "namespace": settings.namespace,
        "component": settings.component,
        "endpoint": settings.endpoint,
    }
    if release.has("recordedtime"):
        attributes["recordedtime"] = format_rfc3339_nano(recorded_ns)
    if release.has("metadataHeaders"):
        attributes["metadata"] = gojson.marshal(_lists(logged.metadata))
    if settings.annotations:
        attributes["annotations"] = gojson.marshal(dict(settings.annotations))
    if logged.status is not None:
        attributes["statuscode"] = str(logged.status)
    return attributes


def annotations_header(annotations: Mapping[str, str]) -> str:
    """Format the header line of an event that contains the annotations, including the line end."""
    return f"Ce-Annotations: {gojson.marshal(dict(annotations))}\r\n"


def _lists(metadata: Mapping[str, tuple[str, ...]] | None) -> dict[str, list[str]] | None:
    return None if metadata is None else {name: list(values) for name, values in metadata.items()}
