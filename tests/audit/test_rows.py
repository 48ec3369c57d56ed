"""Which row a finding stands in, and what is done once."""

import json
from importlib import import_module
from typing import Any

import pytest
from services import manifest

from isvclog.audit import Audit, Pods, RowSettings, service_rows
from isvclog.drift import ComponentState
from isvclog.findings import Severity
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.spec import InferenceService
from isvclog.kserve.prediction import predict
from isvclog.lint.engine import lint_object, select_rules
from isvclog.manifest import Object, Source, load
from isvclog.redact.gate import SecretRedaction
from isvclog.rules.policy import Policy
from isvclog.rules.recovery import recover_service

INSTALLATION = Installation(mode="Standard")


def settings(names: frozenset[str] | None = None) -> RowSettings:
    return RowSettings(select_rules(INSTALLATION, Policy(), names))


def obj(data: dict[str, Any]) -> Object:
    return next(item for item in load(Source("a.json", json.dumps(data).encode()), ()) if isinstance(item, Object))


def pod(data: dict[str, Any], name: str = "p-1", component: str = "predictor") -> dict[str, Any]:
    """A pod as the service's prediction has it."""
    service, _ = recover_service(data, INSTALLATION.release)
    assert isinstance(service, InferenceService)
    predicted = predict(service, service.components[component], INSTALLATION)
    assert predicted.pod is not None
    assert predicted.injection is not None
    containers = [{"name": "kserve-container"}, {"name": "agent", "args": list(predicted.injection.args or ())}]
    return {
        "metadata": {
            "name": name,
            "namespace": "ml",
            "labels": {**predicted.pod.labels, "pod-template-hash": "abc"},
            "annotations": dict(predicted.pod.annotations),
        },
        "spec": {"containers": containers},
    }


def running(*items: dict[str, Any]) -> Pods:
    pods = Pods()
    for item in items:
        pods.add(item)
    return pods


SEVERAL = manifest(
    annotations={"serving.kserve.io/disable-auto-update": "true"},
    logger={"metadataHeaders": ["x-request-id"]},
    transformer={
        "containers": [{"name": "t", "image": "t"}],
        "logger": {"mode": "all", "url": "http://sink", "metadataHeaders": ["x-other"]},
    },
)


def test_each_finding_stands_in_one_row() -> None:
    service = obj(SEVERAL)
    predictor, transformer = service_rows(service, [], settings())
    everything = lint_object(service, settings().lint)
    assert sorted(map(str, predictor.findings + transformer.findings)) == sorted(
        str(SecretRedaction().finding(finding)) for finding in everything
    )
    assert {finding.path[1] for finding in transformer.findings} == {"transformer"}
    assert {finding.path[:2] for finding in predictor.findings} == {
        ("metadata", "annotations"),
        ("spec", "predictor"),
    }


def test_what_concerns_the_service_is_with_the_first_logger() -> None:
    data = json.loads(json.dumps(SEVERAL))
    del data["spec"]["predictor"]["logger"]
    predictor, transformer = service_rows(obj(data), [], settings())
    assert predictor.state is ComponentState.OFF
    assert predictor.findings == ()
    assert "disabled-update" in {finding.rule for finding in transformer.findings}


def test_totals_count_each_service_and_finding_once() -> None:
    other = {**manifest(), "metadata": {"name": "other", "namespace": "ml"}}
    audit = Audit([*service_rows(obj(SEVERAL), [], settings()), *service_rows(obj(other), [], settings())])
    found = list(audit)
    assert (audit.services, audit.rows) == (2, 3)
    assert sum(audit.severities.values()) == sum(len(row.findings) for row in found)
    assert audit.worst() is Severity.ERROR


def test_only_chosen_rules_make_findings() -> None:
    service, pods = obj(manifest()), running(pod(manifest(logger={"mode": "request"})))
    for names, expected in ((None, ["pending-rollout"]), (frozenset({"missing-url"}), [])):
        (row,) = service_rows(service, pods.of("ml", "iris"), settings(names))
        assert [finding.rule for finding in row.findings] == expected
        assert row.state is ComponentState.PENDING


def test_rules_about_pods_are_none_that_lint_could_report() -> None:
    assert "stale-agent" not in settings().lint.names
    assert "missing-url" in settings().lint.names
    assert settings(frozenset({"stale-agent", "missing-url"})).lint.names == {"missing-url"}


def test_a_service_that_cannot_be_read_is_a_row() -> None:
    (row,) = service_rows(obj({**manifest(), "spec": "nothing"}), [], settings())
    assert row.component in ("", "predictor")
    assert row.state in (ComponentState.UNKNOWN, ComponentState.OFF)


def test_a_context_is_in_every_row() -> None:
    found = service_rows(obj(SEVERAL), [], settings()._replace(context="prod"))
    assert [row.context for row in found] == ["prod", "prod"]


def test_pods_alike_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    module = import_module("isvclog.drift.compare")
    explain = module.explain_pod
    monkeypatch.setattr(module, "explain_pod", lambda *given: asked.append(1) or explain(*given))
    old = manifest(logger={"mode": "request"})
    pods = running(*(pod(old, f"p-{index}") for index in range(50)))
    (row,) = service_rows(obj(manifest()), pods.of("ml", "iris"), settings())
    assert row.differences[0].pods == 50
    assert len(asked) == 1


def test_pods_alike_are_kept_once() -> None:
    pods = running(*(pod(manifest(), f"p-{index}") for index in range(3)))
    first, second, third = pods.of("ml", "iris")
    assert [item.name for item in (first, second, third)] == ["p-0", "p-1", "p-2"]
    assert first.annotations is second.annotations is third.annotations
    assert first.agent is third.agent
    assert pods.count == 3
    assert pods.of("other", "iris") == []


def test_text_that_looks_like_something_kept_stays_text() -> None:
    strange = pod(manifest(annotations={"a": "()", "b": repr(((),))}))
    (found,) = running(pod(manifest()), strange).of("ml", "iris")[1:]
    assert all(isinstance(value, str) for value in found.annotations.values())


def test_the_sink_has_no_credentials() -> None:
    data = manifest(logger={"url": "http://user:pass@sink.example/p?token=abc#frag"})
    (row,) = service_rows(obj(data), [], settings())
    assert row.sink.startswith("http://user:***@sink.example/p?token=***")
    assert "pass" not in row.sink
    assert "abc" not in row.sink


def test_the_sink_has_no_token_in_its_path() -> None:
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    (row,) = service_rows(obj(manifest(logger={"url": f"http://sink.example/{token}"})), [], settings())
    assert token not in row.sink


def test_an_argument_that_is_too_long_is_named() -> None:
    data = manifest(
        annotations={"example.com/long": "x" * 131_072}, logger={"metadataAnnotations": ["example.com/long"]}
    )
    started = pod(data)
    state = {"waiting": {"reason": "RunContainerError"}}
    started["status"] = {"containerStatuses": [{"name": "agent", "state": state}]}
    (row,) = service_rows(obj(data), running(started).of("ml", "iris"), settings())
    (difference,) = row.differences
    assert row.state is ComponentState.CRASHING
    assert difference.sentence.startswith(
        "The agent of 1 pod of `abc` does not start (`RunContainerError`): annotation"
    )
    assert "example.com/long" in difference.sentence
    assert "xxx" not in difference.sentence
