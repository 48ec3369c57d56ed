"""Options of `isvclog simulate` about batches, objects, TLS, limits and metrics."""

import json
import ssl
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import trustme
from collector import Collector
from local_sink import LocalSink

Start = Callable[..., LocalSink]
LOGGER = ("--", "--log-url", "http://sink.ml/events")
STORE = (
    "--env", "AWS_ACCESS_KEY_ID=a", "--env", "AWS_SECRET_ACCESS_KEY=b", "--",
    "--log-url", "s3://bucket", "--log-store-path", "logs", "--log-store-format", "json",
)  # fmt: skip
PREDICT = {"path": "/v1/models/fraud:predict"}
BODY = b'{"instances":[[1]]}'


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Start:
    """Start a simulation in the folder of the test."""
    return lambda *arguments: LocalSink(tmp_path, environment, *arguments, command="simulate")


def listening(simulated: LocalSink) -> dict[str, Any]:
    """The first line of a simulation with -o json."""
    first: dict[str, Any] = json.loads(simulated.stdout.splitlines()[0])
    assert first["kind"] == "listening"
    return first


def ended(simulated: LocalSink) -> dict[str, Any]:
    """The last line of a simulation with -o json."""
    last: dict[str, Any] = json.loads(simulated.stdout.splitlines()[-1])
    assert last["kind"] == "ended"
    return last


def test_the_batcher_collects_requests(start: Start) -> None:
    batcher = ("--enable-batcher", "--max-batchsize", "2", "--max-latency", "60000")
    with start("-o", "json", *LOGGER, *batcher) as simulated, ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: simulated.post({"Ce-Id": "1"}, BODY, **PREDICT), range(2))
    assert (first[0], json.loads(first[1])["predictions"]) == (200, [1])
    assert json.loads(first[1])["batchId"] == json.loads(second[1])["batchId"]
    assert listening(simulated)["batcher"] == {"maxBatchSize": 2, "maxLatencyMilliseconds": 60_000}
    assert ended(simulated)["events"] == {"request": {"sent": 2}, "response": {}}
    assert (
        "isvclog: the batcher collects up to 2 instances for at most 60,000 ms from requests whose path ends in "
        ":predict, and asks the model once; their responses are not logged.\n"
    ) in simulated.stderr


def test_objects_are_files_in_a_folder(start: Start, tmp_path: Path) -> None:
    with start("-o", "json", "--blob-dir", "objects", *STORE, "--inference-service", "fraud") as simulated:
        simulated.post({"Ce-Id": "1"}, BODY, **PREDICT)
    stored = sorted(path.relative_to(tmp_path / "objects").as_posix() for path in tmp_path.rglob("*.json"))
    assert stored == ["bucket/fraud/logs/1-request.json", "bucket/fraud/logs/1-response.json"]
    assert "records (mode all, one per object) to files, in place of s3://bucket." in simulated.stderr
    assert "isvclog: Objects are stored below objects.\n" in simulated.stderr
    assert listening(simulated)["logger"]["storesObjects"] is True
    assert listening(simulated)["notes"] == ["Objects are stored below objects."]
    assert ended(simulated)["events"] == {"request": {"sent": 1}, "response": {"sent": 1}}


def test_options_without_an_effect_are_told(start: Start) -> None:
    with start("--sink", "http://127.0.0.1:9", "--blob-dir", "objects", *STORE) as stored:
        pass
    assert "--sink has no effect: the log URL is object storage, and --blob-dir chooses a folder" in stored.stderr
    with start("--blob-dir", "objects", "--ca-dir", ".", *LOGGER) as sent:
        pass
    assert "--ca-dir has no effect without --sink https://HOST:PORT." in sent.stderr
    assert "--blob-dir has no effect: the log URL is not object storage; --sink chooses" in sent.stderr


