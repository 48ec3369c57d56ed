"""Object storage as a folder: the objects that KServe's own agent stores, and what is lost on the way."""

import asyncio
import base64
import gzip
import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from deliveries import Result, ask, run_events, running, settings_of
from exchanges import fields
from sidecars import CLOSED, RawServer, answer_bytes, head

from isvclog.errors import IsvclogError
from isvclog.kserve.agent.store import Store, sink_strategy, written_format
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.logger.encoder import EventEncoder
from isvclog.kserve.logger.events import LogRequest
from isvclog.sidecar.counters import Counters
from isvclog.sidecar.limits import Limits
from isvclog.sidecar.server import Plan, SidecarServer
from isvclog.sidecar.storage.queue import BlobQueue

CONFORMANCE = Path(__file__).parents[1] / "conformance"
EXCHANGES = [case for case in json.loads((CONFORMANCE / "events.json").read_text("ascii")) if case.get("uploads")]
RECORDS = json.loads((CONFORMANCE / "records.json").read_text("ascii"))
# The agent stamps records in its own time zone, which is that of its clock: UTC in the pod and here.
RECORDS = [case for case in RECORDS if case["requests"] and case["name"] != "time-with-zone-offset-kept"]
BLOB = ("--log-url", "s3://bkt/p", "--log-store-path", "logs", "--log-mode=request", "--inference-service=iris")
SENT, FAILED, REJECTED, UNDELIVERABLE = (("request", name) for name in ("sent", "failed", "rejected", "undeliverable"))
LOST = "{} records are lost: when it stops, the agent does not store an incomplete batch"


