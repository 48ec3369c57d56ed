"""Estimates are what a running simulation sends, and their formats and schema agree."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from collector import Collector
from consumers import printed
from jsonschema import Draft202012Validator
from local_sink import LocalSink

from isvclog.cli.main import main
from isvclog.cli.options.values import parse_latency, parse_size
from isvclog.errors import UsageError
from isvclog.report.estimate.units import shown_duration, shown_rate, shown_size
from isvclog.report.preview.layout import wrap

ROOT = Path(__file__).parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas" / "events-estimate.schema.json").read_text("utf-8")))
SECRET = "s3cret-of-mine-77"
MANIFEST = f"""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  namespace: ml
  annotations: {{example.com/team: "a < b é", example.com/api-key: {SECRET}}}
spec:
  predictor:
    logger:
      mode: MODE
      url: URL
      metadataAnnotations: [example.com/team, example.com/api-key]
      metadataHeaders: [X-Request-Id, X-Other, x-never]STORAGE
    model:
      modelFormat: {{name: sklearn}}
"""
STORAGE = """
      storage: {path: logs, key: k, parameters: {format: FORMAT}}
      batchSize: SIZE
      batchInterval: INTERVAL"""
TIME = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
ID = "11111111-2222-4333-8444-555555555555"


def written(folder: Path, *, mode: str = "all", url: str = "http://sink.ml/a", storage: str = "") -> str:
    """Write the manifest."""
    file = folder / "isvc.yaml"
    text = MANIFEST.replace("MODE", mode).replace("URL", url).replace("STORAGE", storage)
    file.write_text(text, encoding="utf-8")
    return str(file)


def stored(folder: Path, *, size: int, interval: str = "0s", form: str = "json") -> str:
    """Write the manifest of a logger with storage."""
    storage = STORAGE.replace("FORMAT", form).replace("SIZE", str(size)).replace("INTERVAL", interval)
    return written(folder, url="s3://bucket/pre", storage=storage)


def estimated(capsys: pytest.CaptureFixture[str], file: str, *arguments: str) -> dict[str, Any]:
    """Return the estimate of the only logger, after its document was validated."""
    document = json.loads(printed(capsys, "events", "estimate", "-f", file, "-o", "json", *arguments))
    assert [error.message for error in SCHEMA.iter_errors(document)] == []
    (logger,) = document["loggers"]
    assert document["total"]["bytesPerSecond"] == logger["bytesPerSecond"]
    return dict(logger)


def normalized(text: bytes) -> int:
    """Count bytes, with each time as long as most are."""
    return len(TIME.sub(b"2026-01-02T03:04:05.123456789Z", text))


@pytest.mark.parametrize("mode", ["all", "request", "response"])
def test_events_of_a_simulation_are_as_large(
    mode: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], environment: dict[str, str]
) -> None:
    body = b'{"instances":[["' + b"x" * 5000 + b'"]]}'
    file = written(tmp_path, mode=mode)
    found = estimated(capsys, file, "--rps", "10", "--payload", str(len(body)), "-H", "X-Request-Id: 4711")
    count = found["eventsPerRequest"]
    assert count == (2 if mode == "all" else 1)
    with (
        Collector() as sink,
        LocalSink(tmp_path, environment, "-f", file, "--sink", sink.url, command="simulate") as simulated,
    ):
        headers = {"Content-Type": "application/json", "Ce-Id": ID, "X-Request-Id": "4711", "X-Other": ID}
        simulated.post(headers, body, path="/v1/models/fraud:predict")
        events = {f"org.kubeflow.serving.inference.{half(event)}": normalized(event) for event in sink.wait(count)}
    assert events == {each["type"]: each["totalBytes"] for each in found["events"]}
    assert found["eventsPerSecond"] == 10 * count
    assert found["bytesPerSecond"] == pytest.approx(10 * sum(events.values()))
    sizes = {each["name"]: each["bytes"] for each in found["events"][0]["names"]}
    annotations = '{"example.com/api-key":"' + SECRET + '","example.com/team":"a \\u003c b é"}'
    assert sizes["example.com/api-key"] + sizes["example.com/team"] + 1 == len(annotations.encode())
    assert sizes["X-Other"] == len(f'"X-Other":["{ID}"],')
    assert {each["name"] for each in found["events"][0]["names"] if each["isAssumed"]} == {"X-Other"}
    assert "x-never" not in sizes


def half(event: bytes) -> str:
    """Tell a request from a response."""
    return "request" if b"inference.request\r\n" in event else "response"


@pytest.mark.parametrize(("size", "form"), [(1, "json"), (4, "json"), (4, "csv")])
def test_objects_of_a_simulation_are_as_large(
    size: int, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], environment: dict[str, str]
) -> None:
    body = b'{"instances":[[1,2,3]]}'
    file = stored(tmp_path, size=size, form=form)
    found = estimated(
        capsys, file, "--rps", "10", "--payload", str(len(body)), "-H", "X-Request-Id: 4711", "-H", f"X-Other: {ID}"
    )
    objects = tmp_path / "objects"
    with LocalSink(tmp_path, environment, "-f", file, "--blob-dir", str(objects), command="simulate") as simulated:
        for number in (1, 2):
            headers = {"Content-Type": "application/json", "Ce-Id": f"{ID[:-1]}{number}", "X-Request-Id": "4711"}
            simulated.post(headers | {"X-Other": ID}, body, path="/v1/models/fraud:predict")
    made = [normalized(path.read_bytes()) for path in sorted(objects.rglob(f"*.{form}"))]
    assert len(made) == 4 // size
    assert found["objects"]["bytes"] * len(made) == pytest.approx(sum(made))
    assert (found["objects"]["records"], found["objects"]["format"]) == (size, form)
    assert found["objects"]["perDay"] == 20 / size * 86_400


@pytest.mark.parametrize(
    ("rps", "size", "interval", "objects", "records"),
    [
        ("100", 50, "10s", 4, 50),
        ("2", 50, "10s", 0.1, 40),
        ("0.01", 50, "10s", 0.02, 1),
        ("2", 50, "0s", 0.08, 50),
        ("2", 1, "10s", 4, 1),
    ],
)
def test_an_interval_stores_batches_that_are_not_full(
    rps: str, size: int, interval: str, objects: float, records: float, tmp_path: Path, capsys: Any
) -> None:
    found = estimated(capsys, stored(tmp_path, size=size, interval=interval), "--rps", rps)["objects"]
    assert (found["perSecond"], found["records"]) == (pytest.approx(objects), pytest.approx(records))


def test_pods_share_batches_and_workers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = estimated(capsys, stored(tmp_path, size=50, interval="10s"), "--rps", "20", "--pods", "10")
    assert (found["objects"]["perSecond"], found["objects"]["records"]) == (1, 40)
    found = estimated(capsys, written(tmp_path), "--rps", "500", "--pods", "10", "--sink-latency", "20ms")
    assert found["agent"]["utilization"] == pytest.approx(0.4)
    assert found["eventsPerSecond"] == 1000


@pytest.mark.parametrize(
    ("release", "rps", "code", "effect"),
    [("0.20", "125", 0, None), ("0.20", "126", 1, "Memory"), ("next", "126", 1, "Drops")],
)
def test_five_workers_keep_up_or_not(
    release: str, rps: str, code: int, effect: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--rps", rps, "--sink-latency", "20ms", "--kserve-version", release, "--payload", "1MiB"]
    arguments += ["--response", "1MiB"]
    agent = estimated(capsys, written(tmp_path), *arguments)["agent"]
    assert agent["mostRequestsPerSecond"] == pytest.approx(125)
    assert (agent["overload"] or {}).get("effect") == effect
    assert main(["events", "estimate", "-f", str(tmp_path / "isvc.yaml"), *arguments]) == code
    if effect == "Memory":
        # Two events a second too many, each with a body of 1 MiB and 2 KiB of its goroutine, in 1 GiB.
        assert agent["overload"]["bytesPerSecond"] == pytest.approx(2 * ((1 << 20) + 2048))
        assert agent["overload"]["secondsUntilFull"] == pytest.approx((1 << 30) / (2 * ((1 << 20) + 2048)))
    if effect == "Drops":
        assert agent["overload"]["lostPerSecond"] == pytest.approx(2)


def test_the_memory_limit_is_that_of_the_config_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resources = '{"memoryRequest": "1", "memoryLimit": "LIMIT", "cpuRequest": "1", "cpuLimit": "1"}'
    config = tmp_path / "config.yaml"
    keys = "".join(f"  {key}: '{resources}'\n" for key in ("agent", "logger", "batcher"))
    config.write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inferenceservice-config}\ndata:\n"
        + keys.replace("LIMIT", "256Mi", 1).replace("LIMIT", "1Gi"),
        encoding="utf-8",
    )
    arguments = ["--rps", "1", "--inferenceservice-config", str(config)]
    assert estimated(capsys, written(tmp_path), *arguments)["agent"]["memoryLimitBytes"] == 256 << 20


def test_requests_wait_for_a_slow_storage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--rps", "100", "--sink-latency", "1s"]
    agent = estimated(capsys, stored(tmp_path, size=50, interval="10s"), *arguments)["agent"]
    assert (agent["senders"], agent["utilization"]) == (1, 4)
    assert (agent["overload"]["effect"], agent["mostRequestsPerSecond"]) == ("Blocks", 25)
    storage = STORAGE.partition("\n      batch")[0].replace("FORMAT", "json")
    old = written(tmp_path, url="s3://bucket", storage=storage)
    agent = estimated(capsys, old, *arguments, "--kserve-version", "0.16")["agent"]
    assert agent["overload"]["effect"] == "Unknown"


def test_what_is_not_sent_has_no_amount(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, url="s3://bucket")
    found = estimated(capsys, file, "--rps", "10")
    assert found["because"]
    assert (found["bytesPerSecond"], found["eventsPerRequest"], found["agent"]) == (0, 0, None)
    assert main(["events", "estimate", "-f", file, "--rps", "10"]) == 1
    assert "not everything is sent" in capsys.readouterr().out


def test_a_service_that_is_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(written(tmp_path, mode="any"))
    assert main(["events", "estimate", "-f", str(file), "--rps", "10", "-o", "json"]) == 1
    captured = capsys.readouterr()
    document = json.loads(captured.out)
    assert [error.message for error in SCHEMA.iter_errors(document)] == []
    assert document["loggers"] == []
    assert "rejected: spec.predictor.logger.mode" in captured.err
    assert main(["events", "schema", "-f", str(file)]) == 1
    assert "rejected" in capsys.readouterr().err


def test_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--rps", "200", "--payload", "4KiB", "--response", "64KiB", "--sink-latency", "20ms"]
    text = printed(capsys, "events", "estimate", "-f", written(tmp_path), *arguments)
    assert SECRET not in text
    assert text == (
        "InferenceService/ml/fraud predictor  to http://sink.ml/a\n"
        "  requests  200/s to 1 pod, 2 events each: 400/s\n"
        "  request   4,789 bytes: 4,096 of payload, 693 of headers (14.5 %)\n"
        "  response  66,231 bytes: 65,536 of payload, 695 of headers (1.0 %)\n"
        "  name      35 bytes: annotation example.com/team\n"
        "  name      42 bytes: annotation example.com/api-key\n"
        "  name      56 bytes: header X-Request-Id, with an assumed value\n"
        "  name      51 bytes: header X-Other, with an assumed value\n"
        "  traffic   13.5 MiB/s, 1,143 GiB a day\n"
        "  agent     does not keep up at 20 ms (5 workers): memory grows by 5.27 MiB/s, and its limit of 1 GiB is "
        "reached after 3 min 14 s at the latest; then the agent is killed, and all waiting events are lost. It keeps "
        "up with 125/s to a pod, or at 12.5 ms\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rps", "0"], "--rps 0: write the requests a second from 0.000001 to 1e9"),
        (["--rps", "1e-320"], "--rps 9.99989e-321: write the requests a second from 0.000001 to 1e9"),
        (["--rps", "1e308"], "--rps 1e+308: write the requests a second from 0.000001 to 1e9"),
        (["--rps", "nan"], "--rps nan: write the requests a second from 0.000001 to 1e9"),
        (["--rps", "1", "--pods", f"1{'0' * 400}"], "give a whole number from 1 to 1,000,000."),
        (["--rps", "1", "--payload", "4m"], "--payload '4m': write a size in bytes, such as 4096, 4k or 4KiB."),
        (["--rps", "1", "--sink-latency", "20"], "--sink-latency '20': write a duration, such as 20ms or 1.5s."),
    ],
)
def test_options_that_are_wrong(arguments: list[str], message: str, tmp_path: Path, capsys: Any) -> None:
    assert main(["events", "estimate", "-f", written(tmp_path), *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [["events", "schema"], ["events", "estimate", "--rps", "1"], ["preview", "-o", "http"], ["preview", "-o", "curl"]],
)
def test_a_manifest_that_kubectl_rejects_is_named(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(written(tmp_path))
    file.write_text(file.read_text(encoding="utf-8").replace("      mode: all", "      mode: all\n      sinkUrl: x"))
    assert main([*command, "-f", str(file)]) == 1
    message = (
        "InferenceService/ml/fraud: kubectl rejects the manifest because of predictor.logger.sinkUrl; other clients"
    )
    assert message in capsys.readouterr().err


def test_without_files_or_loggers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["events", "estimate", "--rps", "1"]) == 2
    assert "name the manifest with -f FILE" in capsys.readouterr().err
    (tmp_path / "isvc.yaml").write_text("kind: Pod\n", encoding="utf-8")
    assert main(["events", "schema", "-f", str(tmp_path)]) == 3
    assert "no logger found" in capsys.readouterr().err


@pytest.mark.parametrize("length", [72, 74, 76, 78])
def test_a_line_has_room_for_a_url_that_fits_on_one(length: int) -> None:
    url = "http://sink.ml/".ljust(length, "a")
    first, second = wrap(f"{'InferenceService/ml/fraud predictor':<42}", f"to {url}", 80)
    assert first.endswith("  to")
    assert second.strip() == url
    assert len(second) <= 80


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("4096", 4096),
        ("4k", 4000),
        ("4K", 4000),
        ("4kB", 4000),
        ("4Ki", 4096),
        ("4KiB", 4096),
        ("1.5M", 1_500_000),
        ("1.5 MiB", 3 << 19),
        ("2G", 2_000_000_000),
        ("1Ti", 1 << 40),
        ("2PB", 2 * 10**15),
        ("4EiB", 1 << 62),
        ("0", 0),
        ("10B", 10),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text, "--payload") == size


@pytest.mark.parametrize("text", ["", "-1", "4m", "4Kb", "KiB", "1e3", "4 K i", "٤", "4.", "1" * 30])
def test_sizes_that_are_none(text: str) -> None:
    with pytest.raises(UsageError):
        parse_size(text, "--payload")


def test_latencies() -> None:
    assert [parse_latency(text, "--x") for text in ("20ms", "1.5s", "0", "1m0.5s")] == [
        20_000_000,
        1_500_000_000,
        0,
        60_500_000_000,
    ]
    for text in ("", "20", "-1s", "x"):
        with pytest.raises(UsageError):
            parse_latency(text, "--x")


def test_units_for_people() -> None:
    assert [shown_size(size) for size in (0, 512, 1023, 1024, 4100, 1 << 30, 1e30)] == [
        "0 bytes",
        "512 bytes",
        "1,023 bytes",
        "1 KiB",
        "4 KiB",
        "1 GiB",
        "867,361,737,988 EiB",
    ]
    assert [shown_duration(seconds) for seconds in (0.0125, 1, 59.94, 60, 165, 3600, 90_061)] == [
        "12.5 ms",
        "1 s",
        "59.9 s",
        "1 min",
        "2 min 45 s",
        "1 h",
        "1 d 1 h",
    ]
    assert [shown_rate(rate) for rate in (0.05, 125, 1234.5)] == ["0.05/s", "125/s", "1,234/s"]


@pytest.mark.long
def test_five_workers_are_as_fast_as_estimated(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    environment: dict[str, str],
    request: pytest.FixtureRequest,
) -> None:
    if "long" not in request.config.getoption("-m"):
        pytest.skip("depends on the speed of the machine: select it with -m long")
    file = written(tmp_path, mode="request")
    agent = estimated(capsys, file, "--rps", "1000", "--sink-latency", "100ms")["agent"]
    with (
        Collector(delay=0.1) as sink,
        LocalSink(tmp_path, environment, "-f", file, "--sink", sink.url, command="simulate") as simulated,
    ):
        for _ in range(300):
            simulated.post({"Content-Type": "application/json"}, b"{}", path="/v1/models/fraud:predict")
        sink.wait(50)
        start = time.monotonic()
        sink.wait(200)
        seconds = time.monotonic() - start
    assert 200 / seconds == pytest.approx(agent["mostRequestsPerSecond"], rel=0.1)


@pytest.mark.parametrize("rps", ["1e-6", "1e9"])
def test_the_limits_of_the_traffic_have_figures(rps: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--rps", rps, "--pods", "1000000", "--payload", f"{'9' * 18}T", "--sink-latency", "1ns"]
    for file in (written(tmp_path), stored(tmp_path, size=1, interval="1s")):
        assert main(["events", "estimate", "-f", file, *arguments]) in (0, 1)
        assert "inf" not in capsys.readouterr().out
        assert main(["events", "estimate", "-f", file, *arguments, "-o", "json"]) in (0, 1)
        json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
