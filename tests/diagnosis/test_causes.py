"""Why a logger sends nothing, what that means in the cluster and what to do, and notes about what is missing."""

from typing import Any

import pytest
from predictions import EXCHANGE, exchange_of

from isvclog.diagnosis.causes import diagnose
from isvclog.diagnosis.notes import notes
from isvclog.kserve.apis.installation import SHIPPED
from isvclog.kserve.prediction import BlockedBy

PREDICT = EXCHANGE._replace(request=EXCHANGE.request._replace(target="/v1/models/iris:predict"))


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
def test_what_blocks_a_logger_is_explained(changes: dict[str, Any], blocked_by: BlockedBy, code: int | None) -> None:
    found = exchange_of(**changes)
    startup = found.prediction.startup
    assert (found.prediction.blocked_by, startup and startup.exit) == (blocked_by, code)
    assert not found.sends
    diagnosis = diagnose(found)
    assert diagnosis is not None
    assert all((diagnosis.because, diagnosis.effect, diagnosis.remedy))


def test_a_diagnosis_contains_no_value() -> None:
    for value in ("hunter2,hunter3", 'hunter2"', "hunter2\x7f"):
        diagnosis = diagnose(exchange_of(annotations={"password": value}, logger={"metadataAnnotations": ["password"]}))
        assert diagnosis is not None
        assert "hunter" not in " ".join(diagnosis)


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
def test_a_batch_that_can_never_be_stored_is_explained(logger: dict[str, Any], words: str) -> None:
    found = exchange_of(logger=logger)
    diagnosis = diagnose(found)
    assert not found.sends
    assert diagnosis is not None
    assert words in diagnosis.because


def test_missing_events_and_ineffective_fields_are_noted() -> None:
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
    assert ignored.startswith("KServe reads batchSize from the predictor")
    assert any("KServe's defaultUrl" in note for note in notes(exchange_of(logger={"url": None})))
    assert not list(notes(exchange_of()))


@pytest.mark.parametrize(("size", "count"), [(2_147_483_648, 1), (5_368_710, 1), (5_368_709, 0), (1000, 0)])
def test_a_batch_that_takes_more_memory_than_the_agent_has_is_noted(size: int, count: int) -> None:
    found = exchange_of(logger={"batchSize": size})
    assert sum("bytes at start: it exits with code 2" in note for note in notes(found)) == count


@pytest.mark.parametrize(
    ("mode", "release", "count"),
    [("Standard", "0.20.0", 1), ("Standard", "0.19.0", 0), ("Knative", "0.20.0", 0)],
)
def test_requests_to_a_canary_are_not_logged(mode: str, release: str, count: int) -> None:
    found = exchange_of(
        release=release,
        installation={"mode": mode},
        canary=[{"trafficPercent": 10, "predictor": {"name": "next", "sklearn": {}}}],
    )
    assert sum("spec.canary" in note for note in notes(found)) == count


def test_requests_fail_without_an_agent_if_the_service_points_to_it() -> None:
    changes = {"installation": {"mode": "Standard"}, "predictor": {"containers": [{"name": "agent"}]}}
    effects = {}
    for release in ("0.8.0", "0.20.0"):
        diagnosis = diagnose(exchange_of(release=release, **changes))
        assert diagnosis is not None
        effects[release] = diagnosis.effect
    assert effects["0.8.0"] == "nothing is logged"
    assert "requests fail" in effects["0.20.0"]


@pytest.mark.parametrize(("release", "logged"), [("0.11.2", True), ("0.13.1", False), ("0.14.0", True)])
def test_the_effect_says_whether_the_agent_logs_a_drop(release: str, logged: bool) -> None:
    diagnosis = diagnose(exchange_of(release=release, logger={"url": "ftp://x/"}))
    assert diagnosis is not None
    reported = "only the agent's log reports it" if logged else "not even the agent's log reports it"
    assert diagnosis.effect.endswith(reported)
