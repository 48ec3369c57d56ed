"""The whole path: what keeps a logger from sending, who is to blame, and what becomes of each listed name."""

from typing import Any

import pytest
from services import service

from isvclog.diagnosis.causes import diagnose, notes
from isvclog.diagnosis.lineage import Status, annotation_statuses, crashing_annotation_name, header_statuses
from isvclog.kserve.agent.http_exchange import Request, Response
from isvclog.kserve.apis.installation import SHIPPED, Installation
from isvclog.kserve.apis.releases import find_release
from isvclog.kserve.exchange_result import Exchange, ExchangeResult, predict_exchange
from isvclog.kserve.prediction import BlockedBy, Prediction, predict

BODY = b'{"instances":[1]}'
EXCHANGE = Exchange(
    Request("POST", "/", [("Host", "x"), ("Content-Length", str(len(BODY))), ("x-request-id", "r1")], BODY),
    Response(200, (), b"{}"),
    "id-1",
    0,
)


def prediction(
    component: str = "predictor", release: str = "0.20.0", installation: dict[str, Any] | None = None, **changes: Any
) -> Prediction:
    read = service(release, **changes)
    facts = Installation(find_release(release), **(installation or {}))
    return predict(read, read.components[component], facts)


PREDICT = EXCHANGE._replace(request=EXCHANGE.request._replace(target="/v1/models/iris:predict"))


def exchange_of(exchange: Exchange = EXCHANGE, **changes: Any) -> ExchangeResult:
    return predict_exchange(prediction(**changes), exchange)


@pytest.mark.parametrize(
    ("changes", "blocked_by", "code"),
    [
        ({"annotations": {"a": "x,y"}, "logger": {"metadataAnnotations": ["a"]}}, BlockedBy.CRASH, 255),
        ({"annotations": {"a": 'x"y'}, "logger": {"metadataAnnotations": ["a"]}}, BlockedBy.CRASH, 2),
        ({"annotations": {"a": "x" * 131_072}, "logger": {"metadataAnnotations": ["a"]}}, BlockedBy.CRASH, None),
        ({"annotations": {"a": "x\0"}, "logger": {"metadataAnnotations": ["a"]}}, BlockedBy.CRASH, None),
        ({"logger": {"metadataHeaders": ['X-"A']}}, BlockedBy.CRASH, 2),
        ({"logger": {"batchInterval": "5"}}, BlockedBy.CRASH, 2),
        ({"logger": {"url": "http://a b/"}}, BlockedBy.CRASH, 255),
        ({"logger": {"url": ""}}, BlockedBy.NO_LOGGER, None),
        ({"installation": {"mode": "ModelMesh"}}, BlockedBy.NO_POD, None),
        ({"installation": {"mode": "Standard"}, "release": "0.8.0"}, BlockedBy.NO_TRAFFIC, None),
        ({"installation": {"config": {}}}, BlockedBy.REJECTED_POD, None),
        ({"installation": {"config": {**SHIPPED, "deploy": "{}"}}}, BlockedBy.CONFIG, None),
        (
            {
                "installation": {"mode": "Standard"},
                "predictor": {"model": None, "containers": [{"name": "x", "readinessProbe": {"exec": {}}}]},
            },
            BlockedBy.CRASH,
            1,
        ),
        (
            {"predictor": {"model": None, "containers": [{"name": "kserve-container"}, {"name": "agent"}]}},
            BlockedBy.NOT_INJECTED,
            None,
        ),
    ],
)
def test_obstacles(changes: dict[str, Any], blocked_by: BlockedBy, code: int | None) -> None:
    found = exchange_of(**changes)
    startup = found.prediction.startup
    assert (found.prediction.blocked_by, startup and startup.exit) == (blocked_by, code)
    assert not found.sends
    diagnosis = diagnose(found)
    assert diagnosis is not None
    assert all((diagnosis.because, diagnosis.effect, diagnosis.remedy))


@pytest.mark.parametrize(
    ("annotations", "named"),
    [
        ({"a": "1", "b": "x,y", "c": "2"}, "b"),
        ({"a": "1", "b": "2", "c": 'say "hi"'}, "c"),
        ({"a": 'x,"b', "b": "1", "c": "2"}, "a"),
        ({"a": "x" * 60_000, "b": "y" * 80_000}, "b"),
        ({"a": "x,y", "b": 'q"r'}, "b"),
        ({"a": "1", "b": "x\0"}, "b"),
    ],
)
def test_culprit(annotations: dict[str, str], named: str) -> None:
    assert (
        crashing_annotation_name(prediction(annotations=annotations, logger={"metadataAnnotations": list(annotations)}))
        == named
    )


