"""Events as consumers get them, and the rows that they make of them."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from isvclog.cli.main import main


def printed(capsys: Any, *arguments: str) -> str:
    """Run a command, and return what it prints; it may exit with 1, which says that a logger would not send."""
    code = main(arguments)
    captured = capsys.readouterr()
    assert code in (0, 1), captured.err
    return str(captured.out)


def schema(capsys: Any, file: Path, language: str, *arguments: str) -> Any:
    """Return a schema of the events of a manifest: JSON as data, SQL as text."""
    text = printed(capsys, "events", "schema", "-f", str(file), "-o", language, *arguments)
    return text if language in ("sql", "clickhouse") else json.loads(text)


def previewed(capsys: Any, file: Path, *arguments: str) -> list[dict[str, Any]]:
    """Return the events of a manifest in the JSON format of CloudEvents."""
    text = printed(capsys, "preview", str(file), "-o", "cloudevent", "--reveal", *arguments)
    decoder, events = json.JSONDecoder(), []
    while text := text.lstrip():
        event, end = decoder.raw_decode(text)
        events.append(event)
        text = text[end:]
    return events


def as_columns(event: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns of an event for a table whose other columns follow from them."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in event.items()}


def as_record(event: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the Avro record of an event; fields with a `key` are taken out of annotations and metadata."""
    record: dict[str, Any] = {}
    parsed = {name: json.loads(event.get(name) or "{}") or {} for name in ("annotations", "metadata")}
    for field in fields:
        name, key = field["name"], field.get("key")
        if key is not None:
            record[name] = parsed["annotations" if name.startswith("annotation_") else "metadata"].get(key)
        elif name in ("time", "recordedtime"):
            record[name] = datetime.fromisoformat(event[name])
        elif name == "data":
            record[name] = body(event)
        else:
            record[name] = event.get(name)
    return record


def body(event: Mapping[str, Any]) -> bytes | None:
    """Return the bytes of the payload; JSON is written again."""
    if "data_base64" in event:
        return base64.b64decode(event["data_base64"])
    if "data" not in event:
        return None
    return event["data"].encode() if isinstance(event["data"], str) else json.dumps(event["data"]).encode()
