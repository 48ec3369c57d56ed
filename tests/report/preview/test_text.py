"""The sentences of the text output, each where it holds and only there."""

from typing import Any

import pytest
from services import manifest, service

from isvclog.kserve.agent.http_exchange import Request, Response
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import SHIPPED, Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.exchange_result import Exchange, ExchangeResult, ServicePreview, predict_exchange
from isvclog.kserve.prediction import predict
from isvclog.preview.model import Preview
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.text import write

STORAGE = {"path": "p", "key": "k", "parameters": {"format": "json"}}
REQUEST = Request("POST", "/x", [("Host", "h"), ("Content-Length", "2")], b"{}")
CONFIG_WITH_CA = {
    **SHIPPED,
    "logger": SHIPPED["logger"][:-1] + ', "caBundle": "my-ca", "caCertFile": "ca.crt", "tlsSkipVerify": false}',
}


def lines(component: str = "predictor", config: dict[str, str] | None = None, **changes: Any) -> list[str]:
    read = service(**changes)
    installation = Installation(find_release("0.20.0"), **({} if config is None else {"config": config}))
    exchanged = predict_exchange(
        predict(read, read.components[component], installation),
        Exchange(REQUEST, Response(200, (), b"{}"), "id-1", 0),
    )
    return shown(exchanged).split("\n")


def shown(exchanged: ExchangeResult) -> str:
    preview = Preview(
        [ServicePreview("label", "file", results=(exchanged,))], exchanged.prediction.installation.release
    )
    return "".join(write(preview, FormatSettings(full=True)))


def row(label: str, *arguments: Any, **changes: Any) -> str:
    found = [line[12:] for line in lines(*arguments, **changes) if line.startswith(f"  {label:<9} ")]
    return found[0] if found else ""


def test_listed_annotations_are_counted_as_kserve_splits_them() -> None:
    changes = {"annotations": {"a": "1", "b": "2"}, "logger": {"metadataAnnotations": ["a,b,c", "d", "e,"]}}
    assert row("pod", **changes) == "has 2 of 6 listed annotations"
    assert "lists 6 annotations" in row("manifest", **changes)


@pytest.mark.parametrize(
    ("url", "config", "state"),
    [
        ("http://sink/", CONFIG_WITH_CA, ""),
        ("https://sink.example.com/", None, "the sink's certificate is verified against public authorities"),
        (
            "https://sink.example.com/",
            CONFIG_WITH_CA,
            "the sink's certificate is verified against public authorities, but not verified at all if namespace ml "
            "has the ConfigMap my-ca (caBundle)",
        ),
    ],
)
def test_trust_depends_on_a_config_map_that_nobody_saw(url: str, config: dict[str, str] | None, state: str) -> None:
    assert row("tls", config=config, logger={"url": url}) == state


def default_url(url: str) -> dict[str, str]:
    return {**SHIPPED, "logger": SHIPPED["logger"].replace("http://default-broker", url)}


@pytest.mark.parametrize(
    ("config", "note"),
    [
        (
            None,
            "http://default-broker (no url: the ConfigMap's defaultUrl)",
        ),
        (default_url("http://mine/"), "http://mine/ (no url: the ConfigMap's defaultUrl)"),
    ],
)
def test_the_shipped_default_is_a_host_of_the_past(config: dict[str, str] | None, note: str) -> None:
    bare = manifest()
    del bare["spec"]["predictor"]["logger"]["url"]
    read = read_service(bare, find_release("0.20.0"))
    installation = Installation(find_release("0.20.0"), **({} if config is None else {"config": config}))
    exchanged = predict_exchange(
        predict(read, read.components["predictor"], installation),
        Exchange(REQUEST, Response(200, (), b"{}"), "id-1", 0),
    )
    text = shown(exchanged)
    assert f"  sink      CloudEvents by HTTP POST to {note}\n" in text
    assert ("  note      the sink is http://default-broker, KServe's defaultUrl" in text) is (config is None)


def test_a_given_url_is_no_default() -> None:
    assert row("sink", logger={"url": "http://default-broker"}) == "CloudEvents by HTTP POST to http://default-broker"


@pytest.mark.parametrize("url", ["s3://b/x", "gs://b/x", "abfs://c@b/x"])
def test_credentials_are_assumed(url: str) -> None:
    sink = row("sink", logger={"url": url, "storage": STORAGE})
    assert sink.startswith(f"objects in {url}, json records; credentials from a secret of the ")
    assert sink.endswith(" are assumed")


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"batchSize": 5}, True),
        ({"batchSize": 5, "batchInterval": "5s"}, False),
        ({"batchSize": 1}, False),
        ({"batchInterval": "5s"}, False),
    ],
)
def test_an_incomplete_batch_is_lost(changes: dict[str, Any], lost: bool) -> None:
    sink = row("sink", logger={"url": "s3://b/x", "storage": STORAGE, **changes})
    assert ("an incomplete batch is lost when the pod stops" in sink) is lost


OWN_STORE = {"storage": STORAGE, "batchSize": 2, "batchInterval": "1s", "marshallerUrl": "http://m/"}


@pytest.mark.parametrize("component", ["transformer", "explainer"])
def test_only_the_predictor_has_a_store(component: str) -> None:
    other = {"containers": [{"name": "x"}], "logger": {"mode": "all", "url": "http://sink/", **OWN_STORE}}
    ignored = row("note", component, **{component: other})
    assert ignored == "KServe reads storage, marshallerUrl, batchSize, batchInterval from the predictor's logger only"
    assert row("note", logger=OWN_STORE) == ""


def test_a_marshaller_of_ones_own() -> None:
    shown = lines(logger={"url": "s3://b/x", **OWN_STORE})
    assert any(line.startswith("  object  the marshaller's answer to ") for line in shown)
    assert "    posted  http://m/" in shown
