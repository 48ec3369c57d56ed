"""Events for programs that speak HTTP: the exact bytes, a curl command, or the CloudEvents JSON format."""

import base64
import json
import re
import shlex
from typing import Any

from isvclog.kserve.logger.events import CloudEvent

_JSON_MEDIA = re.compile(r"[^/;]+/(?:[^;]*\+)?json\s*(?:;|\Z)", re.IGNORECASE)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
# Linux takes no argument of 128 KiB or more.
MAX_ARGUMENT_BODY = 100_000


def http(event: CloudEvent) -> bytes:
    """Return the bytes that are sent, unescaped: for a pipe or a file, not for a terminal."""
    return event.wire()


def curl(event: CloudEvent) -> str:
    """Build a command for bash, zsh or ksh that sends the event to its sink.

    Headers that curl would add are removed, an empty header ends with `;`, and the URL is sent unchanged.
    """
    words = ["curl", "--globoff", "--path-as-is", "--request", "POST"]
    for name, value in event.headers:
        if name in ("Host", "Content-Length"):
            continue
        words += ["--header", f"{name}: {value}" if value else f"{name};"]
    added = ["Accept", *([] if any(name == "Content-Type" for name, _ in event.headers) else ["Content-Type"])]
    for name in (*added, "Expect"):
        words += ["--header", f"{name}:"]
    if b"\0" in event.body or len(event.body) > MAX_ARGUMENT_BODY:
        data = base64.b64encode(event.body).decode("ascii")
        words += ["--data-binary", "@-", "--", _url(event)]
        return f"printf %s {data} | base64 --decode | " + " ".join(map(_quoted, words))
    # Unlike --data, --data-raw gives no meaning to a leading @.
    words += ["--data-raw", event.body.decode("utf-8", "surrogateescape"), "--", _url(event)]
    return " ".join(map(_quoted, words))


def _url(event: CloudEvent) -> str:
    # The credentials travel in the Authorization header already.
    return event.url._replace(user=None, fragment="", raw_fragment="").string()


def _quoted(word: str) -> str:
    """Quote the word for the shell, escaping what is not printable, so that the command can be shown and pasted."""
    if word.replace("\n", "").isprintable():
        return shlex.quote(word)
    escaped = ""
    for char in word:
        if char in "\\'":
            escaped += "\\" + char
        elif char.isprintable():
            escaped += char
        else:
            escaped += "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))
    return f"$'{escaped}'"


def cloudevent_json(event: CloudEvent) -> dict[str, Any]:
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