def test_a_sink_with_tls_is_verified_with_the_ca_file(start: Start, tmp_path: Path) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("sink.ml").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "service-ca.crt")
    agent = ("--", "--log-url", "https://sink.ml/events", "--log-mode", "request")
    with Collector(tls=context) as sink:
        with start("--sink", sink.url, "--ca-dir", ".", *agent) as simulated:
            simulated.post({"Ce-Id": "1"}, BODY, **PREDICT)
            (event,) = sink.wait(1)
        with start("--sink", sink.url, "-o", "json", *agent) as unverified:
            unverified.post({"Ce-Id": "1"}, BODY, **PREDICT)
    assert event.startswith(b"POST /events HTTP/1.1\r\nHost: sink.ml\r\n")
    assert f"events (mode request, 5 workers) to {sink.url}, in place of https://sink.ml/events." in simulated.stderr
    assert "using https endpoint but could not find CA cert file /etc/tls/logger/service-ca.crt" in unverified.stderr
    assert "x509: certificate signed by unknown authority" in unverified.stderr
    assert ended(unverified)["events"]["request"] == {"failed": 1}


def test_bounded_drops_a_large_body_and_says_so(start: Start) -> None:
    with start("-o", "json", "--bounded", *LOGGER) as simulated:
        assert simulated.post({"Ce-Id": "1"}, b" " * (9 << 20) + BODY, **PREDICT)[0] == 200
    assert listening(simulated)["limits"] == {
        "events": 10_000,
        "eventBytes": 32 << 20,
        "bodyBytes": 8 << 20,
        "timeoutSeconds": 10,
        "retries": 0,
        "connections": 2_000,
        "headerSeconds": 10,
        "idleSeconds": 75,
        "stallSeconds": 20,
    }
    assert ended(simulated)["events"]["request"] == {"dropped": 1}
    assert ended(simulated)["drops"]["request"] == {"body bytes": 1}
    assert "isvclog: --bounded: at most 10,000 events and 32 MiB wait, bodies above 8 MiB are not logged" in (
        simulated.stderr
    )
    assert "events are dropped: a body has more than 8,388,608 bytes, the limit of --bounded" in simulated.stderr


def test_an_event_is_sent_again_after_a_time_out(start: Start) -> None:
    tried = ("--timeout", "0.05", "--retries", "1")
    with Collector(answers=False) as sink, start("-o", "json", "--sink", sink.url, *tried, *LOGGER) as simulated:
        simulated.post({"Ce-Id": "1"}, BODY, **PREDICT)
        events = sink.wait(4)
    assert len(events) == 4
    assert "isvclog: an event is sent up to 2 times, and each attempt may take 0.05 s; the agent" in simulated.stderr
    assert "no answer within 0.05 s" in simulated.stderr
    assert simulated.stderr.endswith("2 events lost; tried again 2 times.\n")
    assert (ended(simulated)["events"]["request"], ended(simulated)["retries"]) == ({"failed": 1}, 2)


def test_metrics_have_a_port_of_their_own(start: Start) -> None:
    with start("-o", "json", "--metrics", "127.0.0.1:0", *LOGGER, "--metadata-annotations", "team=ml") as simulated:
        simulated.post({"Ce-Id": "1"}, BODY, **PREDICT)
        assert simulated.process.stdout
        line = simulated.process.stdout.readline()
        with urllib.request.urlopen(json.loads(line)["metricsUrl"]) as answer:
            metrics = answer.read().decode().splitlines()
    assert "isvclog_exchanges_total 1.0" in metrics
    assert "isvclog_metadata_bytes 6.0" in metrics
    assert "isvclog_api_calls_total 0.0" in metrics
    assert f"isvclog: metrics are at {json.loads(line)['metricsUrl']}.\n" in simulated.stderr


def test_a_taken_port_of_metrics_is_a_sentence(start: Start, isvclog: Callable[..., Any]) -> None:
    with start(*LOGGER) as other:
        refused = isvclog("simulate", "--listen", "127.0.0.1:0", "--metrics", f"127.0.0.1:{other.port}", *LOGGER)
    assert refused.returncode == 3
    assert f"cannot listen on 127.0.0.1:{other.port}: another program listens there" in refused.stderr


def test_metrics_without_their_package_are_a_sentence(
    isvclog: Callable[..., Any], tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "prometheus_client.py").write_text("raise ImportError('not here')")
    environment["PYTHONPATH"] = str(tmp_path)
    refused = isvclog("simulate", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", *LOGGER)
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr == (
        "isvclog: error: --metrics needs the package prometheus_client, which cannot be imported (not here); install "
        "it, or leave out --metrics.\n"
    )
