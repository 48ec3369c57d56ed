"""An AsyncAPI 3.0 document of a consumer: it receives the events at the URL of the loggers."""

from collections.abc import Iterator
from typing import Any

from isvclog.events.shape import EventShape
from isvclog.kserve.logger.events import REQUEST
from isvclog.lint.json_text import dumps
from isvclog.report.event_schemas.fields import title
from isvclog.report.event_schemas.jsonschema import attribute_schema, body_name, shared_schemas
from isvclog.report.formats import FormatSettings

_SCHEMAS = "#/components/schemas/"


def write(shape: EventShape, settings: FormatSettings) -> Iterator[str]:
    """Yield the document."""
    messages = {_name(kind): _message(shape, kind) for kind in shape.types}
    servers, channels = _places(shape, list(messages))
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": title(shape),
            "version": "1.0.0",
            "description": "What a consumer receives from the agents of KServe: CloudEvents in HTTP binary mode.",
        },
        "defaultContentType": "application/json",
        "servers": servers,
        "channels": channels,
        "operations": {
            f"receiveFrom{name[0].upper()}{name[1:]}": {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{name}"},
                "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
            }
            for name in channels
        },
        "components": {"messages": messages, "schemas": shared_schemas(shape, _SCHEMAS)},
    }
    yield dumps(document, indent=2) + "\n"


def _places(shape: EventShape, messages: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Build a server for each host and a channel for each URL. Without a URL, there is a channel without an address."""
    servers: dict[str, Any] = {}
    channels: dict[str, Any] = {}
    known = {name: {"$ref": f"#/components/messages/{name}"} for name in messages}
    for sink in dict.fromkeys(each.sink for each in shape.sources if each.sink):
        scheme, _, rest = sink.partition("://")
        host, slash, path = rest.partition("/")
        server = {"host": host, "protocol": scheme}
        name = next((name for name, known_server in servers.items() if known_server == server), "")
        if not name:
            name = f"sink{len(servers) + 1}"
            servers[name] = server
        address = slash + path or "/"
        channels[f"events{len(channels) + 1}"] = {
            "address": address.replace("{", "%7B").replace("}", "%7D"),
            "servers": [{"$ref": f"#/servers/{name}"}],
            "messages": known,
        }
    return servers, channels or {"events1": {"address": None, "messages": known}}


def _name(kind: str) -> str:
    return "inferenceRequest" if kind == REQUEST else "inferenceResponse"


def _message(shape: EventShape, kind: str) -> dict[str, Any]:
    named = {
        "Content-Type" if each.name == "datacontenttype" else f"Ce-{each.name.capitalize()}": each
        for each in shape.attributes
    }
    return {
        "name": kind,
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": [name for name, each in named.items() if each.is_required],
            "properties": {
                name: attribute_schema(each, shape._replace(types=(kind,)), _SCHEMAS) for name, each in named.items()
            },
        },
        "payload": {"$ref": f"{_SCHEMAS}{body_name(kind)}"},
    }
