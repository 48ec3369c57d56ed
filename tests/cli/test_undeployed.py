"""Services of which KServe deploys nothing: what `preview` says first, in each format, and that `simulate` agrees."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

MANIFEST = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {{name: {name}, namespace: {namespace}, annotations: {annotations}}}
spec:
  predictor:
    logger: {{mode: request, url: "http://sink.ns/"}}
    {served}
"""
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: inferenceservice-config, namespace: kserve}
data:
  deploy: '{"defaultDeploymentMode": "Standard"}'
  logger: '{"memoryRequest": "1", "memoryLimit": "1", "cpuRequest": "1", "cpuLimit": "1"}'
  agent: '{"memoryRequest": "1", "memoryLimit": "1", "cpuRequest": "1", "cpuLimit": "1"}'
  batcher: '{"memoryRequest": "1", "memoryLimit": "1", "cpuRequest": "1", "cpuLimit": "1"}'
"""
SKLEARN = "sklearn: {storageUri: gs://b/m}"
VERSION = 'model: {modelFormat: {name: sklearn, version: "3"}, storageUri: gs://b/m}'


@pytest.fixture
def preview(isvclog: Any, tmp_path: Path) -> Any:
    """Previews a service; `annotations` are those of serving.kserve.io."""

    def run(served: str, *options: str, name: str = "m", namespace: str = "ns", **annotations: str) -> Any:
        written = json.dumps({f"serving.kserve.io/{key}": value for key, value in annotations.items()})
        text = MANIFEST.format(name=name, namespace=namespace, annotations=written, served=served)
        (tmp_path / "isvc.yaml").write_text(text)
        (tmp_path / "config.yaml").write_text(CONFIG)
        return isvclog("preview", "-f", "isvc.yaml", *options)

    return run


MODELCAR = ('"cpuModelcar": "10m"', '"memoryModelcar": "15Mi"')


@pytest.mark.parametrize("version", ["0.15.2", "0.16.0", "0.17.0", "0.20.0"])
@pytest.mark.parametrize("written", [MODELCAR, MODELCAR[:1], ()])
@pytest.mark.parametrize("mode", ["Knative", "RawDeployment"])
def test_one_release_needs_quantities_of_modelcars(
    isvclog: Any, tmp_path: Path, version: str, written: tuple[str, ...], mode: str
) -> None:
    (tmp_path / "isvc.yaml").write_text(MANIFEST.format(name="m", namespace="ns", annotations="{}", served=SKLEARN))
    config = CONFIG.replace('"Standard"', f'"{mode}"').replace("Knative", "Serverless")
    quantities = ", ".join(('"cpuLimit": "1"', *written))
    (tmp_path / "config.yaml").write_text(f"{config}  storageInitializer: '{{{quantities}}}'\n")
    facts = ("--kserve-version", version, "--inferenceservice-config", "config.yaml")
    previewed = isvclog("preview", "-f", "isvc.yaml", "-o", "json", *facts)
    (component,) = json.loads(previewed.stdout)["services"][0]["components"]
    linted = isvclog("lint", "isvc.yaml", "--select", "uncreated-pod", *facts)
    if version != "0.16.0" or written == MODELCAR:
        assert component["undeployed"] is None
        assert linted.returncode == 0
        return
    missing = "memoryModelcar" if written else "cpuModelcar"
    message = (
        f'failed to get StorageInitializer config: failed to parse resource configuration for "storageInitializer".'
        f"\"{missing}\": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    )
    assert component["undeployed"]["obstacle"] == "storage-config"
    assert component["undeployed"]["message"] == message
    assert '"memoryModelcar": "15Mi" into storageInitializer' in component["problem"]["remedy"]
    assert component["problem"]["effect"].startswith("KServe 0.16.0 deploys no service at all")
    assert f"KServe 0.16.0 deploys no service at all ({message})" in linted.stdout


def heading(done: Any) -> str:
    assert (done.returncode, done.stderr) == (1, ""), done.stderr
    return str(done.stdout.split("\n\n")[1].splitlines()[0])


def test_it_comes_first(preview: Any) -> None:
    shipped = ("--serving-runtime", "shipped")
    assert heading(preview(VERSION, *shipped)) == "predictor  DEPLOYS NOTHING: no runtime fits the model"
    assert preview(VERSION).returncode == 0, "which runtimes exist is not known"
    long = preview(SKLEARN, name="n" * 40, namespace="s" * 20, deploymentMode="Standard")
    assert heading(long) == "predictor  DEPLOYS NOTHING: the host name of the component is too long"
    mode = preview(SKLEARN, "--inferenceservice-config", "config.yaml", deploymentMode="standard")
    assert heading(mode) == "predictor  DEPLOYS NOTHING: the deployment mode is unknown"
    assert "unsupported deployment mode for workload: standard\n" in mode.stdout
    assert preview(SKLEARN, deploymentMode="standard").returncode == 0, "Knative is the default"
    containers = preview("containers: [{name: model, image: x}, {name: side, image: z}]", deploymentMode="Knative")
    assert heading(containers).endswith("DEPLOYS NOTHING: KServe's controller fails because of container names")
    stopped = preview(SKLEARN, stop="true")
    assert heading(stopped) == "predictor  DEPLOYS NOTHING: the annotation serving.kserve.io/stop stops the service"


def test_another_runtime_is_taken_for_several_nodes(preview: Any) -> None:
    served = (
        "model: {modelFormat: {name: huggingface}, storageUri: pvc://c/m}\n    workerSpec: {pipelineParallelSize: 2}"
    )
    options = ("--serving-runtime", "shipped")
    done = preview(served, *options, autoscalerClass="none", deploymentMode="Standard")
    assert heading(done) == "predictor  THE AGENT DOES NOT START (exit code 1)"
    whole = preview(served, *options, "--full", autoscalerClass="none", deploymentMode="Standard")
    assert "from runtime kserve-huggingfaceserver-multinode" in whole.stdout


@pytest.mark.parametrize("output", ["json", "yaml"])
def test_as_data(preview: Any, output: str) -> None:
    done = preview(VERSION, "--serving-runtime", "shipped", "-o", output)
    data = json.loads(done.stdout) if output == "json" else YAML(typ="safe").load(done.stdout)
    component = data["services"][0]["components"][0]
    assert (component["blockedBy"], component["sends"], component["pod"], component["agent"]) == (
        "not-deployed",
        False,
        None,
        None,
    )
    assert component["undeployed"] == {
        "obstacle": "runtime",
        "message": "no runtime found to support predictor with model type: {sklearn 0xc000...}",
        "statusReason": "NoSupportingRuntime",
        "component": "predictor",
    }


def test_secrets_in_kserves_message_are_masked(preview: Any) -> None:
    done = preview('model: {modelFormat: {name: sklearn}, storageUri: "ftp://me:hunter2pass@h/m"}', "-o", "json")
    assert "hunter2pass" not in done.stdout
    assert "StorageURI not supported: " in done.stdout


def test_what_the_webhook_rejects_has_its_message(preview: Any) -> None:
    done = preview("sklearn: {name: mine, storageUri: gs://b/m}")
    assert done.returncode == 1
    assert "message   the 'name' field is not allowed in standard predictor\n" in done.stdout


def test_simulate_starts_no_agent(preview: Any, isvclog: Any) -> None:
    preview(SKLEARN, stop="true")
    done = isvclog("simulate", "-f", "isvc.yaml")
    assert done.returncode == 1
    assert "DEPLOYS NOTHING: the annotation serving.kserve.io/stop stops the service" in done.stdout


def test_the_project_file_names_runtimes(preview: Any, isvclog: Any, tmp_path: Path) -> None:
    (tmp_path / ".isvclog.yaml").write_text("servingRuntimes: [shipped]\n")
    assert "no runtime fits the model" in heading(preview(VERSION))
    assert "[unsupported-model]" in isvclog("lint", "isvc.yaml").stdout
    (tmp_path / ".isvclog.yaml").write_text("servingRuntimes: [gone.yaml]\n")
    assert preview(VERSION).returncode == 3


def test_older_releases_ship_other_runtimes(preview: Any) -> None:
    done = preview(SKLEARN, "--serving-runtime", "shipped", "--kserve-version", "0.16.0")
    assert done.stderr == "isvclog: `shipped` means the runtimes of KServe 0.20.0: 0.16.0 may have fewer.\n"


def test_a_canary_is_shown_by_its_name(isvclog: Any, preview: Any, tmp_path: Path) -> None:
    preview(SKLEARN, deploymentMode="Standard")
    with (tmp_path / "isvc.yaml").open("a") as file:
        file.write("  canary:\n  - {trafficPercent: 10, predictor: {name: next, sklearn: {}}}\n")
    done = isvclog("preview", "-f", "isvc.yaml", "--canary", "next")
    assert heading(done) == "predictor of canary next  LOGS NOTHING: no traffic reaches the agent"
    assert "because   the Service of a canary sends traffic to the model's port, past the agent\n" in done.stdout
    data = json.loads(isvclog("preview", "-f", "isvc.yaml", "--canary", "next", "-o", "json").stdout)
    assert data["services"][0]["components"][0]["canary"] == "next"
    unknown = isvclog("preview", "-f", "isvc.yaml", "--canary", "other")
    assert (unknown.returncode, unknown.stderr) == (
        2,
        "isvclog: error: m has no canary 'other'; its canaries: next.\n",
    )


def test_a_storage_container_of_the_manifests_supports_more(preview: Any, isvclog: Any, tmp_path: Path) -> None:
    served = "model: {modelFormat: {name: sklearn}, storageUri: 'ms://org/model'}"
    assert heading(preview(served)) == "predictor  DEPLOYS NOTHING: KServe cannot fetch the model from its storageUri"
    (tmp_path / "container.yaml").write_text(
        "kind: ClusterStorageContainer\nmetadata: {name: ms}\nspec: {supportedUriFormats: [{prefix: 'ms://'}]}\n"
    )
    assert isvclog("preview", "-f", "isvc.yaml", "-f", "container.yaml").returncode == 0
