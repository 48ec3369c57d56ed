"""What happens to each listed name, which annotation crashes the agent, and what a missing key probably means."""

from typing import Any

import pytest
from predictions import EXCHANGE, exchange_of, prediction
from services import manifest

from isvclog.diagnosis.lineage import (
    Status,
    annotation_statuses,
    crashing_annotation_name,
    expanded_secrets,
    header_statuses,
    near_annotation,
)
from isvclog.diagnosis.notes import notes
from isvclog.kserve.agent.http_exchange import Response
from isvclog.kserve.apis.admission import read_service
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST
from isvclog.kserve.controller.pod import component_pod
from isvclog.kserve.exchange_result import predict_exchange
from isvclog.kserve.prediction import BlockedBy


@pytest.mark.parametrize(
    ("annotations", "name"),
    [
        ({"a": "1", "b": "x,y", "c": "2"}, "b"),
        ({"a": "1", "b": "2", "c": 'say "hi"'}, "c"),
        ({"a": 'x,"b', "b": "1", "c": "2"}, "a"),
        ({"a": "x" * 60_000, "b": "y" * 80_000}, "b"),
        ({"a": "x,y", "b": 'q"r'}, "b"),
        ({"a": "1", "b": "x\0"}, "b"),
    ],
)
def test_crashing_annotation_name(annotations: dict[str, str], name: str) -> None:
    assert (
        crashing_annotation_name(prediction(annotations=annotations, logger={"metadataAnnotations": list(annotations)}))
        == name
    )


@pytest.mark.parametrize("logger", [{"url": "http://a b/"}, {"batchInterval": "5"}, {"metadataHeaders": ['"']}])
def test_no_annotation_is_named_if_something_else_crashes_the_agent(logger: dict[str, Any]) -> None:
    crashing = prediction(annotations={"a": "1"}, logger={"metadataAnnotations": ["a"], **logger})
    assert crashing.blocked_by is BlockedBy.CRASH
    assert crashing_annotation_name(crashing) == ""


def test_an_argument_that_is_not_made_of_the_pods_annotations_names_none() -> None:
    crashing = prediction(annotations={"a": "x" * 131_072}, logger={"metadataAnnotations": ["a"]})
    assert crashing.pod is not None
    assert crashing_annotation_name(crashing._replace(pod=crashing.pod._replace(annotations={}))) == ""


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
        ({"a": "$$"}, "a", "Kubernetes replaces"),
    ],
)
def test_messages_name_the_cause(annotations: dict[str, str], name: str, words: str) -> None:
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


def test_the_component_overrides_the_service() -> None:
    found = prediction(
        annotations={"a": "service"},
        logger={"metadataAnnotations": ["a"]},
        predictor={"annotations": {"a": "component"}},
    )
    (entry,) = annotation_statuses(found)
    assert (entry.status, entry.value) == (Status.OVERRIDDEN, "component")
    assert [value for _, value in entry.sources] == ["service", "component"]
    assert "spec.predictor.annotations overrides" in entry.message


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


@pytest.mark.parametrize(
    ("release", "mode", "events", "status", "why"),
    [
        ("0.20.0", "response", "all", 500, "no event is sent"),
        ("0.15.2", "all", "response", 200, "response events of KServe 0.15.2 have no metadata; 0.16.0 fixes it"),
    ],
)
def test_why_a_header_is_lost(release: str, mode: str, events: str, status: int, why: str) -> None:
    found = prediction(release=release, logger={"mode": mode, "metadataHeaders": ["X-Request-Id"]})
    result = predict_exchange(found, EXCHANGE._replace(response=Response(status, (), b"{}")), events)
    metadata = result.logged[0].metadata if result.logged else None
    (entry,) = header_statuses(found, metadata, delivered=result.delivered)
    assert (entry.status, entry.message) == (Status.LOST, why)
    assert not [note for note in notes(result) if "no response event" in note]


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("example.com/Team", "example.com/team"),
        (" example.com/team", "example.com/team"),
        ("example.com/taem", "example.com/team"),
        ("example.con/team", "example.com/team"),
        ("team", "example.com/team"),
        ("example.com/owner", ""),
        ("example.com/", ""),
        ("other.org/owner", ""),
        ("logger-mode", ""),
    ],
)
def test_near_annotation(key: str, near: str) -> None:
    service = read_service(manifest({"example.com/team": "research", "example.com/stage": "live"}), NEWEST)
    pod = component_pod(service, service.components["predictor"], Installation())
    assert pod is not None
    assert near_annotation(key, pod) == near


@pytest.mark.parametrize(
    ("value", "secrets"),
    [
        ("$(HF_TOKEN) $(AWS_ACCESS_KEY_ID)", ["AWS_ACCESS_KEY_ID", "HF_TOKEN"]),
        ("$$(HF_TOKEN)", []),
        ("$$$(HF_TOKEN)", ["HF_TOKEN"]),
        ("$HF_TOKEN $(HF_TOKEN $(HOST_IP)", []),
    ],
)
def test_expanded_secrets(value: str, secrets: list[str]) -> None:
    assert expanded_secrets(value) == secrets
