"""Facts of a cluster, each with where it is from, and what is assumed in one line where it cannot be read."""

from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from live_cluster import CRD_NAME, KSERVE, applied, config, controller, runtime, service

from isvclog.cluster import Access, Cluster, Unauthorized, Unreachable, connect
from isvclog.filenames import live_name
from isvclog.kserve.apis.installation import SHIPPED
from isvclog.kserve.apis.releases import NEWEST, find_release
from isvclog.live import Facts, Overrides, read_facts
from isvclog.manifest import live_object

CONFIG = f"{KSERVE}/configmaps"
DEPLOYMENT = "/apis/apps/v1/namespaces/kserve/deployments"
RUNTIMES = "/apis/serving.kserve.io/v1alpha1"


class Sentences(list[str]):
    """What people were sentences."""

    def __call__(self, sentence: str) -> None:
        self.append(sentence)


@pytest.fixture
def sentences() -> Sentences:
    return Sentences()


def origins(facts: Facts, item: dict[str, Any]) -> dict[str, str]:
    return dict(facts.origins(item))


def pruned(facts: Facts, item: dict[str, Any]) -> list[str]:
    return [str(found.path[-1]) for found in facts.pruned(live_object(live_name("ml", "iris"), item))]


def test_everything_is_told(cluster: Cluster, sentences: Sentences) -> None:
    facts = read_facts(cluster, Overrides(), sentences)
    item = service()
    installation = facts.installation(item)
    assert str(installation.release) == "0.16.0"
    assert installation.config == config()["data"]
    assert installation.mode == "Standard"
    assert [found.name for found in installation.runtimes] == ["sklearnserver"]
    assert origins(facts, item) == {
        "release": "0.16.0, from the image kserve/agent:v0.16.0 of ConfigMap kserve/inferenceservice-config",
        "config": "ConfigMap kserve/inferenceservice-config",
        "mode": "Standard, from the status of the service",
        "runtime": "ClusterServingRuntime sklearnserver",
    }
    assert sentences == []


