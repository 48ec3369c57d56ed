"""The document behind `-o json` and `-o yaml`."""

import json
from typing import Any

from services import service

from isvclog.kserve.agent.http_exchange import Request, Response
from isvclog.kserve.apis.installation import SHIPPED, Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.exchange_result import Exchange, ServicePreview, predict_exchange
from isvclog.kserve.prediction import predict
from isvclog.preview.model import Preview
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.data import preview_data

REQUEST = Request("POST", "/x", [("Host", "h"), ("Content-Length", "2")], b"{}")
CONFIG_WITH_CA = {
    **SHIPPED,
    "logger": SHIPPED["logger"][:-1] + ', "caBundle": "my-ca", "caCertFile": "ca.crt", "tlsSkipVerify": false}',
}


def component(release: str = "0.20.0", config: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    read = service(release, **changes)
    installation = Installation(find_release(release), **({} if config is None else {"config": config}))
    exchanged = predict_exchange(
        predict(read, read.components["predictor"], installation),
        Exchange(REQUEST, Response(200, (), b"{}"), "id-1", 0),
    )
    known = preview_data(
        Preview([ServicePreview("label", "file", results=(exchanged,))], installation.release), FormatSettings()
    )
    json.dumps(known, ensure_ascii=False).encode()
    found: dict[str, Any] = known["services"][0]["components"][0]
    return found


def test_settings() -> None:
    storage = {"path": "p", "key": "k", "parameters": {"format": "csv"}}
    logger = {
        "url": "s3://b/x",
        "storage": storage,
        "marshallerUrl": "http://m/",
        "batchSize": 2,
        "batchInterval": "1s",
    }
    assert component(logger=logger)["agent"]["settings"] == {
        "logUrl": "s3://b/x",
        "mode": "all",
        "source": "http://localhost:9081/",
        "service": "iris",
        "namespace": "ml",
        "component": "predictor",
        "endpoint": "",
        "annotations": {},
        "metadataHeaders": None,
        "certFile": "service-ca.crt",
        "tlsSkipVerify": True,
        "store": {"path": "p", "format": "csv"},
        "marshallerUrl": "http://m/",
        "batchSize": 2,
        "batchIntervalSeconds": 1.0,
        "batcher": False,
    }


def test_obstacle() -> None:
    assert component()["blockedBy"] is None
    crash = component(annotations={"a": "x,y"}, logger={"metadataAnnotations": ["a"]})
    assert (crash["blockedBy"], crash["agent"]["exitCode"]) == ("crash", 255)
    assert component(logger={"url": ""})["blockedBy"] == "no-logger"


def test_tls() -> None:
    assert component()["tls"] is None
    assert component(logger={"url": "https://sink.example.com/"})["tls"] == {
        "caConfigMap": None,
        "trustWithConfigMap": None,
        "trustWithoutConfigMap": "system-roots",
    }
    assert component(config=CONFIG_WITH_CA, logger={"url": "https://sink.example.com/"})["tls"] == {
        "caConfigMap": "my-ca",
        "trustWithConfigMap": "no-verification",
        "trustWithoutConfigMap": "system-roots",
    }


def test_pruned_fields() -> None:
    assert component(logger={"metadataAnnotations": ["a"]})["prunedFields"] == []
    assert component("0.15.0", logger={"metadataAnnotations": ["a"]})["prunedFields"] == ["metadataAnnotations"]


def test_lone_surrogates_are_replaced() -> None:
    known = preview_data(
        Preview([ServicePreview("label\ud800", "file\udfff\udc80")], find_release("0.20.0")), FormatSettings()
    )
    assert (known["services"][0]["object"], known["services"][0]["file"]) == ("label\ufffd", "file\ufffd\ufffd")
