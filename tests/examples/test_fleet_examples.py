"""The examples for fleets: objects that Kubernetes takes, jobs that run, and rules about metrics that there are."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes.client
import live_cluster
import pytest
from apiserver import ApiServer
from rbac import is_allowed
from ruamel.yaml import YAML

from isvclog.audit.model import Audit, Row
from isvclog.findings import NOWHERE, Finding, Severity
from isvclog.report.formats import FormatSettings, audit_format

ROOT = Path(__file__).parents[2]
FLEET = ROOT / "examples" / "fleet"
MODELS = {
    "Namespace": "V1Namespace",
    "ServiceAccount": "V1ServiceAccount",
    "ClusterRole": "V1ClusterRole",
    "ClusterRoleBinding": "V1ClusterRoleBinding",
    "Role": "V1Role",
    "RoleBinding": "V1RoleBinding",
    "CronJob": "V1CronJob",
    "Job": "V1Job",
}
"""The classes of the Kubernetes client, which are generated from its OpenAPI, by kind."""
PROMTOOL = shutil.which("promtool")
FROM_OTHERS = {"kube_cronjob_status_last_successful_time"}
"""Metrics of kube-state-metrics itself."""

needs_promtool = pytest.mark.skipif(not PROMTOOL, reason="there is no promtool, which reads rules and queries")


def documents(name: str) -> list[Any]:
    return [dict(item) for item in YAML(typ="safe").load_all(FLEET / name)]


def objects() -> Iterator[Any]:
    for name in ("rbac.yaml", "cronjob.yaml", "argocd-postsync.yaml"):
        for item in documents(name):
            yield pytest.param(item, id=f"{item['kind']}-{item['metadata'].get('namespace', '')}")


def check(value: Any, kind: str, place: str) -> None:
    """Check plain data against a type of the client: no unknown field, none of another type, and none missing."""
    if found := re.fullmatch(r"[Ll]ist\[(.*)\]", kind):
        assert isinstance(value, list), place
        for index, item in enumerate(value):
            check(item, found[1], f"{place}[{index}]")
    elif found := re.fullmatch(r"[Dd]ict[(\[]str, (.*)[)\]]", kind):
        assert isinstance(value, dict), place
        for key, item in value.items():
            check(item, found[1], f"{place}.{key}")
    elif model := getattr(kubernetes.client, kind, None):
        names = {model.attribute_map[name]: (name, kind) for name, kind in model.openapi_types.items()}
        unknown = set(value) - set(names)
        assert not unknown, f"{place}: {unknown}"
        model(**{names[key][0]: item for key, item in value.items()})  # raises for what is missing
        for key, item in value.items():
            check(item, names[key][1], f"{place}.{key}")
    else:
        types: dict[str, Any] = {"str": str, "int": int, "bool": bool, "object": object, "datetime": str}
        assert isinstance(value, types[kind]), (place, kind, value)


@pytest.mark.parametrize("item", [*objects()])
def test_objects_are_of_the_api_of_kubernetes(item: dict[str, Any]) -> None:
    check(item, MODELS[item["kind"]], item["kind"])


def test_the_check_of_objects_finds_mistakes() -> None:
    (job,) = documents("cronjob.yaml")
    check(job, "V1CronJob", "")
    for change in ({"spec": {**job["spec"], "suspended": True}}, {"spec": {**job["spec"], "schedule": 5}}):
        with pytest.raises((AssertionError, ValueError)):
            check({**job, **change}, "V1CronJob", "")
    with pytest.raises(ValueError, match="schedule"):
        check({**job, "spec": {"jobTemplate": job["spec"]["jobTemplate"]}}, "V1CronJob", "")


def test_containers_are_restricted() -> None:
    (cron,), (hook,) = documents("cronjob.yaml"), documents("argocd-postsync.yaml")
    for pod in (cron["spec"]["jobTemplate"]["spec"]["template"]["spec"], hook["spec"]["template"]["spec"]):
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in (*pod.get("initContainers", ()), *pod["containers"]):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert not container["image"].endswith(":latest")


def test_the_image_has_no_root() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    steps = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    last = [index for index, (step, _) in enumerate(steps) if step == "FROM"][-1]
    assert ["USER", "65532:65532"] in steps[last:]
    assert steps[-1] == ["ENTRYPOINT", '["isvclog"]']
    assert all(":" in image and "latest" not in image for step, image in steps if step == "FROM")
    assert not any(step == "ADD" or step == "RUN" for step, _ in steps[last:])


@pytest.mark.skipif(not shutil.which("kubectl"), reason="there is no kubectl, which builds the folder")
def test_the_folder_is_built() -> None:
    built = subprocess.run(["kubectl", "kustomize", str(FLEET)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    found = list(YAML(typ="safe").load_all(built.stdout))
    assert len(found) == len(documents("rbac.yaml")) + len(documents("cronjob.yaml"))
    assert "image: registry.example.com/isvclog:1" in built.stdout
    assert "image: isvclog\n" not in built.stdout


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """Start a cluster with a service, and let `isvclog` be a command."""
    with ApiServer() as api:
        api.add_all([live_cluster.config(), live_cluster.runtime(), live_cluster.sink(), live_cluster.service("iris")])
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path, namespace="ml"))
        monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("NO_PROXY", "*")
        monkeypatch.chdir(tmp_path)
        (tmp_path / ".git").mkdir()
        yield api


def test_the_job_reads_what_its_roles_allow_and_writes_reports(api: ApiServer, tmp_path: Path) -> None:
    (cron,) = documents("cronjob.yaml")
    audit = cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]["initContainers"][0]
    command = [word.replace("/reports/", f"{tmp_path}/") for word in (*audit["command"], *audit["args"])]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    (report,) = json.loads((tmp_path / "reports.json").read_text(encoding="utf-8"))["items"]
    assert report["scope"]["name"] == "iris"
    roles = documents("rbac.yaml")
    assert [request.path for request in api.requests if not is_allowed(request, roles)] == []
    assert len(api.requests) > 4
    written = {
        group
        for role in roles
        for rule in role.get("rules", ())
        if set(rule["verbs"]) - {"get", "list"}
        for group in rule["apiGroups"]
    }
    assert written == {"openreports.io"}


def test_the_job_goes_on_if_something_cannot_be_read_and_ends_if_it_cannot_run(api: ApiServer, tmp_path: Path) -> None:
    (cron,) = documents("cronjob.yaml")
    audit = cron["spec"]["jobTemplate"]["spec"]["template"]["spec"]["initContainers"][0]
    script = audit["args"][0].replace("/reports/", f"{tmp_path}/")
    api.forbid("pods")
    assert subprocess.run(["sh", "-c", script], capture_output=True, check=False).returncode == 0
    assert json.loads((tmp_path / "reports.json").read_text(encoding="utf-8"))["items"]
    wrong = script.replace("--exit-zero", "--no-such-option")
    assert subprocess.run(["sh", "-c", wrong], capture_output=True, check=False).returncode == 1


@pytest.mark.usefixtures("api")
def test_the_metrics_of_the_textfile_collector_replace_older_ones(tmp_path: Path) -> None:
    folder = tmp_path / "textfile"
    folder.mkdir()
    (folder / "isvclog.prom").write_text("old", encoding="utf-8")
    ended = subprocess.run([FLEET / "textfile.sh", folder], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert [path.name for path in folder.iterdir()] == ["isvclog.prom"]
    text = (folder / "isvclog.prom").read_text(encoding="utf-8")
    assert 'isvclog_audit_services{context="test"} 1\n' in text
    assert text.endswith("# EOF\n")


def audited() -> list[Row]:
    return [Row("eu", "ml", "iris", "predictor", findings=(Finding("", NOWHERE, Severity.ERROR, "r", "m."),))]


def metric_names() -> set[str]:
    """The metrics that an audit, kube-state-metrics with the example, and the recording rules have."""
    text = "".join(audit_format("openmetrics")(Audit(audited()), FormatSettings()))
    (state,) = documents("kube-state-metrics.yaml")
    recorded = {rule["record"] for group in rules() for rule in group["rules"] if "record" in rule}
    return {
        *re.findall(r"^(\w+)[{ ]", text, re.MULTILINE),
        *(
            f"{each['metricNamePrefix']}_{metric['name']}"
            for each in state["spec"]["resources"]
            for metric in each["metrics"]
        ),
        *recorded,
        *FROM_OTHERS,
    }


def rules() -> list[Any]:
    (document,) = documents("prometheus-rules.yaml")
    return list(document["groups"])


def dashboard() -> Any:
    return json.loads((FLEET / "grafana-dashboard.json").read_text(encoding="utf-8"))


def queries() -> list[str]:
    """The queries of the rules, of the panels and of the variables."""
    variables = [
        each["query"]["query"] for each in dashboard()["templating"]["list"] if isinstance(each["query"], dict)
    ]
    return [
        *(rule["expr"] for group in rules() for rule in group["rules"]),
        *(target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]),
        *variables,
    ]


def test_rules_and_panels_are_about_metrics_that_there_are() -> None:
    known = metric_names()
    used = [set(re.findall(r"\b(?:isvclog|kube)_[\w:]+", query)) for query in queries()]
    assert all(used)
    assert set().union(*used) <= known
    assert set().union(*used) >= {name for name in known if name.startswith("isvclog_audit_")}


def test_panels_do_not_overlap_and_have_titles() -> None:
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for panel in panels
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
    names = {each["name"] for each in dashboard()["templating"]["list"]}
    assert set(re.findall(r"\$\{?(\w+)", json.dumps(dashboard()).replace("$__all", ""))) <= names


@needs_promtool
def test_promtool_takes_the_rules_and_their_tests(tmp_path: Path) -> None:
    for file in (FLEET / "prometheus-rules.yaml", Path(__file__).with_name("fleet-rules-test.yaml")):
        shutil.copy(file, tmp_path)
    for command in (["check", "rules", "prometheus-rules.yaml"], ["test", "rules", "fleet-rules-test.yaml"]):
        ended = subprocess.run(["promtool", *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr


@needs_promtool
def test_promtool_takes_the_queries_of_the_dashboard() -> None:
    for panel in dashboard()["panels"]:
        for target in panel["targets"]:
            command = ["promtool", "--experimental", "promql", "format", target["expr"].replace("$context", ".*")]
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            assert ended.returncode == 0, ended.stderr


def test_kube_state_metrics_finds_its_paths_in_reports() -> None:
    (report,) = json.loads("".join(audit_format("openreports")(Audit(audited()), FormatSettings())))["items"]
    (document,) = documents("kube-state-metrics.yaml")
    (resource,) = document["spec"]["resources"]
    kind = resource["groupVersionKind"]
    assert (f"{kind['group']}/{kind['version']}", kind["kind"]) == (report["apiVersion"], report["kind"])
    labels = {name: at(report, path) for name, path in resource["labelsFromPath"].items()}
    assert labels == {"namespace": "ml", "inferenceservice": "iris", "source": "isvclog"}
    (metric,) = resource["metrics"]
    assert set(metric) == {"name", "help", "each"}
    assert (metric["each"]["type"], set(metric["each"]["gauge"])) == ("Gauge", {"path", "labelFromKey"})
    assert at(report, metric["each"]["gauge"]["path"]) == {"pass": 0, "fail": 1, "warn": 0, "error": 0, "skip": 0}


def at(value: Any, path: list[str]) -> Any:
    for step in path:
        value = value[step]
    return value


def test_recipes_sync_this_folder() -> None:
    (application,) = documents("argocd.yaml")
    source, flux = documents("flux.yaml")
    assert (application["apiVersion"], application["kind"]) == ("argoproj.io/v1alpha1", "ApplicationSet")
    template = application["spec"]["template"]["spec"]
    assert (FLEET / template["source"]["path"] / "kustomization.yaml").exists()
    assert (FLEET / flux["spec"]["path"] / "kustomization.yaml").exists()
    assert flux["spec"]["sourceRef"] == {"kind": source["kind"], "name": source["metadata"]["name"]}
    assert template["destination"]["namespace"] == documents("cronjob.yaml")[0]["metadata"]["namespace"]


@pytest.mark.parametrize("name", ["argocd.yaml", "flux.yaml"])
def test_recipes_are_as_the_definitions_of_their_projects_say(name: str) -> None:
    """`oracles/recipes` records the part of each CustomResourceDefinition that they use; it takes no other field."""
    known = json.loads((Path(__file__).parent / "recipes.json").read_text(encoding="utf-8"))
    for recipe in documents(name):
        schema = known[f"{recipe['apiVersion']} {recipe['kind']}"]["schema"]
        given = {**recipe, "metadata": {}}
        jsonschema.validate(given, schema)
        for wrong in ({**given, "sepc": {}}, {**given, "spec": {**given["spec"], "unknown": 1}}, {**given, "spec": {}}):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(wrong, schema)
