"""The pipeline against KServe's own behaviour: every case was measured by running KServe's code (README.md beside this file)."""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from isvclog.kserve import agent, blob, events, tls
from isvclog.kserve.admission import read_logger
from isvclog.kserve.constants import PROBE_VARIABLE
from isvclog.kserve.dispatcher import dispatch, record_of
from isvclog.kserve.exchange import Request, Response
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.releases import find_release
from isvclog.kserve.spec import Container
from isvclog.kserve.webhook import Admission, inject

HERE = Path(__file__).parent
RELEASE = find_release("0.20.0")
PROBE = {PROBE_VARIABLE: '{"tcpSocket":{"port":8080,"host":"127.0.0.1"}}'}
NEW_ID = "7f4ab7a1-9fb2-4a3c-9d8b-0f6f2a5d1c3e"
OCCURRED, RECORDED = (1_767_323_045_120_000_000, 1_767_323_045_130_000_000), 1_767_323_045_123_456_789


def cases(*names: str) -> Any:
    loaded = [case for name in names for case in json.loads((HERE / f"{name}.json").read_text("ascii"))]
    assert loaded
    return pytest.mark.parametrize("case", loaded, ids=[case["name"] for case in loaded])


def text(value: str | dict[str, str]) -> str:
    return value if isinstance(value, str) else base64.b64decode(value["b64"]).decode("utf-8", "surrogateescape")


@cases("startup", "startup_long")
def test_startup(case: dict[str, Any]) -> None:
    startup = agent.start(case["args"], PROBE if case["env"] is None else case["env"], RELEASE)
    assert (startup.exit, startup.exec_error) == (case["exit"], case["exec_error"]), startup.message
    if case["stderr_contains"] is not None:
        assert case["stderr_contains"] in startup.message
    settings = startup.settings
    assert (settings is not None) == case["logger_started"]
    if settings is not None:
        headers = settings.metadata_headers
        assert settings.annotations == case["annotations"]
        assert (None if headers is None else list(headers)) == case["metadata_headers"]
        assert settings.tls_skip_verify == case["tls_skip_verify"]
        assert settings.url.string() == case["log_url_string"]
        assert settings.source.string() == case["source"]
        assert (settings.batch_size, settings.batch_interval_ns) == (case["batch_size"], case["batch_interval_ns"])


@cases("inject")
def test_injection(case: dict[str, Any]) -> None:
    config = {
        key: case[f"configmap_{key}"] for key in ("logger", "agent", "batcher") if case[f"configmap_{key}"] is not None
    }
    pod = Admission(
        annotations=case["pod_annotations"],
        labels=case["pod_labels"],
        containers=tuple(Container(item["name"], tuple(item["ports"])) for item in case["containers"]),
        namespace=case["namespace"],
        name=case["pod_name"],
    )
    logger = case["predictor_logger"]
    injection = inject(pod, config, None if logger is None else read_logger(logger, (), RELEASE), RELEASE)
    assert injection.error == (case["error"] or "")
    assert (None if injection.args is None else list(injection.args)) == case["args"]
    assert (injection.args is not None) == case["injected"]


@cases("events")
def test_events(case: dict[str, Any]) -> None:
    settings = agent.start(case["args"], PROBE | case.get("env", {}), RELEASE).settings
    assert settings is not None
    request, response = case["request"], case["response"]
    logged = events.log_exchange(
        settings,
        Request(
            request["method"],
            request["path"],
            [(name, text(value)) for name, value in request["headers"]],
            base64.b64decode(request["body_b64"]),
            http2=case.get("protocol") == "h2c",
        ),
        response
        and Response(
            response["status"],
            [(name, text(value)) for name, value in response["headers"]],
            base64.b64decode(response["body_b64"]),
            truncated=response.get("truncated", False),
        ),
        new_id=NEW_ID,
        occurred_ns=OCCURRED,
    )
    outcome = dispatch(settings, logged, recorded_ns=RECORDED)
    assert [as_measured(event) for event in outcome.events] == case["events"]
    assert [as_measured_upload(upload) for upload in outcome.uploads] == case.get("uploads", [])
    # What the sink answers and what the model's port does is no loss before sending.
    failures = [e for e in case["agent_errors"] if not e.startswith(("Sent with status", "error reverse proxying"))]
    assert [str(loss) for loss in outcome.losses] == [error.partition("\n")[0] for error in failures]