def objects(folder: Path) -> dict[str, str]:
    """Return the objects in a folder by bucket and key."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            names = path.relative_to(folder).parts
            found["/".join(unquote_to_bytes(name).decode() for name in names)] = path.read_bytes().decode()
    return found


@pytest.mark.parametrize("case", EXCHANGES, ids=[case["name"] for case in EXCHANGES])
def test_measured_exchanges(case: dict[str, Any], tmp_path: Path) -> None:
    request = case["request"]
    wire = head(f"{request['method']} {request['path']} HTTP/1.1", fields(request["headers"]))

    async def exchange() -> None:
        async with RawServer(answer_bytes(case["response"])) as model:
            plan = Plan(settings_of(*case["args"]), model.address, blob_dir=str(tmp_path))
            async with running(plan) as sidecar:
                await ask(sidecar.address, wire + base64.b64decode(request["body_b64"]))
                assert await sidecar.server.drain(5) == 0
                assert not sidecar.reports

    asyncio.run(exchange())
    assert {
        name: re.sub(r'"occurrenceTime":"[^"]*"', '"occurrenceTime":"<TIME>"', data)
        for name, data in objects(tmp_path).items()
    } == {f"{item['bucket']}/{item['key']}": item["data"] for item in case["uploads"]}


@pytest.mark.parametrize("case", RECORDS, ids=[case["name"] for case in RECORDS])
def test_measured_records(case: dict[str, Any], tmp_path: Path) -> None:
    logged = [log_request(case, item) for item in case["requests"]]

    async def store() -> tuple[list[str], Counters]:
        reports: list[str] = []
        counters = Counters()
        queue = BlobQueue(str(tmp_path), Limits(), counters, reports.append)
        for item in logged:
            queue.put(EventEncoder(item.settings), item)
        assert await queue.drain(5) == 0
        return reports, counters

    reports, counters = asyncio.run(store())
    assert sum(counters.events.values()) == len(logged)
    if case["stored"]:
        assert objects(tmp_path) == {f"{case['bucket']}/{case['key']}": case["data"]}
        assert not reports
    else:
        assert reports == [f"Failed to store batch: {case['error']}"]


def log_request(case: dict[str, Any], item: dict[str, Any]) -> LogRequest:
    settings = settings_of(*BLOB)._replace(
        url=gourl.parse(case["log_url"]),
        source=gourl.parse(case["source_uri"]),
        service=item["inference_service"],
        namespace=item["namespace"],
        component=item["component"],
        endpoint=item["endpoint"],
        annotations=item["annotations"],
        cert_file=item["cert_name"],
        tls_skip_verify=item["tls_skip_verify"],
        store=Store(sink_strategy(case["log_url"]), case["store_path"], written_format(case["format"])),
        batch_size=len(case["requests"]),
    )
    whole, _, fraction = item["occurrence_time"].rstrip("Z").partition(".")
    seconds = int(datetime.fromisoformat(f"{whole}+00:00").timestamp())
    occurred = seconds * 1_000_000_000 + int(fraction.ljust(9, "0") if fraction else 0)
    body = base64.b64decode(item["body_b64"])
    return LogRequest(settings, item["type"], item["id"], item["content_type"], item["metadata"], body, occurred)


def store(folder: Path | None, *args: str, count: int = 1, **options: Any) -> Result:
    blob_dir = None if folder is None else str(folder)
    return asyncio.run(run_events(*BLOB, *args, count=count, blob_dir=blob_dir, **options))


def test_an_incomplete_batch_is_lost(tmp_path: Path) -> None:
    result = store(tmp_path, "--log-batch-size=3", count=5)
    assert result == Result({SENT: 3}, [LOST.format(2)], 2)
    assert [len(json.loads(data)) for data in objects(tmp_path).values()] == [3]


def test_a_timer_that_ends_in_time_saves_the_batch(tmp_path: Path) -> None:
    assert store(tmp_path, "--log-batch-size=3", "--log-batch-interval=80ms", count=2) == Result({SENT: 2}, [], 0)
    assert store(tmp_path, "--log-batch-size=3", "--log-batch-interval=1h", count=2).lost == 2


def test_the_timer_runs_on_when_nothing_waits(tmp_path: Path) -> None:
    """It begins at the start: a record waits for what is left of an interval, not for a whole one."""

    async def wait() -> float:
        queue = BlobQueue(str(tmp_path), Limits(), Counters(), [].append)
        queue._flushed -= 3599.95
        settings = settings_of(*BLOB, "--log-batch-size=3", "--log-batch-interval=1h")
        queue.put(EventEncoder(settings), LogRequest(settings, "a.request", "1", "", None, b"", 0))
        assert await queue.drain(5) == 0
        return 0

    asyncio.run(wait())
    assert len(objects(tmp_path)) == 1


def test_parquet_is_stored_as_rows(tmp_path: Path) -> None:
    store(tmp_path, "--log-store-format=parquet")
    ((name, data),) = objects(tmp_path).items()
    assert name.endswith("-request.parquet.csv")
    assert data.startswith("url,bytes,contentType,")
    settings = settings_of(*BLOB, "--log-store-format=parquet")
    notes = SidecarServer(Plan(settings, CLOSED, blob_dir=str(tmp_path)), [].append).notes
    assert notes[1].startswith("Parquet is not written")


def test_no_store(tmp_path: Path) -> None:
    result = asyncio.run(run_events("--log-url", "s3://bkt", "--log-mode=request", blob_dir=str(tmp_path / "new")))
    assert result == Result({UNDELIVERABLE: 1}, ["Logger store not configured, cannot store batch"], 0)
    assert not list(tmp_path.iterdir())


def test_a_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    server = SidecarServer(Plan(settings_of(*BLOB), CLOSED), [].append)
    (folder,) = tmp_path.iterdir()
    assert server.notes == [
        f"Objects are stored below {folder}, a temporary folder; choose a lasting one with --blob-dir."
    ]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IsvclogError, match="choose another one with --blob-dir"):
        SidecarServer(Plan(settings_of(*BLOB), CLOSED, blob_dir=str(tmp_path / "file/x")), [].append)


def test_an_object_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "bkt").touch()
    result = store(tmp_path)
    assert result.counts == {FAILED: 1}
    assert result.reports[0].startswith("Failed to store batch: cannot write the object p/iris/logs/")


def marshalled(
    folder: Path, answer: bytes | Callable[[bytes], bytes], *args: str, count: int = 1, **options: Any
) -> tuple[Result, list[bytes]]:
    """Store records with a marshaller that gives this answer."""

    async def run() -> tuple[Result, list[bytes]]:
        async with RawServer(answer) as marshaller:
            url = f"http://{marshaller.address}/marshal"
            arguments = (*BLOB, "--log-marshaller-url", url, *args)
            return await run_events(*arguments, count=count, blob_dir=str(folder), **options), marshaller.requests

    return asyncio.run(run())


def test_marshaller(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nX-Log-Marshal-Extension: avro\r\nContent-Length: 4\r\n\r\nAVRO"
    result, requests = marshalled(tmp_path, answer, "--log-batch-size=2", "--log-store-format=csv", count=2)
    assert result.counts == {SENT: 2}
    ((name, data),) = objects(tmp_path).items()
    assert name.endswith("-request.avro")
    assert data == "AVRO"
    first, _, body = requests[0].partition(b"\r\n\r\n")
    assert re.sub(rb"\d+", b"N", first) == (
        b"POST /marshal HTTP/N.N\r\nHost: N.N.N.N:N\r\nUser-Agent: Go-http-client/N.N\r\nContent-Length: N\r\n"
        b"Content-Type: application/json\r\nAccept-Encoding: gzip"
    )
    assert [record["inferenceService"] for record in json.loads(body)] == ["iris", "iris"]


PACKED = gzip.compress(b"[]", mtime=0)


@pytest.mark.parametrize(
    ("answer", "data"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED), PACKED), "[]"),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n",
            "[]",
        ),
        (b"HTTP/1.1 204 No Content\r\n\r\n", ""),
    ],
)
def test_answers_of_the_marshaller(answer: bytes, data: str, tmp_path: Path) -> None:
    assert marshalled(tmp_path, answer)[0].counts == {SENT: 1}
    ((name, stored),) = objects(tmp_path).items()
    assert name.endswith("-request.json")
    assert stored == data


def test_a_marshaller_that_refuses(tmp_path: Path) -> None:
    result, _ = marshalled(tmp_path, b"HTTP/1.1 422 No\r\nContent-Length: 3\r\n\r\nbad")
    assert result == Result({REJECTED: 1}, ["Failed to store batch: HTTP request failed with status 422: bad"], 0)


def test_a_marshaller_that_moved(tmp_path: Path) -> None:
    def answer(request: bytes) -> bytes:
        if request.startswith(b"POST /marshal "):
            return b"HTTP/1.1 308 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
        return b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    result, requests = marshalled(tmp_path, answer)
    assert result.counts == {SENT: 1}
    assert requests[1].startswith(b"POST /elsewhere ")
    assert requests[1].partition(b"\r\n\r\n")[2] == requests[0].partition(b"\r\n\r\n")[2]


def test_a_marshaller_that_is_not_there(tmp_path: Path) -> None:
    result = store(tmp_path, "--log-marshaller-url", f"http://{CLOSED}/marshal?token=s3cr3t-t0ken-value")
    assert result.counts == {FAILED: 1}
    assert result.reports[0].endswith("dial tcp 127.0.0.1:9: connect: connection refused")
    assert "s3cr3t" not in result.reports[0]


def test_a_marshaller_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isvclog.sidecar.storage.marshaller.SECONDS", 0.05)
    result, _ = marshalled(tmp_path, b"")
    assert result.counts == {FAILED: 1}
    assert result.reports[0].endswith(": no answer within 0.05 s")


def test_what_waits_for_the_storage_is_told_and_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isvclog.sidecar.storage.queue.QUEUE_SIZE", 2)
    result, _ = marshalled(tmp_path, b"", count=6, grace=0.05, limits=Limits(events=4))
    assert result.lost == 5
    assert result.counts == {("request", "dropped"): 1}
    assert result.reports == [
        "3 records wait for the storage; in a cluster, requests of clients would wait, too",
        "events are dropped: 4 events wait, the limit of --bounded",
    ]


def test_a_batch_is_stored_when_its_queue_retires(tmp_path: Path) -> None:
    async def run() -> None:
        settings = settings_of(*BLOB, "--log-batch-size=2")
        queue = BlobQueue(str(tmp_path), Limits(), Counters(), [].append)
        queue.put(EventEncoder(settings), LogRequest(settings, "a.request", "1", "", None, b"", 0))
        queue.retire()
        assert await queue.drain(5) == 0

    asyncio.run(run())
    assert len(objects(tmp_path)) == 1