@pytest.mark.parametrize("logger", [{"url": "http://a b/"}, {"batchInterval": "5"}, {"metadataHeaders": ['"']}])
def test_no_annotation_is_blamed_for_something_else(logger: dict[str, Any]) -> None:
    blamed = prediction(annotations={"a": "1"}, logger={"metadataAnnotations": ["a"], **logger})
    assert blamed.blocked_by is BlockedBy.CRASH
    assert crashing_annotation_name(blamed) == ""


def test_a_diagnosis_holds_no_value() -> None:
    for value in ("hunter2,hunter3", 'hunter2"', "hunter2\x7f"):
        diagnosis = diagnose(exchange_of(annotations={"password": value}, logger={"metadataAnnotations": ["password"]}))
        assert diagnosis is not None
        assert "hunter" not in " ".join(diagnosis)


STATUSES = [
    ({"a": "1"}, ["a"], {"a": (Status.CARRIED, "1")}),
    ({"a": "1"}, ["b"], {"b": (Status.MISSING, None)}),
    ({"a": "1"}, [" a"], {" a": (Status.MISSING, None)}),
    ({"a": "1", "b": "2"}, ["a,b"], {"a": (Status.CARRIED, "1"), "b": (Status.CARRIED, "2")}),
    ({"modelFormat": "1"}, ["modelFormat"], {"modelFormat": (Status.FILTERED, None)}),
    ({"a": "cost $$5"}, ["a"], {"a": (Status.ALTERED, "cost $5")}),
    ({"a": "$(HOST_IP)"}, ["a"], {"a": (Status.ALTERED, "<HOST_IP>")}),
    ({"a": "l1\nl2", "b": "2"}, ["a", "b"], {"a": (Status.ALTERED, "l1"), "b": (Status.LOST, None)}),
    ({"a": "1,c=3"}, ["a"], {"a": (Status.ALTERED, "1"), "c": (Status.INJECTED, "3")}),
    ({"a": "1,b=9", "b": "2"}, ["b", "a"], {"b": (Status.ALTERED, "9"), "a": (Status.ALTERED, "1")}),
    ({"a": "1,b=9", "b": "2"}, ["a", "b"], {"a": (Status.ALTERED, "1"), "b": (Status.CARRIED, "2")}),
    ({"a": "x,y"}, ["a"], {"a": (Status.LOST, None)}),
    ({"a": "y\r"}, ["a"], {"a": (Status.ALTERED, "y")}),
    ({"a": "x", "b": '1,"a=2"'}, ["a", "b"], {"a": (Status.ALTERED, "2"), "b": (Status.ALTERED, "1")}),
    (
        {"a": 'x,"c=1', "b": '3"'},
        ["a", "b"],
        {"a": (Status.ALTERED, "x"), "b": (Status.LOST, None), "c": (Status.INJECTED, "1,b=3")},
    ),
]


@pytest.mark.parametrize(("annotations", "listed", "statuses"), STATUSES, ids=[str(row[0]) for row in STATUSES])
def test_annotation_statuses(annotations: dict[str, str], listed: list[str], statuses: dict[str, Any]) -> None:
    entries = list(annotation_statuses(prediction(annotations=annotations, logger={"metadataAnnotations": listed})))
    assert {entry.name: (entry.status, entry.value) for entry in entries} == statuses
    assert all(entry.message for entry in entries if entry.status is not Status.CARRIED)


@pytest.mark.parametrize(
    ("annotations", "name", "words"),
    [
        ({"a": "x", "b": '1,"a=2"'}, "a", "a comma in 'b' overrides it"),
        ({"a": 'x,"c=1', "b": '3"'}, "b", "inside a quoted part of 'a'"),
        ({"a": "l1\nl2", "b": "2"}, "b", "line break in 'a'"),
        ({"a": "l1\nl2"}, "a", "first line break"),
        ({"a": 'x,"c=l1\nl2"', "b": "1"}, "a", "splits the list at commas"),
        ({"a": "y\r"}, "a", "carriage return"),
        ({"a": "$(AWS_SECRET_ACCESS_KEY)"}, "a", "the secret AWS_SECRET_ACCESS_KEY"),
        ({"a": "$$"}, "a", "the kubelet expands"),
    ],
)
def test_the_reason_is_the_true_one(annotations: dict[str, str], name: str, words: str) -> None:
    found = prediction(annotations=annotations, logger={"metadataAnnotations": list(annotations)})
    (entry,) = (entry for entry in annotation_statuses(found) if entry.name == name)
    assert words in entry.message


def test_injected_keys_come_in_their_order() -> None:
    found = prediction(annotations={"a": "1,z=1,y=2,x=3"}, logger={"metadataAnnotations": ["a"]})
    assert [entry.name for entry in annotation_statuses(found)] == ["a", "z", "y", "x"]