def as_measured(event: events.Event) -> dict[str, Any]:
    head, body = event.wire().split(b"\r\n\r\n", 1)
    request_line, *lines = head.split(b"\r\n")
    placeholders = {
        "Host": "<HOST>",
        "Ce-Time": "<TIME>",
        "Ce-Recordedtime": "<RECORDED>",
        **({"Ce-Id": "<UUID>"} if dict(event.headers)["Ce-Id"] == NEW_ID else {}),
    }
    headers = []
    for line in lines:
        name, _, value = line.partition(b": ")
        headers.append([name.decode(), placeholders.get(name.decode()) or decoded(value)])
    method, rest = request_line.decode("utf-8", "surrogateescape").split(" ", 1)
    assert method == "POST" and rest.endswith(" HTTP/1.1")
    return {
        "target_path": rest.removesuffix(" HTTP/1.1"),
        "host": dict(event.headers)["Host"],
        "headers": headers,
        "body_b64": base64.b64encode(body).decode(),
    }


def decoded(value: bytes) -> str | dict[str, str]:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(value).decode()}


def as_measured_upload(upload: blob.Upload) -> dict[str, Any]:
    data = re.sub(r'"occurrenceTime":"[^"]*"', '"occurrenceTime":"<TIME>"', upload.data)
    return {"provider": upload.provider, "bucket": upload.bucket, "key": upload.key, "data": data}


@cases("records")
def test_records(case: dict[str, Any]) -> None:
    url, source = gourl.parse(case["log_url"]), gourl.parse(case["source_uri"])
    records = [
        blob.Record(
            url,
            base64.b64decode(item["body_b64"]),
            item["content_type"],
            item["type"],
            item["id"],
            source,
            item["inference_service"],
            item["namespace"],
            item["component"],
            item["endpoint"],
            item["metadata"],
            item["annotations"],
            item["cert_name"],
            item["tls_skip_verify"],
            item["occurrence_time"],
        )
        for item in case["requests"]
    ]
    store = blob.Store(blob.strategy(case["log_url"]), case["store_path"], blob.known_format(case["format"]))
    try:
        upload = blob.upload(store, records, RELEASE)
    except blob.StoreError as error:
        assert (False, str(error)) == (case["stored"], case["error"])
        return
    assert (upload.bucket, upload.key, upload.data) == (case["bucket"], case["key"], case["data"])
    assert case["stored"]


@cases("tls")
def test_tls(case: dict[str, Any]) -> None:
    """Whether the certificate is verified decides what is delivered; the agent reads the CA file for every event."""
    settings = agent.start(case["args"], PROBE, RELEASE).settings
    assert settings is not None
    ca_file = case["ca_file"]
    found = ca_file is not None and ca_file["name"] == settings.cert_file
    trust = tls.trust(settings, ca_found=found, ca_valid=found and ca_file["content"].startswith("valid PEM"))
    foreign = "another CA" in case["server_cert"]
    delivered = {
        tls.Trust.NO_VERIFICATION: True,
        tls.Trust.BUNDLE: not foreign,
        tls.Trust.SYSTEM_ROOTS: False,
        tls.Trust.DROPPED: False,
    }[trust]
    assert int(delivered) == case["delivered"]


def test_record_of_an_exchange_is_what_gets_stored() -> None:
    settings = agent.start(["--log-url", "s3://b/p", "--log-store-path", "x"], PROBE, RELEASE).settings
    assert settings is not None
    request = Request("POST", "/", [("Host", "x"), ("Content-Length", "1")], b"x")
    logged = events.log_exchange(settings, request, None, new_id=NEW_ID, occurred_ns=OCCURRED)
    assert record_of(logged[0]).id == NEW_ID
