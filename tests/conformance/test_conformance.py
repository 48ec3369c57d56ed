"""The pipeline against KServe's own behaviour: every case was measured by running KServe's code (see README.md)."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from exchanges import NEW_ID, OCCURRED, PROBE, RELEASE, check_exchange

from isvclog.kserve.agent import startup as agent
from isvclog.kserve.agent.http_exchange import Request
from isvclog.kserve.agent.store import Store, sink_strategy, written_format
from isvclog.kserve.apis.admission import read_logger
from isvclog.kserve.apis.spec import Container
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.logger import events, tls
from isvclog.kserve.logger.dispatcher import record_of
from isvclog.kserve.logger.records import Record, Unstorable, build_upload
from isvclog.kserve.webhook.inject import Admission, inject

HERE = Path(__file__).parent


def cases(*names: str) -> Any:
    loaded = [case for name in names for case in json.loads((HERE / f"{name}.json").read_text("ascii"))]
    assert loaded
    return pytest.mark.parametrize("case", loaded, ids=[case["name"] for case in loaded])


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
    check_exchange(case)


@cases("records")
def test_records(case: dict[str, Any]) -> None:
    url, source = gourl.parse(case["log_url"]), gourl.parse(case["source_uri"])
    records = [
        Record(
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
    store = Store(sink_strategy(case["log_url"]), case["store_path"], written_format(case["format"]))
    if not case["stored"]:
        with pytest.raises(Unstorable) as raised:
            build_upload(store, records, RELEASE)
        assert str(raised.value) == case["error"]
        return
    upload = build_upload(store, records, RELEASE)
    assert (upload.bucket, upload.key, upload.data) == (case["bucket"], case["key"], case["data"])


@cases("tls")
def test_tls(case: dict[str, Any]) -> None:
    """Whether the certificate is verified decides what is delivered; the agent reads the CA file for every event."""
    settings = agent.start(case["args"], PROBE, RELEASE).settings
    assert settings is not None
    ca_file = case["ca_file"]
    found = ca_file is not None and ca_file["name"] == settings.cert_file
    trust = tls.trust_mode(settings, ca_found=found, ca_valid=found and ca_file["content"].startswith("valid PEM"))
    foreign = "another CA" in case["server_cert"]
    delivered = {
        tls.TrustMode.NO_VERIFICATION: True,
        tls.TrustMode.BUNDLE: not foreign,
        tls.TrustMode.SYSTEM_ROOTS: False,
        tls.TrustMode.DROPPED: False,
    }[trust]
    assert int(delivered) == case["delivered"]


def test_record_of_an_exchange_is_what_gets_stored() -> None:
    settings = agent.start(["--log-url", "s3://b/p", "--log-store-path", "x"], PROBE, RELEASE).settings
    assert settings is not None
    request = Request("POST", "/", [("Host", "x"), ("Content-Length", "1")], b"x")
    logged = events.log_exchange(settings, request, None, new_id=NEW_ID, occurred_ns=OCCURRED)
    assert record_of(logged[0]).id == NEW_ID