def test_an_internal_annotation_overrides_the_list() -> None:
    found = prediction(
        annotations={"a": "1", "b": "2"},
        logger={"metadataAnnotations": ["a"]},
        predictor={"annotations": {"internal.serving.kserve.io/logger-metadata-annotations": "b"}},
    )
    entries = {entry.name: entry for entry in annotation_statuses(found)}
    assert (entries["a"].status, entries["b"].status) == (Status.LOST, Status.CARRIED)
    assert "overrides the list" in entries["a"].message


def test_nothing_is_carried_by_an_event_that_is_never_sent() -> None:
    found = exchange_of(annotations={"a": "1"}, logger={"url": "ftp://x", "metadataAnnotations": ["a"]})
    assert not found.delivered
    (entry,) = annotation_statuses(found.prediction, delivered=found.delivered)
    assert entry.status is Status.LOST


@pytest.mark.parametrize(
    ("changes", "remedy"),
    [
        ({"annotations": {"a": "x\0"}, "logger": {"metadataAnnotations": ["a"]}}, "without the NUL character"),
        ({"logger": {"metadataHeaders": ["X" * 131_072]}}, "shorten metadataHeaders"),
        ({"logger": {"url": "http://x/" + "y" * 131_072}}, "shorten logger.url"),
        ({"logger": {"url": "gsx://b", "storage": {"path": "p", "key": "k", "parameters": {}}}}, "s3://, gs://"),
        (
            {
                "release": "0.16.0",
                "logger": {"url": "s3://b", "storage": {"path": "p", "key": "k", "parameters": {"format": "csv"}}},
            },
            "format: json",
        ),
    ],
)
def test_remedies(changes: dict[str, Any], remedy: str) -> None:
    diagnosis = diagnose(exchange_of(**changes))
    assert diagnosis is not None
    assert remedy in diagnosis.remedy


def test_the_component_overrides_the_service() -> None:
    found = prediction(
        annotations={"a": "service"},
        logger={"metadataAnnotations": ["a"]},
        predictor={"annotations": {"a": "component"}},
    )
    (entry,) = annotation_statuses(found)
    assert (entry.status, entry.value) == (Status.OVERRIDDEN, "component")
    assert [value for _, value in entry.sources] == ["service", "component"]
    assert "spec.predictor.annotations wins" in entry.message


def test_a_near_name_is_suggested() -> None:
    found = prediction(
        annotations={"example.com/cost-center": "1"}, logger={"metadataAnnotations": ["example.com/cost-centre"]}
    )
    (entry,) = annotation_statuses(found)
    assert "did you mean 'example.com/cost-center'?" in entry.message


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("X-Request-Id", Status.CARRIED),
        ("x-request-id", Status.LOST),
        ("X-Request-ID", Status.LOST),
        ("Host", Status.LOST),
        ("X-Other", Status.MISSING),
    ],
)
def test_header_statuses(name: str, status: Status) -> None:
    found = exchange_of(logger={"metadataHeaders": [name]})
    (entry,) = header_statuses(found.prediction, found.logged[0].metadata)
    assert (entry.name, entry.status) == (name, status)


def test_before_0_15_several_headers_are_one_name() -> None:
    found = exchange_of(release="0.14.1", logger={"metadataHeaders": ["X-Request-Id", "X-B"]})
    entries = list(header_statuses(found.prediction, found.logged[0].metadata))
    assert {entry.status for entry in entries} == {Status.LOST}
    single = exchange_of(release="0.14.1", logger={"metadataHeaders": ["X-Request-Id"]})
    assert single.logged[0].metadata == {"X-Request-Id": ("r1",)}


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


def test_an_unfinished_batch_waits() -> None:
    storage = {"path": "logs", "key": "k", "parameters": {}}
    found = exchange_of(logger={"url": "s3://b", "storage": storage, "batchSize": 3})
    assert (found.delivery.uploads, found.delivery.pending, found.sends) == ((), 2, True)


STORAGE = {"path": "logs", "key": "k", "parameters": {}}


@pytest.mark.parametrize(
    ("logger", "words"),
    [
        ({"url": "s3://b", "batchSize": 9}, "store not configured"),
        ({"url": "s3:///p", "storage": STORAGE, "batchSize": 9}, "no bucket"),
        ({"url": "S3://b", "storage": STORAGE, "batchSize": 9}, "store not configured"),
        ({"url": "s3://b", "storage": STORAGE, "marshallerUrl": "nonsense"}, "the marshaller cannot be reached"),
    ],
)
def test_a_batch_that_can_never_be_stored_is_no_success(logger: dict[str, Any], words: str) -> None:
    found = exchange_of(logger=logger)
    diagnosis = diagnose(found)
    assert not found.sends
    assert diagnosis is not None
    assert words in diagnosis.because


