"""The golang package gives the answers that real Go gave: `measured/*.json`, written by `oracles/go`."""

import json as stdlib_json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isvclog.kserve.golang import (
    csv,
    flag,
    http,
    httpclient,
    idna,
    json,
    jsondecode,
    mime,
    paths,
    quantity,
    strconv,
    strings,
    time,
    url,
)
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.flag import Flag
from isvclog.kserve.golang.jsondecode import Field, Pointer, Struct

MEASURED = Path(__file__).parent / "measured"

BASE = ("Base",)
STORE = Struct(
    "main.Store",
    (
        Field("path", Pointer("string"), BASE),
        Field("parameters", Pointer("map[string]string"), BASE),
        Field("labels", "map[string]string", BASE),
        Field("serviceAccountName", "string"),
    ),
)
CONFIG = Struct(
    "main.Config",
    (
        Field("image", "string"),
        Field("tlsSkipVerify", "bool"),
        Field("batchSize", "int"),
        Field("limit", Pointer("int")),
        Field("on", Pointer("bool")),
        Field("names", "[]string"),
        Field("storage", Pointer(STORE)),
        Field("inline", STORE),
    ),
)
FLAGS = (
    Flag("log-url", "string", ""),
    Flag("log-mode", "string", "all"),
    Flag("log-batch-size", "int", 1),
    Flag("log-batch-interval", "duration", 1_000_000_000),
    Flag("tls", "bool", False),
    Flag("headers", "stringSlice", None),
    Flag("names", "stringSlice", ["a", "b"]),
)


def parse_url(text: str) -> dict[str, Any]:
    parsed = url.parse(text)
    return {
        **parsed._asdict(),
        "user": parsed.user and parsed.user._asdict(),
        "string": parsed.string(),
        "escaped_path": parsed.escaped_path(),
        "request_uri": parsed.request_uri(),
        "hostname": parsed.hostname(),
        "port": parsed.port(),
        "json": json.marshal(parsed.json_fields()),
    }


def send(text: str, headers: dict[str, str]) -> dict[str, Any]:
    target = url.parse(text)
    try:
        return httpclient.outgoing(target, headers)._asdict()
    except GoError as error:
        raise GoError(httpclient.client_error("POST", target, error)) from None


def parse_media_type(text: str) -> dict[str, Any]:
    media_type, parameters = mime.parse_media_type(text)
    return {"type": media_type, "parameters": parameters}


def parse_flags(arguments: list[str]) -> dict[str, Any]:
    parsed = flag.parse(flag.by_name(FLAGS), arguments)
    return {"values": parsed.values, "changed": sorted(parsed.changed), "positionals": list(parsed.positionals)}


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "csv.read": csv.read_record,
    "csv.write": csv.write_records,
    "flag.parse": parse_flags,
    "http.canonical_header": http.canonical_header,
    "http.send": send,
    "http.valid_name": http.valid_header_name,
    "http.valid_value": http.valid_header_value,
    "http.written_value": http.written_value,
    "idna.to_ascii": idna.to_ascii,
    "json.marshal": json.marshal,
    "json.unmarshal": lambda text: jsondecode.unmarshal(text, CONFIG),
    "mime.parse_media_type": parse_media_type,
    "paths.clean": paths.clean,
    "paths.join": lambda elements: paths.join(*elements),
    "quantity.check": quantity.check_quantity,
    "strconv.parse_bool": strconv.parse_bool,
    "strconv.parse_int": strconv.parse_int,
    "strconv.quote": strconv.quote,
    "strings.trim_space": strings.trim_space,
    "time.format": time.format_rfc3339_nano,
    "time.parse_duration": time.parse_duration,
    "url.parse": parse_url,
}


def answer(name: str, arguments: list[Any]) -> dict[str, Any]:
    """The answer of the golang package, in the shape of the measured answers."""
    try:
        return {"ok": FUNCTIONS[name](*arguments)}
    except GoError as error:
        return {"error": str(error)}


@pytest.mark.parametrize("path", sorted(MEASURED.glob("*.json")), ids=lambda path: path.stem)
def test_same_answers_as_go(path: Path) -> None:
    cases = stdlib_json.loads(path.read_text("ascii"))
    wrong = [(case, got) for case in cases if (got := answer(path.stem, case["in"])) != case["go"]]
    assert not wrong[:3]


def test_every_function_is_measured() -> None:
    assert {path.stem for path in MEASURED.glob("*.json")} == set(FUNCTIONS)
