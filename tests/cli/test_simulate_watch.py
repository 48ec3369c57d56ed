"""`isvclog simulate --watch`: changes of a manifest or a service while requests are proxied."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from live_cluster import config, runtime, service
from local_sink import LocalSink

Start = Callable[..., LocalSink]
MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  namespace: ml
  annotations:
    example.com/team: risk
    example.com/owner: unknown
spec:
  predictor:
    logger:
      mode: request
      url: http://sink.ml.svc.cluster.local/events
      metadataAnnotations: [example.com/team, example.com/owner]
    model:
      modelFormat: {name: sklearn}
"""
ROLLOUT = "the real sidecar keeps its metadata until its pod is replaced, so it needs a rollout for that."
PREDICT = {"path": "/v1/models/fraud:predict"}


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Start:
    """Start a simulation in the folder of the test, which has the manifest."""
    (tmp_path / "isvc.yaml").write_text(MANIFEST)
    return lambda *arguments: LocalSink(tmp_path, environment, *arguments, "--watch", command="simulate")


def ask(simulated: LocalSink, number: int) -> None:
    assert simulated.post({"Ce-Id": str(number)}, b'{"instances":[[1]]}', **PREDICT)[0] == 200


def items(simulated: LocalSink, kind: str) -> list[dict[str, Any]]:
    """The items of one kind."""
    return [item for item in map(json.loads, simulated.stdout.splitlines()) if item["kind"] == kind]


def test_a_changed_manifest_has_its_effect(start: Start, tmp_path: Path) -> None:
    manifest = tmp_path / "isvc.yaml"
    with start("-f", "isvc.yaml", "-o", "json") as simulated:
        ask(simulated, 1)
        manifest.write_text(MANIFEST.replace("risk", "fraud"))
        simulated.wait_for("generation 2")
        ask(simulated, 2)
        manifest.write_text(MANIFEST.replace("risk", "a,b"))
        simulated.wait_for("generation 2 stays")
        ask(simulated, 3)
    told = [item["message"] for item in items(simulated, "changed")]
    assert told == [
        f"generation 2: annotation example.com/team changed; {ROLLOUT}",
        "a change is not used, and generation 2 stays: the agent would not start (exit code 255): an annotation is not "
        "a key=value pair; `isvclog preview` shows the remedy.",
    ]
    assert [line for line in simulated.stderr.splitlines() if "generation " in line][:2] == [
        f"isvclog: {sentence}" for sentence in told
    ]
    teams = {item["attributes"]["id"]: item["annotations"]["example.com/team"] for item in items(simulated, "event")}
    assert teams == {"1": "risk", "2": "fraud", "3": "fraud"}
    assert items(simulated, "listening")[0]["isWatched"] is True
    assert items(simulated, "ended")[0]["generation"] == 2
    assert "Because of --watch, changes are used here at once; the real agent needs new pods" in simulated.stderr
    assert simulated.stderr.endswith("no event lost; used 2 generations of metadata.\n")


def test_what_is_sensitive_in_a_change_is_told(start: Start, tmp_path: Path) -> None:
    with start("-f", "isvc.yaml", "-o", "json") as simulated:
        (tmp_path / "isvc.yaml").write_text(MANIFEST.replace("unknown", "ada@example.com"))
        simulated.wait_for("leaves the cluster")
    (changed,) = items(simulated, "changed")
    assert len(changed["sensitive"]) == 1
    assert f"isvclog: {changed['sensitive'][0]}\n" in simulated.stderr
    assert "ada@example.com" not in simulated.stdout + simulated.stderr


def test_each_generation_is_redacted(start: Start, tmp_path: Path) -> None:
    with start("-f", "isvc.yaml", "-o", "json", "--redact", "--reveal") as simulated:
        (tmp_path / "isvc.yaml").write_text(MANIFEST.replace("unknown", "ada@example.com"))
        simulated.wait_for("generation 2")
        ask(simulated, 1)
    (event,) = items(simulated, "event")
    assert event["annotations"] == {"example.com/owner": "***", "example.com/team": "risk"}
    assert "ada@example.com" not in simulated.stdout + simulated.stderr


def test_a_service_that_is_renamed_is_not_followed(start: Start, tmp_path: Path) -> None:
    with start("-f", "isvc.yaml") as simulated:
        (tmp_path / "isvc.yaml").write_text(MANIFEST.replace("name: fraud", "name: other"))
        simulated.wait_for("generation 1 stays: there is no InferenceService 'ml/fraud' in the given files")
        (tmp_path / "isvc.yaml").write_text(MANIFEST.replace("  predictor:", "  transformer:"))
        simulated.wait_for("generation 1 stays")


def test_larger_metadata_than_allowed_is_refused(start: Start, tmp_path: Path) -> None:
    with start("-f", "isvc.yaml", "--max-metadata", "50") as simulated:
        (tmp_path / "isvc.yaml").write_text(MANIFEST.replace("risk", "a-longer-name"))
        simulated.wait_for("generation 1 stays: the listed annotations have 53 bytes, and --max-metadata allows 50")


def test_a_changed_config_map_has_its_effect(start: Start, tmp_path: Path) -> None:
    configured = json.dumps(config("kserve/agent:v0.20.0"))
    (tmp_path / "config.yaml").write_text(configured)
    with start("-f", "isvc.yaml", "--inferenceservice-config", "config.yaml") as simulated:
        (tmp_path / "config.yaml").write_text("not a ConfigMap")
        simulated.wait_for("generation 1 stays")
        (tmp_path / "config.yaml").write_text(configured)
        simulated.wait_for("the settings are those of generation 1 again.")


def test_a_service_of_a_cluster_is_followed(start: Start, tmp_path: Path, environment: dict[str, str]) -> None:
    with ApiServer() as api:
        api.add(config(), runtime(), service())
        environment["KUBECONFIG"] = api.kubeconfig(tmp_path, context="prod", namespace="ml")
        with start("iris", "-o", "json") as simulated:
            changed = service()
            changed["metadata"]["annotations"]["team"] = "fraud"
            api.update(changed)
            simulated.wait_for("generation 2: annotation team changed;")
            ask(simulated, 1)
            api.delete("inferenceservices", "ml", "iris")
            simulated.wait_for("generation 2 stays: the service was deleted.")
            ask(simulated, 2)
    assert {item["annotations"]["team"] for item in items(simulated, "event")} == {"fraud"}