def test_a_marshaller_of_ones_own_is_posted_an_array() -> None:
    storage = {**STORAGE, "parameters": {"format": "csv"}}
    found = exchange_of(logger={"url": "s3://b", "storage": storage, "marshallerUrl": "http://m/"})
    assert next(upload.key for upload in found.delivery.uploads).endswith("id-1-request.json")
    assert all(upload.data.startswith("[{") and upload.marshaller == "http://m/" for upload in found.delivery.uploads)


def test_a_partial_silence_is_noted() -> None:
    batched = exchange_of(predictor={"batcher": {"maxBatchSize": 2}}, exchange=PREDICT)
    assert batched.sends
    assert any("batcher hides" in note for note in notes(batched))
    overridden = exchange_of(predictor={"annotations": {"internal.serving.kserve.io/logger-mode": "request"}})
    assert any("overrides logger.mode" in note for note in notes(overridden))
    (ignored,) = notes(
        exchange_of(
            component="transformer",
            transformer={
                "containers": [{"name": "kserve-container"}],
                "logger": {"mode": "all", "url": "http://x/", "batchSize": 2},
            },
        )
    )
    assert ignored.startswith("batchSize: KServe reads this from the predictor")
    assert any("shipped defaultUrl" in note for note in notes(exchange_of(logger={"url": None})))
    assert not list(notes(exchange_of()))


@pytest.mark.parametrize(
    ("mode", "release", "noted"), [("Standard", "0.20.0", 1), ("Standard", "0.19.0", 0), ("Knative", "0.20.0", 0)]
)
def test_requests_to_a_canary_are_not_logged(mode: str, release: str, noted: int) -> None:
    found = exchange_of(release=release, installation={"mode": mode}, canary=[{"name": "next", "predictor": {}}])
    assert sum("spec.canary" in note for note in notes(found)) == noted


def test_grpc_was_not_logged_before_0_10() -> None:
    request = Request("POST", "/inference.GRPCInferenceService/ModelInfer", [(":authority", "x")], b"", http2=True)
    exchange = EXCHANGE._replace(request=request)
    assert exchange_of(release="0.10.0", exchange=exchange).sends
    assert not exchange_of(release="0.9.0", exchange=exchange).sends


def test_a_null_in_a_probe_is_no_probe() -> None:
    containers = [{"name": "x", "readinessProbe": {"httpGet": None, "exec": {"command": ["a"]}}}]
    found = prediction(installation={"mode": "Standard"}, predictor={"model": None, "containers": containers})
    assert found.blocked_by is BlockedBy.CRASH


@pytest.mark.parametrize(
    ("release", "mode", "events", "status", "why"),
    [
        ("0.20.0", "response", "all", 500, "no event is sent"),
        ("0.20.0", "response", "request", 200, "no event is sent"),
        ("0.15.2", "all", "response", 200, "response events of KServe 0.15.2 have no metadata; 0.16.0 fixes it"),
    ],
)
def test_a_header_is_lost_for_the_true_reason(release: str, mode: str, events: str, status: int, why: str) -> None:
    found = prediction(release=release, logger={"mode": mode, "metadataHeaders": ["X-Request-Id"]})
    exchanged = predict_exchange(found, EXCHANGE._replace(response=Response(status, (), b"{}")), events)
    metadata = exchanged.logged[0].metadata if exchanged.logged else None
    (entry,) = header_statuses(found, metadata, delivered=exchanged.delivered)
    assert (entry.status, entry.message) == (Status.LOST, why)
    assert not [note for note in notes(exchanged) if "no response event" in note]


def test_a_config_is_read_as_its_release_reads_it() -> None:
    config = {**SHIPPED, "logger": SHIPPED["logger"].replace("{", '{"batchSize": "10", "storage": "x", ', 1)}
    found = {release: prediction(release=release, installation={"config": config}) for release in ("0.15.2", "0.20.0")}
    assert [item.blocked_by for item in found.values()] == [None, BlockedBy.REJECTED_POD]


def test_an_agent_that_requests_do_not_need() -> None:
    changes = {"installation": {"mode": "Standard"}, "predictor": {"containers": [{"name": "agent"}]}}
    effects = {}
    for release in ("0.8.0", "0.20.0"):
        diagnosis = diagnose(exchange_of(release=release, **changes))
        assert diagnosis is not None
        effects[release] = diagnosis.effect
    assert effects["0.8.0"] == "nothing is logged"
    assert "requests fail" in effects["0.20.0"]


@pytest.mark.parametrize(("release", "told"), [("0.11.2", True), ("0.13.1", False), ("0.14.0", True)])
def test_whether_the_agent_tells_of_a_loss(release: str, told: bool) -> None:
    diagnosis = diagnose(exchange_of(release=release, logger={"url": "ftp://x/"}))
    assert diagnosis is not None
    assert diagnosis.effect.startswith("the agent only logs it" if told else "not even the agent's log says so")
