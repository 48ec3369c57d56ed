"""Each schema is used by those whose language it is, on events that `preview` and `simulate` make."""

import gzip
import io
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import fastavro
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cloudevents.core.formats.json import JSONFormat
from collector import Collector
from consumers import as_columns, as_record, body, previewed, printed, schema
from jsonschema import Draft7Validator, Draft202012Validator
from local_sink import LocalSink

from isvclog.cli.main import main

EXAMPLES = [
    Path(__file__).parents[2] / "examples" / name
    for name in ("01-multi-tenant.yaml", "05-transformer.yaml", "06-blob-storage.yaml")
]
ODD_HEADERS = ["X-It's", "X-`tick`", "X-$id|%*#~", "X-Request-Id"]
LONG = f"{'p' * 50}.{'q' * 60}/{'n' * 63}"
ODD_ANNOTATIONS = {
    "order": "by",
    "select": "'; --",
    "a.b": "1",
    "a-b": "2",
    "A.b": "3",
    LONG: "of-a-long-name",
    "data": "\\ % {}",
}
IMPOSSIBLE = ['a"); DROP TABLE kserve_events; --', "`x`", "two\nlines", "", "a'b", "\\", "é", "x-lower"]
ODD = {
    "apiVersion": "serving.kserve.io/v1beta1",
    "kind": "InferenceService",
    "metadata": {"name": "odd", "namespace": "ml", "annotations": ODD_ANNOTATIONS},
    "spec": {
        "predictor": {
            "model": {"modelFormat": {"name": "sklearn"}},
            "logger": {
                "mode": "all",
                "url": "http://user:s3cret-of-mine@sink.ml/{events}/a?token=s3cret-of-mine",
                "metadataAnnotations": [*ODD_ANNOTATIONS, *IMPOSSIBLE[:-1], "not/there"],
                "metadataHeaders": [*ODD_HEADERS, IMPOSSIBLE[-1]],
            },
        }
    },
}
SENT = [argument for name in ODD_HEADERS for argument in ("-H", f"{name}: 1, ''\\`\"")]
RELEASES = ("0.13", "0.14", "0.15.1", "0.16", "0.17", "0.18", "0.21")
PROTOCOLS: Mapping[str, Mapping[str, Any]] = {
    "v1": {"model": {"modelFormat": {"name": "sklearn"}}},
    "v2": {"model": {"modelFormat": {"name": "sklearn"}, "protocolVersion": "v2"}},
    "openai": {"model": {"modelFormat": {"name": "huggingface"}}},
    "grpc": {"model": {"modelFormat": {"name": "triton"}, "protocolVersion": "grpc-v2"}},
    "unknown": {"containers": [{"name": "kserve-container", "image": "own"}]},
}


def service(predictor: Mapping[str, Any]) -> str:
    """Return a manifest whose predictor has something else than the odd one."""
    kept = {"logger": ODD["spec"]["predictor"]["logger"]}  # type: ignore[index]
    return json.dumps(ODD | {"spec": {"predictor": {**kept, **predictor}}})


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    """Write a manifest with names of every kind."""
    file = tmp_path / "odd.json"
    file.write_text(json.dumps(ODD), encoding="utf-8")
    return file


@pytest.fixture(params=[*EXAMPLES, "odd"], ids=lambda item: getattr(item, "stem", item))
def manifest(request: pytest.FixtureRequest, odd: Path) -> Path:
    """Return an example, or the odd manifest."""
    return odd if request.param == "odd" else Path(request.param)


def sent(manifest: Path) -> list[str]:
    """Return arguments for a request that has each header of a manifest."""
    return SENT if manifest.name == "odd.json" else ["-H", "X-Request-Id: 4711"]


