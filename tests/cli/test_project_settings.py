"""Each command that predicts takes the facts about the cluster from the project file, and its options override them."""

from pathlib import Path
from typing import Any

import pytest

SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: iris
  namespace: ml
  annotations: {team: risk}
spec:
  predictor:
    logger: {mode: all, url: http://sink.example/, metadataAnnotations: [team]}
    model: {modelFormat: {name: sklearn}, storageUri: gs://b/m}
"""
PREDICTING = {
    "lint": ["lint", "isvc.yaml"],
    "preview": ["preview", "-f", "isvc.yaml"],
    "simulate": ["simulate", "-f", "isvc.yaml", "--listen", "127.0.0.1:0"],
    "sink": ["sink", "--expect", "isvc.yaml", "--listen", "127.0.0.1:0", "--timeout", "0"],
    "add-annotation": ["add-annotation", "-f", "isvc.yaml", "new", "--check"],
    "remove-annotation": ["remove-annotation", "-f", "isvc.yaml", "team", "--check"],
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "isvc.yaml").write_text(SERVICE)
    return tmp_path / ".isvclog.yaml"


@pytest.mark.parametrize("command", PREDICTING)
def test_runtimes(command: str, isvclog: Any, project: Path) -> None:
    project.write_text("servingRuntimes: [gone.yaml]\n")
    done = isvclog(*PREDICTING[command])
    assert (done.returncode, "gone.yaml" in done.stderr) == (3, True)
    assert "gone.yaml" not in isvclog("lint", "isvc.yaml", "--no-config").stderr


@pytest.mark.parametrize("command", ["lint", "preview", "sink"])
def test_an_option_overrides_runtimes(command: str, isvclog: Any, project: Path) -> None:
    project.write_text("servingRuntimes: [gone.yaml]\n")
    assert "gone.yaml" not in isvclog(*PREDICTING[command], "--serving-runtime", "shipped").stderr
    assert "gone.yaml" not in isvclog(*PREDICTING[command], "--no-config").stderr


def test_release_and_distribution(isvclog: Any, project: Path) -> None:
    project.write_text('distribution: odh\nkserveVersion: "0.15.2"\n')
    facts = isvclog("preview", "-f", "isvc.yaml").stdout.split("\n")[1]
    assert facts == "KServe 0.15.2, Standard mode, Open Data Hub inferenceservice-config"
    overridden = isvclog("preview", "-f", "isvc.yaml", "--distribution", "rhoai", "--kserve-version", "0.17.0")
    assert overridden.stdout.split("\n")[1].startswith("KServe 0.17.0, Standard mode, OpenShift AI")


CONFIG = """\
kind: ConfigMap
metadata: {name: inferenceservice-config}
data:
  inferenceService: '{}'
  logger: '{"memoryRequest": "1", "memoryLimit": "1", "cpuRequest": "1", "cpuLimit": "1", "defaultUrl": ""}'
  deploy: '{"defaultDeploymentMode": "Standard"}'
"""


def test_a_config_map(isvclog: Any, project: Path) -> None:
    file = project.parent / "kserve" / "config.yaml"
    file.parent.mkdir()
    file.write_text(CONFIG)
    project.write_text("inferenceserviceConfig: kserve/config.yaml\n")
    facts = isvclog("preview", "-f", "isvc.yaml").stdout.split("\n")[1]
    assert facts == "KServe 0.21.0, Standard mode, given inferenceservice-config; agent not tested"
    other = isvclog("preview", "-f", "isvc.yaml", "--distribution", "rhoai")
    assert "OpenShift AI inferenceservice-config" in other.stdout
    file.unlink()
    assert {isvclog(*command).returncode for command in PREDICTING.values()} == {3}


def test_the_release_for_validation(isvclog: Any, project: Path) -> None:
    project.write_text('kserveVersion: "0.13.1"\n')
    assert "KServe 0.13.1 does not know `metadataAnnotations`" in isvclog("validate", "isvc.yaml").stdout
    assert isvclog("validate", "isvc.yaml", "--kserve-version", "0.20.0").returncode == 0


@pytest.mark.parametrize("command", ["sink", "simulate"])
def test_words_for_masking(command: str, isvclog: Any, project: Path) -> None:
    project.write_text("nonsense: 1\n")
    assert isvclog(*PREDICTING[command]).returncode == 2
