"""Predictions up to the running agent, and what its logger sends for one exchange."""

from predictions import EXCHANGE, exchange_of, prediction

from isvclog.kserve.agent.http_exchange import Request
from isvclog.kserve.apis.installation import SHIPPED
from isvclog.kserve.prediction import BlockedBy


def wire_headers(release: str) -> list[dict[str, str]]:
    found = exchange_of(
        release=release,
        annotations={"a": "1"},
        logger={"metadataHeaders": ["X-Request-Id"], "metadataAnnotations": ["a"]},
    )
    return [dict(event.headers) for event in found.delivery.events]


def test_what_each_release_puts_on_an_event() -> None:
    old, first, annotated, fixed, newest = map(wire_headers, ("0.13.1", "0.14.0", "0.15.1", "0.16.0", "0.20.0"))
    assert "Ce-Metadata" not in old[0]
    assert [event["Ce-Metadata"] for event in first] == ['{"X-Request-Id":["r1"]}', "null"]
    assert "Ce-Annotations" not in first[0]
    assert annotated[1]["Ce-Annotations"] == '{"a":"1"}'
    assert fixed[1]["Ce-Metadata"] == '{"X-Request-Id":["r1"]}'
    assert "Ce-Recordedtime" not in fixed[0]
    assert "Ce-Recordedtime" in newest[0]


def test_the_logger_can_be_switched_on_by_annotation_alone() -> None:
    key = "internal.serving.kserve.io/logger"
    found = exchange_of(annotations={key: "false"}, predictor={"logger": None})
    assert found.sends
    assert found.delivery.events[0].url.string() == "http://default-broker"


def test_transformers_take_storage_from_the_predictor() -> None:
    transformer = {"logger": {"mode": "all", "url": "s3://b/p"}, "containers": [{}]}
    storage = {"path": "logs", "key": "k", "parameters": {}}
    with_storage = exchange_of(component="transformer", logger={"storage": storage}, transformer=transformer)
    without = exchange_of(
        component="transformer", transformer={**transformer, "logger": {**transformer["logger"], "storage": storage}}
    )
    assert [upload.key for upload in with_storage.delivery.uploads] == [
        "p/ml/iris/transformer/logs/id-1-request.json",
        "p/ml/iris/transformer/logs/id-1-response.json",
    ]
    assert not without.sends


def test_an_incomplete_batch_is_pending() -> None:
    storage = {"path": "logs", "key": "k", "parameters": {}}
    found = exchange_of(logger={"url": "s3://b", "storage": storage, "batchSize": 3})
    assert (found.delivery.uploads, found.delivery.pending, found.sends) == ((), 2, True)


def test_a_custom_marshaller_gets_an_array() -> None:
    storage = {"path": "logs", "key": "k", "parameters": {"format": "csv"}}
    found = exchange_of(logger={"url": "s3://b", "storage": storage, "marshallerUrl": "http://m/"})
    assert next(upload.key for upload in found.delivery.uploads).endswith("id-1-request.json")
    assert all(upload.data.startswith("[{") and upload.marshaller == "http://m/" for upload in found.delivery.uploads)


def test_grpc_was_not_logged_before_0_10() -> None:
    request = Request("POST", "/inference.GRPCInferenceService/ModelInfer", [(":authority", "x")], b"", http2=True)
    exchange = EXCHANGE._replace(request=request)
    assert exchange_of(release="0.10.0", exchange=exchange).sends
    assert not exchange_of(release="0.9.0", exchange=exchange).sends


def test_a_null_in_a_probe_does_not_count() -> None:
    containers = [{"name": "x", "readinessProbe": {"httpGet": None, "exec": {"command": ["a"]}}}]
    found = prediction(installation={"mode": "Standard"}, predictor={"model": None, "containers": containers})
    assert found.blocked_by is BlockedBy.CRASH


def test_a_config_is_read_as_its_release_reads_it() -> None:
    config = {**SHIPPED, "logger": SHIPPED["logger"].replace("{", '{"batchSize": "10", "storage": "x", ', 1)}
    found = {release: prediction(release=release, installation={"config": config}) for release in ("0.15.2", "0.20.0")}
    assert [item.blocked_by for item in found.values()] == [None, BlockedBy.REJECTED_POD]