def errors(validator: Any, events: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is wrong with events, with `annotations` and `metadata` parsed as their media type says."""
    definitions = validator.schema["$defs"]
    for event in events:
        yield from (error.message for error in validator.iter_errors(event))
        for name in {"annotations", "metadata"} & event.keys():
            inner = validator.evolve(schema={"$defs": definitions, "$ref": f"#/$defs/{name}"})
            yield from (error.message for error in inner.iter_errors(json.loads(event[name])))


def test_json_schema_accepts_previewed_events(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = schema(capsys, manifest, "jsonschema")
    Draft202012Validator.check_schema(found)
    events = previewed(capsys, manifest, *sent(manifest))
    assert events or manifest.stem.startswith("06")
    assert [*errors(Draft202012Validator(found), events)] == []


@pytest.mark.parametrize("release", RELEASES)
def test_the_release_decides_about_attributes(release: str, odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = schema(capsys, odd, "jsonschema", "--kserve-version", release)
    events = previewed(capsys, odd, "--kserve-version", release, *SENT)
    assert len(events) == 2
    assert [*errors(Draft202012Validator(found), events)] == []
    names = set(found["properties"])
    assert ("recordedtime" in names, "annotations" in names, "metadata" in names) == (
        release >= "0.18",
        release >= "0.15.1",
        release >= "0.14",
    )


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"type": "other"}, "'other' is not one of"),
        ({"id": ""}, "non-empty"),
        ({"data": {"predictions": [1]}}, "is not valid under any"),
        ({"metadata": '{"X-Other":["1"]}'}, "'X-Other' was unexpected"),
        ({"metadata": '{"X-Request-Id":"1"}'}, "is not of type 'array'"),
        ({"annotations": '{"example.com/tenant":1}'}, "is not of type 'string'"),
        ({"time": 1}, "is not of type 'string'"),
    ],
    ids=str,
)
def test_json_schema_refuses_other_events(
    change: Mapping[str, Any], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    validator = Draft202012Validator(schema(capsys, EXAMPLES[0], "jsonschema"))
    event = previewed(capsys, EXAMPLES[0])[0]
    assert [*errors(validator, [event])] == []
    assert complaint in " ".join(errors(validator, [event | change]))
    for name in validator.schema["required"]:
        assert [*errors(validator, [{key: value for key, value in event.items() if key != name}])]


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_payload_is_that_of_the_protocol(protocol: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, other = tmp_path / "isvc.json", tmp_path / "other.json"
    file.write_text(service(PROTOCOLS[protocol]), encoding="utf-8")
    other.write_text(service(PROTOCOLS["v2" if protocol == "v1" else "v1"]), encoding="utf-8")
    validator = Draft202012Validator(schema(capsys, file, "jsonschema"))
    assert [*errors(validator, previewed(capsys, file))] == []
    is_open = protocol in ("grpc", "unknown")
    # A V1 server takes `inputs`, the name that V2 has, so only the answers differ.
    assert bool([*errors(validator, previewed(capsys, other, "--event", "response"))]) == (not is_open)
    assert ("$ref" in json.dumps(validator.schema["$defs"]["requestBody"])) == (not is_open)


def test_answers_that_are_streamed_are_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, data = tmp_path / "isvc.json", tmp_path / "body.json"
    file.write_text(service(PROTOCOLS["openai"]), encoding="utf-8")
    data.write_text('{"model":"m","messages":[{"role":"user","content":"a"}],"stream":true}', encoding="utf-8")
    events = previewed(capsys, file, "--data", str(data))
    assert "data_base64" in events[1]
    assert [*errors(Draft202012Validator(schema(capsys, file, "jsonschema")), events)] == []


def test_several_loggers_get_one_schema(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = ["-f", str(EXAMPLES[0]), "-f", str(EXAMPLES[1])]
    found = json.loads(printed(capsys, "events", "schema", "-f", str(odd), *files))
    events = [event for file in (odd, EXAMPLES[0], EXAMPLES[1]) for event in previewed(capsys, file, *sent(file))]
    assert len(events) == 7
    assert [*errors(Draft202012Validator(found), events)] == []
    listed = set(found["$defs"]["annotations"]["properties"])
    assert listed > {*ODD_ANNOTATIONS, "example.com/tenant", "not/there"}
    assert not listed & {*IMPOSSIBLE}


def test_a_logger_that_stores_records_sends_no_events(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["events", "schema", "-f", str(EXAMPLES[2])]) == 1
    assert "predictor: records go to object storage, not to a sink of events." in capsys.readouterr().err
    assert main(["events", "schema", "-f", str(EXAMPLES[0])]) == 0


def test_avro_writes_and_reads_events(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = schema(capsys, manifest, "avro")
    parsed = fastavro.parse_schema(found)
    records = [as_record(event, found["fields"]) for event in previewed(capsys, manifest, *sent(manifest))]
    file = io.BytesIO()
    fastavro.writer(file, parsed, records, strict=True)
    file.seek(0)
    reader = fastavro.reader(file)
    assert [*reader] == records
    kept = {field["key"]: field["name"] for field in reader.writer_schema["fields"] if "key" in field}
    if manifest.name == "odd.json":
        assert {key: records[0][kept[key]] for key in ODD_ANNOTATIONS} == ODD_ANNOTATIONS
        assert all(records[1][kept[name]] == ["1, ''\\`\""] for name in ODD_HEADERS)
        assert records[0][kept["not/there"]] is None


def loaded(connection: Any, statement: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Create the table, insert the events, and return the rows."""
    connection.execute(statement)
    for columns in map(as_columns, events):
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        connection.execute(f"INSERT INTO kserve_events ({names}) VALUES ({marks})", [*columns.values()])
    rows = connection.execute('SELECT * FROM kserve_events ORDER BY "type", "component"')
    return [dict(zip((column[0] for column in rows.description), row, strict=True)) for row in rows.fetchall()]


def check_rows(rows: list[dict[str, Any]], events: list[dict[str, Any]], manifest: Path) -> None:
    """Check that each row has the values of its event."""
    assert len(rows) == len(events)
    for row, event in zip(rows, sorted(events, key=lambda event: (event["type"], event["component"])), strict=True):
        assert row["id"] == event["id"]
        assert json.loads(row["data"]) == event["data"]
        found = {value for name, value in row.items() if name.startswith(("annotation_", "header_"))} - {None}
        carried = {*json.loads(event.get("annotations", "{}")).values()}
        assert found == carried | {values[0] for values in json.loads(event["metadata"]).values()}
        if manifest.name == "odd.json":
            assert (row["annotation_order"], row["annotation_select"]) == ("by", "'; --")
            assert row["annotation_a_b_2e7336dc"] == "1"


def test_sqlite_loads_events(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = previewed(capsys, manifest, *sent(manifest))
    connection = sqlite3.connect(":memory:")
    check_rows(loaded(connection, schema(capsys, manifest, "sql"), events), events, manifest)
    connection.close()


HEAVY = "has some 70 MB, so it is in the dependency group `consumers`"


def test_duckdb_loads_events(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    duckdb = pytest.importorskip("duckdb", reason=f"duckdb {HEAVY}")
    events = previewed(capsys, manifest, *sent(manifest))
    check_rows(loaded(duckdb.connect(), schema(capsys, manifest, "sql"), events), events, manifest)


def test_clickhouse_loads_events(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    session = pytest.importorskip("chdb.session", reason=f"chdb, ClickHouse as a library, {HEAVY.replace('70', '800')}")
    events = previewed(capsys, manifest, *sent(manifest))
    database = session.Session()
    try:
        database.query("DROP TABLE IF EXISTS kserve_events")
        statement = schema(capsys, manifest, "clickhouse")
        database.query(statement.rstrip("; \n"))
        if events:
            database.query("\n".join([INSERTED.search(statement)[1], *map(json.dumps, events)]))  # type: ignore[index]
        derived = re.findall(r"^  (`(?:annotation|header)_\w+`)", statement, re.M)
        columns = ", ".join(["`id`", "`data`", "`type`", *derived])
        text = database.query(f"SELECT {columns} FROM kserve_events ORDER BY type, component", "JSONEachRow").bytes()
    finally:
        database.close()
    rows = [
        {name: value[0] if isinstance(value, list) and value else value or None for name, value in row.items()}
        for row in map(json.loads, text.decode().splitlines())
    ]
    check_rows(rows, events, manifest)


INSERTED = re.compile(r"^-- (INSERT .*)$", re.M)
IDENTIFIER = re.compile("[A-Za-z_][A-Za-z0-9_]{0,299}")


def test_bigquery_gets_the_fields_that_it_documents(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fields = schema(capsys, manifest, "bigquery")
    names = [field["name"].lower() for field in fields]
    assert len(set(names)) == len(names)
    for field in fields:
        assert field.keys() == {"name", "type", "mode", "description"}
        assert IDENTIFIER.fullmatch(field["name"])
        assert not field["name"].upper().startswith(("_TABLE_", "_FILE_", "_PARTITION", "_ROW_TIMESTAMP", "__ROOT__"))
        assert field["type"] in {"STRING", "TIMESTAMP", "JSON", "BYTES"}
        assert field["mode"] in {"REQUIRED", "NULLABLE", "REPEATED"}
        assert 0 < len(field["description"]) <= 1024
    columns = {name for event in previewed(capsys, manifest, *sent(manifest)) for name in event}
    assert columns <= set(names)
    avro = schema(capsys, manifest, "avro")["fields"]
    assert {field["name"] for field in avro} == set(names) - {"data_base64"}


def test_asyncapi_is_valid(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = Path(__file__).with_name("asyncapi-3.0.0.json.gz").read_bytes()
    official = Draft7Validator(json.loads(gzip.decompress(packed)))
    document = schema(capsys, manifest, "asyncapi")
    assert [error.message for error in official.iter_errors(document)] == []
    for place in references(document):
        target = document
        for step in place.removeprefix("#/").split("/"):
            target = target[step]
    broken = document | {"operations": {"receive": {"action": "recieve", "channel": {}}}}
    assert [*official.iter_errors(broken)]
    for event in previewed(capsys, manifest, *sent(manifest)):
        message = document["components"]["messages"][
            "inferenceRequest" if event["type"].endswith(".request") else "inferenceResponse"
        ]
        headers = {f"Ce-{name.capitalize()}": value for name, value in event.items() if isinstance(value, str)}
        for part, value in ((message["headers"], headers), (message["payload"], event["data"])):
            assert [*Draft7Validator(part | {"components": document["components"]}).iter_errors(value)] == []


def references(value: Any) -> Iterator[str]:
    """Yield where the references in a document lead."""
    if isinstance(value, dict):
        if isinstance(found := value.get("$ref"), str):
            yield found
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for member in value:
            yield from references(member)


def test_asyncapi_names_the_sinks_without_what_is_secret(odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = schema(capsys, odd, "asyncapi")
    assert document["servers"] == {"sink1": {"host": "sink.ml", "protocol": "http"}}
    assert document["channels"]["events1"]["address"] == "/%7Bevents%7D/a"


def test_cloudevents_catalog_describes_both_types(manifest: Path, capsys: pytest.CaptureFixture[str]) -> None:
    group = schema(capsys, manifest, "cloudevents")["messagegroups"]["kserve"]
    for event in previewed(capsys, manifest, *sent(manifest)):
        message = group["messages"][event["type"]]
        assert message["messageid"] == event["type"]
        declared = message["envelopemetadata"]
        assert event.keys() - {"data", "data_base64"} <= declared.keys()
        assert {name for name, each in declared.items() if each["required"]} <= event.keys()
        assert all(event[name] == each["value"] for name, each in declared.items() if "value" in each)
        Draft7Validator.check_schema(message["dataschema"])
        assert [*Draft7Validator(message["dataschema"]).iter_errors(event["data"])] == []
        assert [*Draft7Validator(message["dataschema"]).iter_errors({"other": 1})]


def test_events_of_a_simulation(odd: Path, capsys: pytest.CaptureFixture[str], environment: dict[str, str]) -> None:
    with (
        Collector() as sink,
        LocalSink(odd.parent, environment, "-f", odd.name, "--sink", sink.url, command="simulate") as simulated,
    ):
        headers = {"Content-Type": "application/json", **dict.fromkeys(ODD_HEADERS, "1")}
        simulated.post(headers, b'{"instances":[[1]]}', path="/v1/models/odd:predict")
        received = sink.wait(2)
    events = [json.loads(JSONFormat().write(decoded(each))) for each in received]
    assert [*errors(Draft202012Validator(schema(capsys, odd, "jsonschema")), events)] == []
    found = schema(capsys, odd, "avro")
    records = [as_record(event, found["fields"]) for event in events]
    file = io.BytesIO()
    fastavro.writer(file, fastavro.parse_schema(found), records, strict=True)
    assert {body(event) for event in events} == {record["data"] for record in records}
    connection = sqlite3.connect(":memory:")
    check_rows(loaded(connection, schema(capsys, odd, "sql"), events), events, odd)
    connection.close()


def decoded(event: bytes) -> Any:
    """Read an event with the official SDK."""
    head, _, data = event.partition(b"\r\n\r\n")
    lines = [line.partition(": ") for line in head.decode("latin-1").split("\r\n")[1:]]
    headers = {name.lower(): value for name, _, value in lines if name.lower().startswith(("ce-", "content-type"))}
    return from_http_event(HTTPMessage(headers, data))


@pytest.mark.parametrize("language", ["jsonschema", "avro", "sql", "clickhouse", "bigquery", "asyncapi", "cloudevents"])
def test_nothing_secret_and_no_value_is_printed(
    language: str, odd: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = dict(ODD_ANNOTATIONS) | {"example.com/api-key": "s3cret-of-mine-too"}
    changed = json.loads(json.dumps(ODD))
    changed["metadata"]["annotations"] = listed
    changed["spec"]["predictor"]["logger"]["metadataAnnotations"] += ["example.com/api-key", "ghp_" + "a1B2" * 9]
    odd.write_text(json.dumps(changed), encoding="utf-8")
    assert main(["events", "schema", "-f", str(odd), "-o", language]) == 0
    captured = capsys.readouterr()
    text = captured.out + captured.err
    assert "s3cret" not in text
    assert "a1B2a1B2" not in text
    assert "of-a-long-name" not in text
    assert "DROP TABLE kserve_events" not in captured.out
    assert "\n--" not in captured.out or language in ("sql", "clickhouse")
    assert "left out, because no pod or request can have them" in captured.err


def test_a_placeholder_is_no_sink_and_no_mode(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logger = {**ODD["spec"]["predictor"]["logger"], "url": "http://${HOST}/x", "mode": "${MODE}"}
    spec = {"predictor": {**ODD["spec"]["predictor"], "logger": logger}}
    file = tmp_path / "half.json"
    file.write_text(json.dumps({**ODD, "spec": spec}), encoding="utf-8")
    assert main(["events", "schema", "-f", str(file), "-o", "asyncapi"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["servers"] == {}
    assert set(document["components"]["messages"]) == {"inferenceRequest", "inferenceResponse"}
    assert main(["events", "estimate", "-f", str(file), "--rps", "1"]) == 1
    assert "to a sink that is not known before the template is rendered" in " ".join(capsys.readouterr().out.split())
    assert main(["events", "estimate", "-f", str(file), "--rps", "1", "-o", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["loggers"][0]["url"] is None