def test_each_fact_is_read_once(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    facts = read_facts(cluster, Overrides(many=True), sentences)
    for number in range(20):
        item = applied(service(f"s{number}"), batchSize=3)
        facts.installation(item)
        facts.pruned(live_object("x", item))
    assert len(api.requests) == 5  # the ConfigMap, two lists of runtimes, the namespace, the CRD


def test_statements_of_the_user_win(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    given = Overrides(find_release("0.14.0"), None, "Knative", SHIPPED, ())
    facts = read_facts(cluster, given, sentences)
    found = origins(facts, service())
    assert (str(facts.release), facts.config) == ("0.14.0", SHIPPED)
    assert (found["release"], found["mode"]) == ("0.14.0, from --kserve-version", "Knative, from the command line")
    assert not any(request.path.startswith(CONFIG) for request in api.requests)


def test_kserve_may_be_installed_elsewhere(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    moved = config("kserve/agent:v0.15.1")
    moved["metadata"]["namespace"] = "serving"
    api.add(moved)
    facts = read_facts(cluster, Overrides(namespace="serving"), sentences)
    assert str(facts.release) == "0.15.1"
    assert "serving/inferenceservice-config" in origins(facts, service())["release"]


def test_the_release_is_that_of_the_controller_if_the_config_names_none(
    api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    api.update(config("kserve/agent:latest"))
    facts = read_facts(cluster, Overrides(), sentences)
    assert origins(facts, service())["release"] == (
        "0.15.2, from the image kserve/kserve-controller:v0.15.2 of Deployment kserve/kserve-controller-manager"
    )
    assert sentences == []


def test_for_a_candidate_its_release_is_assumed_with_a_note(
    api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    api.update(config("kserve/agent:v0.16.0-rc1"))
    assert str(read_facts(cluster, Overrides(), sentences).release) == "0.16.0"
    (sentence,) = sentences
    assert "v0.16.0-rc1" in sentence
    assert "KServe 0.16.0, is assumed" in sentence


def test_a_release_that_no_image_names_is_the_newest_or_the_projects(
    api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    api.update(config("kserve/agent:latest"))
    api.update(controller("kserve/kserve-controller:latest"))
    assert read_facts(cluster, Overrides(), sentences).release == NEWEST
    (sentence,) = sentences
    assert f"{NEWEST} is assumed" in sentence
    assert str(read_facts(cluster, Overrides(fallback=find_release("0.14.0")), sentences).release) == "0.14.0"


@pytest.mark.parametrize("how", ["forbidden", "absent", "broken"])
def test_without_the_config_the_default_is_assumed(
    how: str, api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    if how == "forbidden":
        api.forbid("configmaps")
    elif how == "absent":
        api.delete("configmaps", "kserve", "inferenceservice-config")
    else:
        api.fail(CONFIG, 500, -1)
    facts = read_facts(cluster, Overrides(), sentences)
    assert facts.config is SHIPPED
    assert str(facts.release) == "0.15.2"  # the controller's
    (sentence,) = sentences
    assert sentence.startswith("ConfigMap kserve/inferenceservice-config cannot be read (")
    assert sentence.endswith("): KServe's default is assumed.")
    expected = {"forbidden": "(no permission)", "absent": "(it does not exist)", "broken": "500"}
    assert expected[how] in sentence


def test_a_malformed_config_is_one_line_too(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    api.fail(CONFIG, 200, 1, body={"kind": "ConfigMap", "apiVersion": "v1", "data": {"logger": 3}})
    assert read_facts(cluster, Overrides(), sentences).config is SHIPPED
    assert len(sentences) == 1


@pytest.mark.parametrize("how", ["forbidden", "absent"])
def test_without_any_image_the_newest_release_is_assumed(
    how: str, api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    api.update(config("kserve/agent:latest"))
    if how == "forbidden":
        api.forbid("deployments")
    else:
        api.delete("deployments", "kserve", "kserve-controller-manager")
    assert read_facts(cluster, Overrides(), sentences).release == NEWEST
    (sentence,) = sentences
    assert sentence.startswith("Deployment kserve/kserve-controller-manager cannot be read (")
    assert f"KServe {NEWEST} is assumed." in sentence


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("how", ["forbidden", "not installed"])
def test_without_runtimes_their_part_is_unknown(
    how: str, many: bool, api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    for plural in ("servingruntimes", "clusterservingruntimes"):
        api.forbid(plural) if how == "forbidden" else api.uninstall(plural)
    facts = read_facts(cluster, Overrides(many=many), sentences)
    for _ in range(3):
        assert facts.installation(service()).runtimes == ()
    assert origins(facts, service())["runtime"] == "unknown"
    assert len(sentences) == 2  # one for each kind
    assert all("cannot be read (" in sentence and "is unknown." in sentence for sentence in sentences)


@pytest.mark.parametrize("how", ["forbidden", "absent"])
def test_without_the_crd_its_fields_are_those_of_the_release(
    how: str, api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    if how == "forbidden":
        api.forbid("customresourcedefinitions")
    else:
        api.delete("customresourcedefinitions", "", CRD_NAME)
    facts = read_facts(cluster, Overrides(), sentences)
    item = applied(service(), batchSize=3, storage={"path": "a"})  # batches came with 0.17
    assert pruned(facts, item) == pruned(facts, item) == ["batchSize"]
    (sentence,) = sentences
    assert sentence.startswith(f"CustomResourceDefinition {CRD_NAME} cannot be read (")
    assert sentence.endswith("the fields of KServe 0.16.0 are assumed.")


def test_a_crd_is_read_only_where_something_was_applied(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    assert pruned(read_facts(cluster, Overrides(), sentences), service()) == []
    assert not any("customresourcedefinitions" in request.path for request in api.requests)


def test_who_is_not_let_in_gets_no_facts(tmp_path: Path, sentences: Sentences) -> None:
    with ApiServer(token="right") as api:
        kubeconfig = api.kubeconfig(tmp_path, user={"token": "wrong"})
        with connect(Access(kubeconfig), sleep=lambda seconds: None) as cluster, pytest.raises(Unauthorized):
            read_facts(cluster, Overrides(), sentences)
    with connect(Access(kubeconfig), sleep=lambda seconds: None) as cluster, pytest.raises(Unreachable):
        read_facts(cluster, Overrides(), sentences)
    assert sentences == []


@pytest.mark.parametrize(
    ("status", "annotation", "mode", "origin"),
    [
        ("Standard", "Serverless", "Standard", "Standard, from the status of the service"),
        (
            "RawDeployment",
            "Serverless",
            "Knative",
            "Knative, because KServe 0.16.0 reads RawDeployment in the status as",
        ),
        ("ModelMesh", None, "ModelMesh", "ModelMesh, from the status of the service"),
        (
            None,
            "Serverless",
            None,
            "Knative, from the annotation serving.kserve.io/deploymentMode, because the status has",
        ),
        ("", "unheard-of", None, "Knative, the default of inferenceservice-config"),
        ("unheard-of", None, None, "Knative, the default of inferenceservice-config"),
        ({}, 3, None, "Knative, the default of inferenceservice-config"),
    ],
)
def test_the_status_decides_the_mode(
    status: Any, annotation: Any, mode: str | None, origin: str, cluster: Cluster, sentences: Sentences
) -> None:
    item = service()
    item["status"] = {"deploymentMode": status}
    if annotation is not None:
        item["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] = annotation
    facts = read_facts(cluster, Overrides(), sentences)
    assert facts.installation(item).mode == mode
    assert origins(facts, item)["mode"].startswith(origin)


def test_a_config_that_kserve_cannot_read_is_not_hidden_by_a_status(
    api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    api.update(config(deploy='{"defaultDeploymentMode": "unheard-of"}'))
    facts = read_facts(cluster, Overrides(), sentences)
    assert facts.installation(service()).mode is None
    assert origins(facts, service())["mode"] == "unknown, because KServe cannot read its ConfigMap"


def model(item: dict[str, Any], **fields: Any) -> dict[str, Any]:
    item["spec"]["predictor"]["model"].update(fields)
    return item


def paths(api: ApiServer) -> list[str]:
    return [request.path.removeprefix(RUNTIMES) for request in api.requests if request.path.startswith(RUNTIMES)]


def test_a_named_runtime_is_the_only_one_that_is_read(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    api.add(runtime("own", "ml"), runtime("other", "ml"))
    facts = read_facts(cluster, Overrides(), sentences)
    (found,) = facts.installation(model(service(), runtime="own")).runtimes
    assert (found.name, found.namespace) == ("own", "ml")
    assert paths(api) == ["/namespaces/ml/servingruntimes/own"]


def test_a_named_runtime_may_be_the_clusters(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    api.add(runtime("sklearnserver", "ml", disabled=True))
    facts = read_facts(cluster, Overrides(), sentences)
    found = facts.installation(model(service(), runtime="sklearnserver")).runtimes
    assert [(each.namespace, each.disabled) for each in found] == [("ml", True), (None, False)]
    assert sentences == []


def test_of_a_named_runtime_that_is_not_there_all_others_are_read(
    api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    facts = read_facts(cluster, Overrides(), sentences)
    absent = model(service(), runtime="absent")
    absent["status"]["clusterServingRuntimeName"] = "absent"  # it was there before
    for _ in range(2):
        installation = facts.installation(absent)
        assert [found.name for found in installation.runtimes] == ["sklearnserver"]
        assert installation.all_runtimes
    assert origins(facts, absent)["runtime"] == "absent, which does not exist; the cluster has 1 other runtime"
    assert sentences == []
    api.add(runtime("off", disabled=True))
    disabled = model(service(), runtime="off")
    origin = origins(read_facts(cluster, Overrides(), sentences), disabled)["runtime"]
    assert origin == "ClusterServingRuntime off, which is disabled"


def test_a_runtime_in_the_status_that_does_not_fit_any_more_is_chosen_anew(
    api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    api.add(runtime("second", supportedModelFormats=[{"name": "onnx", "autoSelect": True}]))
    item = model(service(), modelFormat={"name": "onnx"})
    item["status"]["clusterServingRuntimeName"] = "sklearnserver"
    facts = read_facts(cluster, Overrides(), sentences)
    assert facts.installation(item).all_runtimes
    assert origins(facts, item)["runtime"] == "ClusterServingRuntime second, the best of 2 in the cluster"
    item["spec"]["predictor"]["model"]["modelFormat"]["name"] = "other"
    assert origins(facts, item)["runtime"] == "none of 2 fits"
    assert sentences == []


@pytest.mark.parametrize("many", [False, True])
def test_the_status_tells_which_runtime_kserve_chose(
    many: bool, api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    api.add(runtime("a-first"), runtime("own", "ml"))
    facts = read_facts(cluster, Overrides(many=many), sentences)
    item = service()
    item["status"]["clusterServingRuntimeName"] = "sklearnserver"
    assert [found.name for found in facts.installation(item).runtimes] == ["sklearnserver"]
    item["status"] = {"servingRuntimeName": "own"}
    assert [(found.name, found.namespace) for found in facts.installation(item).runtimes] == [("own", "ml")]


def test_whether_all_runtimes_are_known(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    absent, item = model(service(), runtime="absent"), service()
    assert read_facts(cluster, Overrides(), sentences).installation(absent).all_runtimes
    assert read_facts(cluster, Overrides(), sentences).installation(item).all_runtimes
    item["status"]["clusterServingRuntimeName"] = "sklearnserver"
    assert not read_facts(cluster, Overrides(), sentences).installation(item).all_runtimes, "only that one is read"
    api.forbid("clusterservingruntimes")
    for denied in (absent, service()):
        assert not read_facts(cluster, Overrides(), sentences).installation(denied).all_runtimes


def test_of_several_runtimes_the_chosen_one_is_named(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    api.add(runtime("zz", "ml"), runtime("yy", "ml", disabled=True))
    facts = read_facts(cluster, Overrides(), sentences)
    assert origins(facts, service())["runtime"] == "ServingRuntime ml/zz, the best of 3 in the cluster"
    other = model(service(), modelFormat={"name": "onnx"})
    assert origins(facts, other)["runtime"] == "none of 3 fits"


def test_a_service_with_its_own_containers_needs_no_runtime(
    api: ApiServer, cluster: Cluster, sentences: Sentences
) -> None:
    facts = read_facts(cluster, Overrides(), sentences)
    item = service()
    item["spec"]["predictor"] = {"containers": [{"name": "kserve-container", "image": "x"}]}
    assert facts.installation(item).runtimes == ()
    assert origins(facts, item)["runtime"] == "none is needed"
    assert paths(api) == []


def test_runtimes_of_all_namespaces_are_listed_once(api: ApiServer, cluster: Cluster, sentences: Sentences) -> None:
    api.add(runtime("one", "a"), runtime("two", "b"))
    facts = read_facts(cluster, Overrides(many=True, everywhere=True), sentences)
    for namespace, names in (
        ("a", ["one", "sklearnserver"]),
        ("b", ["two", "sklearnserver"]),
        ("c", ["sklearnserver"]),
    ):
        assert [found.name for found in facts.installation(service(namespace=namespace)).runtimes] == names
    assert paths(api) == ["/servingruntimes", "/clusterservingruntimes"]
