"""preview, lint and validate of services of a cluster, from the outside: a real process and real HTTP."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from live_cluster import ALL_FIELDS, applied, config, controller, crd, runtime, service, sink

from isvclog.cli.main import main
from isvclog.cli.options.cluster import seconds
from isvclog.cli.terminal import progress
from isvclog.cli.terminal.runs import ExitPolicy, exit_code, with_progress_and_failures
from isvclog.errors import UsageError
from isvclog.filenames import live_name
from isvclog.lint import results as result
from isvclog.lint.results import FileResult

Isvclog = Callable[..., subprocess.CompletedProcess[str]]
Run = Callable[..., tuple[int, str, str]]
FIXED = ("--id", "5f0c5d5c-6b1e-4b0e-9d52-7c1a5f3c2b10", "--time", "2026-01-02T03:04:05.120Z")
RULE = "non-canonical-header"


@pytest.fixture
def api() -> Iterator[ApiServer]:
    """A cluster with one good service, one with a finding, and one in another namespace."""
    with ApiServer() as server:
        server.add(config(deploy='{"defaultDeploymentMode": "Standard"}'), controller(), runtime(), crd(*ALL_FIELDS))
        server.add(sink(), service(), service("fraud", metadataHeaders=["x-request-id"]), service("wine", "cellar"))
        yield server


@pytest.fixture
def run(api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs isvclog in this process, in an empty folder, with the cluster as its current context."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path, namespace="ml"))
    for name in ("FORCE_COLOR", "COLUMNS", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        output = capsys.readouterr()
        assert "this is a bug" not in output.err
        return code, output.out, output.err

    return run


def save(folder: Path, name: str, item: object) -> str:
    path = folder / name
    path.write_text(json.dumps(item), encoding="utf-8")
    return str(path)


# preview ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["http", "cloudevent", "curl", "json", "yaml"])
def test_preview_of_a_service_and_of_its_file_are_the_same(
    output: str, run: Run, api: ApiServer, tmp_path: Path
) -> None:
    stored = api.object("inferenceservices", "ml", "iris")
    files = [
        save(tmp_path, "isvc.json", {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", **stored}),
        save(tmp_path, "runtime.json", runtime()),
        save(tmp_path, "config.json", config(deploy='{"defaultDeploymentMode": "Standard"}')),
    ]
    live = run("preview", "iris", "-o", output, *FIXED)
    file = run("preview", "-f", files[0], "-f", files[1], "-f", files[2], "--kserve-version=0.16", "-o", output, *FIXED)
    assert live[0] == file[0] == 0
    assert live[1].replace("context test", files[0]) == file[1]
    assert live[1]
    assert live[2] == ""


def test_preview_tells_where_each_fact_is_from(run: Run) -> None:
    code, output, errors = run("preview", "ml/iris", *FIXED)
    assert (code, errors) == (0, "")
    assert output.startswith(
        "InferenceService/ml/iris  context test\n"
        "  release   0.16.0, from the image kserve/agent:v0.16.0 of ConfigMap kserve/inferenceservice-config\n"
        "  config    ConfigMap kserve/inferenceservice-config\n"
        "  mode      Standard, from the status of the service\n"
        "  runtime   ClusterServingRuntime sklearnserver\n"
    )
    assert "sends 2 events" in output


def test_preview_without_permissions_says_what_it_assumes(run: Run, api: ApiServer) -> None:
    for plural in ("configmaps", "deployments", "clusterservingruntimes", "servingruntimes"):
        api.forbid(plural)
    code, output, errors = run("preview", "iris", "-o", "json", *FIXED)
    assert code == 0
    assert json.loads(output)["services"][0]["sends"]
    assert errors.count("\n") == errors.count("cannot be read (no permission)") == 4


def test_preview_of_a_rejected_service_has_no_position(run: Run, api: ApiServer) -> None:
    odd = service("odd")
    odd["spec"]["predictor"]["logger"]["mode"] = "some"
    api.add(odd)
    code, output, _ = run("preview", "odd")
    assert code == 1
    assert "rejected" in output
    assert "place" not in output


def test_options_of_files_win_over_the_cluster(run: Run, tmp_path: Path) -> None:
    given = save(tmp_path, "config.json", config("kserve/agent:v0.15.1"))
    code, output, _ = run("preview", "iris", "--inferenceservice-config", given, "--deployment-mode", "Serverless")
    assert code == 0
    assert "the file from the command line" in output
    assert "0.15.1, from the image kserve/agent:v0.15.1" in output
    assert "Knative, from the command line" in output


def test_the_context_and_the_user_can_be_chosen(run: Run, api: ApiServer, tmp_path: Path) -> None:
    other = api.kubeconfig(tmp_path, context="other", file="other")
    code, output, _ = run("preview", "wine", "-n", "cellar", "--kubeconfig", other, "--context", "other", "--as", "me")
    assert (code, "context other" in output) == (0, True)
    assert api.requests[-1].headers["impersonate-user"] == ["me"]


def unready(name: str, told: str, **model: Any) -> dict[str, Any]:
    """A service that is not ready; `model` is the failure of its model."""
    item = service(name)
    condition = {"status": "False", "reason": "MinimumReplicasUnavailable", "message": told}
    item["status"]["conditions"] = [{"type": each, **condition} for each in ("PredictorReady", "Ready")]
    if model:
        states = {"targetModelState": "FailedToLoad"}
        item["status"]["modelStatus"] = {"states": states, "lastFailureInfo": {"reason": "ModelLoadFailed", **model}}
    return item


def test_preview_names_what_is_not_ready_and_shows_the_events(run: Run, api: ApiServer) -> None:
    api.add(unready("late", "timed out; password=hunter2hunter2"))
    code, output, errors = run("preview", "late", *FIXED)
    assert (code, errors) == (0, "")
    assert "  note      KServe reports that the predictor is not ready: timed out; password=***\n" in output
    assert "sends 2 events" in output
    notes = json.loads(run("preview", "late", "-ojson", *FIXED)[1])["services"][0]["notes"]
    assert notes == ["KServe reports that the predictor is not ready: timed out; password=***"]


def test_a_model_that_does_not_load_counts_unless_an_older_revision_serves(run: Run, api: ApiServer) -> None:
    item = unready("broken", "no", message="no such bucket", exitCode=1)
    api.add(item)
    code, output, _ = run("preview", "broken", *FIXED)
    assert (code, "LOGS NOTHING: the model does not load" in output) == (1, True)
    item["status"]["conditions"] = [{"type": "Ready", "status": "True"}]
    api.update(item)
    assert run("preview", "broken", *FIXED)[0] == 0


def test_long_words_of_a_cluster_are_one_line_without_their_middle(run: Run, api: ApiServer) -> None:
    api.add(unready("broken", "no", message="first\n" + "x y\n" * 2000 + "last", exitCode=1))
    problem = json.loads(run("preview", "broken", "-ojson", *FIXED)[1])["services"][0]["components"][0]["problem"]
    assert len(problem["because"]) < 700
    assert problem["because"].startswith("the status of the model: exit code 1: first x y x y ")
    assert problem["because"].endswith("x y last")


def test_a_file_with_a_status_is_previewed_as_a_manifest(run: Run, tmp_path: Path) -> None:
    file = save(tmp_path, "isvc.json", unready("broken", "no", message="no such bucket", exitCode=1))
    assert run("preview", "-f", file, *FIXED)[0] == 0


def test_a_note_about_objects_beside_a_service(run: Run, api: ApiServer) -> None:
    metadata = {"name": "tas", "namespace": "ml"}
    api.add({"apiVersion": "trustyai.opendatahub.io/v1alpha1", "kind": "TrustyAIService", "metadata": metadata})
    code, output, errors = run("preview", "iris", *FIXED)
    assert (code, errors) == (0, "")
    assert (
        "  note      The operator of the TrustyAIService `tas` in this namespace replaces the whole `logger`." in output
    )


# lint and validate -----------------------------------------------------------------------------------------------


def test_lint_of_a_namespace(run: Run) -> None:
    code, output, errors = run("lint", "--live", "-otext")
    assert (code, errors) == (1, "isvclog: `isvclog explain RULE` explains a finding; its RULE is in brackets.\n")
    finding = "ml/fraud:spec.predictor.logger.metadataHeaders[0]: error: `x-request-id` never matches"
    assert output.startswith(f"InferenceService/ml/fraud\n{finding}")
    place, release = "namespace ml of context test", "KServe 0.16.0 (from the cluster)"
    assert output.endswith(f"Checked 2 InferenceServices in {place} for {release}: 1 error.\n")


def test_lint_of_all_namespaces_of_labels_and_of_names(run: Run, api: ApiServer) -> None:
    labelled = service("labelled")
    labelled["metadata"]["labels"] = {"team": "risk"}
    api.add(labelled)

    def checked(*arguments: str) -> str:
        return run("lint", "--live", "-otext", *arguments)[1].splitlines()[-1].partition(" for ")[0]

    assert checked("-A") == "Checked 4 InferenceServices in context test"
    assert checked("-n", "cellar") == "Checked 1 InferenceService in namespace cellar of context test"
    assert checked("-l", "team=risk") == "Checked 1 InferenceService in namespace ml of context test"
    assert checked("cellar/wine", "iris", "iris") == "Checked 2 InferenceServices in context test"


def test_a_live_service_is_no_patch_even_without_a_model(run: Run, api: ApiServer) -> None:
    bare = service("bare")
    bare["spec"]["predictor"] = {"logger": {"url": "http://sink.ml.svc.cluster.local"}}
    api.add(bare)
    code, output, _ = run("validate", "--live", "bare", "-oconcise")
    assert (code, "[missing-mode]" in output) == (1, True)


@pytest.mark.parametrize("command", ["lint", "validate"])
def test_a_pruned_field_is_reported(command: str, run: Run, api: ApiServer) -> None:
    api.add(applied(service("late"), storage={"path": "a"}))
    api.update(crd("url", "mode", "metadataHeaders", "metadataAnnotations"))
    code, output, errors = run(command, "--live", "late", "-oconcise")
    place, *_, rule = output.split()
    assert (code, errors, output.count("\n")) == (1, "", 1)
    assert (place, rule) == ("ml/late:spec.predictor.logger.storage:", "[pruned-field]")
    api.update(crd())
    assert run(command, "--live", "late")[0] == 0


def test_the_release_is_the_clusters_unless_it_is_given(run: Run, api: ApiServer, tmp_path: Path) -> None:
    api.add(service("batching", batchSize=3))
    (tmp_path / ".isvclog.yaml").write_text("kserveVersion: '0.20'\n")
    assert "[unknown-to-release]" in run("lint", "--live", "batching")[1]
    assert "[unknown-to-release]" not in run("lint", "--live", "batching", "--kserve-version=0.17")[1]
    assert "[unknown-to-release]" in run("validate", "--live", "batching")[1]
    assert run("validate", "--live", "batching", "--kserve-version=0.17")[0] == 0


def test_audit_runs_the_rules_of_the_clusters_release(run: Run, api: ApiServer) -> None:
    api.add(service("leak", metadataHeaders=["Authorization"]))
    assert "sensitive-header" in run("audit", "leak", "-o", "json")[1]
    api.update(config("kserve/agent:v0.13.0"))
    assert "sensitive-header" not in run("lint", "--live", "leak", "-o", "json")[1]
    report = run("audit", "leak", "-o", "json")[1]
    assert "unknown-to-release" in report
    assert "sensitive-header" not in report


def test_rules_can_be_chosen_and_ignored(run: Run, api: ApiServer, tmp_path: Path) -> None:
    api.add(applied(service("late"), other=3))
    assert run("lint", "--live", "--select", "pruned-field", "-oconcise")[1].count("[pruned-field]") == 1
    assert run("lint", "--live", "late", "--ignore", "pruned-field")[0] == 0
    (tmp_path / ".isvclog.yaml").write_text(
        f"ignores: [{{rule: pruned-field, name: late, reason: old}}, {{rule: {RULE}, path: 'k8s/*', reason: files}}]\n"
    )
    code, output, errors = run("lint", "--live")
    assert (code, output.count(RULE), errors) == (1, 1, "isvclog: not reported: 1 ignored.\n")


def test_a_baseline_knows_live_findings_wherever_it_is(run: Run, api: ApiServer, tmp_path: Path) -> None:
    assert run("lint", "--live", "--write-baseline", "known.json")[0] == 0
    (tmp_path / "inner").mkdir()
    (tmp_path / "known.json").rename(tmp_path / "inner" / "known.json")
    baseline = ("--baseline", "inner/known.json")
    assert run("lint", "--live", *baseline) == (0, "", "isvclog: not reported: 1 in the baseline.\n")
    assert run("lint", "--live", "iris", *baseline) == (0, "", "")  # what was not looked at is not stale
    api.update(service("fraud"))
    assert "no longer occurs in" in run("lint", "--live", *baseline)[2]


def test_reports_can_be_written_beside_each_other(run: Run, tmp_path: Path) -> None:
    formats = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")
    files = [f"--output-file={name}={name}.out" for name in formats]
    assert run("lint", "--live", "-ojson", *files)[0] == 1
    for name in formats:
        text = (tmp_path / f"{name}.out").read_text(encoding="utf-8")
        assert "ml/fraud" in text
        assert "<cluster>" not in text
    assert (tmp_path / "text.out").read_text().endswith("context test for KServe 0.16.0 (from the cluster): 1 error.\n")


def test_what_cannot_be_read_does_not_hide_the_rest(run: Run, api: ApiServer) -> None:
    api.add_raw("inferenceservices", {"metadata": {"name": "nameless\x1b[31m"}}, None)
    odd = service("odd")
    odd["spec"] = "text"
    api.add(odd)
    code, output, errors = run("lint", "--live", "-oconcise")
    assert code == 3
    assert "ml/fraud:spec.predictor.logger.metadataHeaders[0]" in output
    assert "ml/odd:spec: error" in output
    assert "has no name or namespace" in errors
    assert "\x1b" not in output + errors


def test_a_server_that_goes_away_ends_the_run_with_a_report(run: Run, api: ApiServer) -> None:
    api.fail("/apis/serving.kserve.io/v1alpha1", 401, -1)
    code, output, errors = run("lint", "--live", "-ojson")
    assert code == 3
    assert json.loads(output)["failures"]
    assert "credentials" in errors


@pytest.mark.parametrize("option", ["--fix", "--unsafe-fixes", "--diff", "--check"])
def test_a_cluster_has_no_text_to_fix(option: str, run: Run, api: ApiServer) -> None:
    assert run("lint", "--live", option) == (2, "", f"isvclog: error: --live and {option} exclude each other.\n")
    assert api.requests == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("lint", "--live", "-f", "a.yaml"), "-f names files"),
        (("validate", "--live", "-f", "a.yaml"), "-f names files"),
        (("lint", "-n", "ml"), "--namespace is about a cluster; add --live"),
        (("validate", "-A"), "--all-namespaces is about a cluster"),
        (("lint", "--kserve-namespace", "x"), "--kserve-namespace is about a cluster"),
        (("lint", "--live", "-A", "-n", "ml"), "--namespace and --all-namespaces exclude each other"),
        (("lint", "--live", "-A", "iris"), "--all-namespaces and names of services exclude each other"),
        (("validate", "--live", "-l", "a=b", "iris"), "--selector and names of services exclude each other"),
        (("lint", "--live", "--as-group", "g"), "--as-group needs --as"),
        (("lint", "--live", "--request-timeout", "soon"), "write a duration such as 5s"),
        (("preview",), "preview needs the NAME"),
        (("preview", "-f", "a.yaml", "--context", "x"), "--context is about a cluster"),
        (("preview", "Not_A_Name"), "cannot be the name of an object"),
        (("audit", "-n", "Not_A_Name"), "cannot be the name of a namespace"),
        (("lint", "--live", "--kserve-namespace", "Not_A_Name"), "cannot be the name of a namespace"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...], words: str, run: Run) -> None:
    code, output, errors = run(*arguments)
    assert (code, output, errors.count("\n")) == (2, "", 1)
    assert words in errors


def test_names_that_are_not_there(run: Run) -> None:
    sentence = "there is no InferenceService `irsi` in namespace `ml` of context `test`; did you mean `iris`?"
    assert run("preview", "irsi") == (3, "", f"isvclog: error: {sentence}\n")
    code, output, errors = run("lint", "--live", "irsi", "fraud", "-oconcise")
    assert (code, output.count("\n"), errors) == (3, 1, f"isvclog: error: {sentence}\n")


def test_an_empty_namespace(run: Run) -> None:
    sentence = "no InferenceService found in namespace empty of context test."
    assert run("lint", "--live", "-n", "empty") == (0, "", f"isvclog: {sentence}\n")
    assert run("lint", "--live", "-n", "empty", "--fail-on-empty") == (3, "", f"isvclog: error: {sentence}\n")


def test_a_cluster_that_cannot_be_reached(run: Run, api: ApiServer) -> None:
    api.stop()
    for arguments in (("preview", "iris"), ("lint", "--live"), ("validate", "--live")):
        code, output, errors = run(*arguments, "--request-timeout", "2s")
        assert (code, output) == (3, "")
        assert errors.count("\n") == 1
    api.start()


def test_progress_and_the_end_count_services(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    run = result.RunResult(
        with_progress_and_failures(iter([FileResult(live_name("ml", "iris"), services=1)]), False, "InferenceService"),
        "context x",
    )
    assert len(list(run)) == 1
    assert "Checked 1 InferenceService ..." in capsys.readouterr().err
    assert exit_code(run, ExitPolicy(), interrupted=True) == 130
    assert capsys.readouterr().err == "isvclog: interrupted after 1 InferenceService.\n"


def test_verbose_tells_where_the_facts_are_from(run: Run) -> None:
    errors = run("lint", "--live", "-v")[2]
    assert "isvclog: KServe 0.16.0, " in errors
    assert "isvclog: release: 0.16.0, from the image" in errors


def test_objects_that_a_logger_needs_and_that_do_not_exist(run: Run, api: ApiServer) -> None:
    agent = json.loads(config()["data"]["logger"])
    api.update(config(logger=json.dumps({**agent, "caBundle": "my-ca"})))
    stored = {"path": "a", "key": "b", "parameters": {}}
    urls = {
        "a-public": {"url": "https://sink.example.com"},
        "b-private": {"url": "https://sink.ml.svc.cluster.local"},
        "c-broker": {"url": "http://broker-ingress.knative-eventing.svc.cluster.local/ml/default"},
        "d-stored": {"url": "s3://logs", "storage": stored},
        "e-short": {"url": "http://sink.other-team"},
        "f-outside": {"url": "http://10.1.2.3:8080"},
    }
    api.add({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "other", "namespace": "ml"}})
    api.add({"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "metadata": {"name": "b", "namespace": "ml"}})
    api.add(sink("broker-ingress", "knative-eventing"), *(service(name, **logger) for name, logger in urls.items()))
    code, output, errors = run("lint", "--live", *urls, "--select", "missing-object")
    lost = "every event is lost, and no metric or status shows it."
    assert output.splitlines() == [
        "ml/a-public:spec.predictor.logger.url: warning: The ConfigMap `ml/my-ca` does not exist: the agent trusts "
        "only certificates of public authorities. (InferenceService/ml/a-public) [missing-object]",
        "ml/b-private:spec.predictor.logger.url: error: The ConfigMap `ml/my-ca` does not exist: the agent trusts only "
        f"certificates of public authorities, and {lost} "
        "(InferenceService/ml/b-private) [missing-object]",
        f"ml/c-broker:spec.predictor.logger.url: error: The Broker `ml/default` does not exist: {lost} "
        "(InferenceService/ml/c-broker) [missing-object]",
        "ml/d-stored:spec.predictor.logger.url: warning: The ServiceAccount `ml/logger-sa` does not exist: the agent "
        "has only the storage credentials of the pod's own service account. "
        "(InferenceService/ml/d-stored) [missing-object]",
        f"ml/e-short:spec.predictor.logger.url: error: The Service `other-team/sink` does not exist: {lost} "
        "(InferenceService/ml/e-short) [missing-object]",
    ]
    assert (code, errors) == (1, "")
    api.forbid("services")
    code, output, errors = run("lint", "--live", "b-private", "c-broker", "fraud", "--select", "missing-object")
    assert "Service " not in output
    assert errors.splitlines() == [
        f"isvclog: Services of namespace {namespace} cannot be read (no permission): whether they exist is not checked."
        for namespace in ("ml", "knative-eventing")
    ]


@pytest.mark.parametrize(
    ("credentials", "annotation", "count"),
    [
        (None, "serving.kserve.io/storageSecretName", 0),
        (
            {"storageSecretNameAnnotation": "serving.kserve.io/storageSecretName"},
            "serving.kserve.io/storageSecretName",
            0,
        ),
        ({"storageSecretNameAnnotation": "example.com/secret"}, "example.com/secret", 0),
        ({"storageSecretNameAnnotation": "example.com/secret"}, "serving.kserve.io/storageSecretName", 1),
        ({"storageSpecSecretName": "storage-config"}, "serving.kserve.io/storageSecretName", 1),
    ],
)
@pytest.mark.parametrize("place", ["service", "predictor"])
def test_an_annotation_names_the_secret_in_place_of_an_account(
    run: Run, api: ApiServer, credentials: dict[str, str] | None, annotation: str, count: int, place: str
) -> None:
    keys = {} if credentials is None else {"credentials": json.dumps(credentials)}
    api.update(config(**keys))
    stored = service("stored", url="s3://logs", storage={"path": "a", "key": "b", "parameters": {}})
    (stored["metadata"] if place == "service" else stored["spec"]["predictor"])["annotations"] = {annotation: "s"}
    api.add(stored)
    output = run("lint", "--live", "stored", "--select", "missing-object")[1]
    assert output.count("The ServiceAccount `ml/logger-sa` does not exist") == count


def test_a_process_of_its_own(isvclog: Isvclog, api: ApiServer, tmp_path: Path) -> None:
    done = isvclog("lint", "--live", "-n", "ml", env={"KUBECONFIG": api.kubeconfig(tmp_path)})
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5s", 5), ("30", 30), ("0", 0), ("1m30s", 90), ("500ms", 0.5), ("1.5h", 5400), ("2us", 2e-6), ("+.5m", 30)],
)
def test_durations_are_gos_or_seconds(text: str, expected: float) -> None:
    assert seconds(text) == pytest.approx(expected)


@pytest.mark.parametrize("text", ["", "s", "5 s", "-1", "-5s", "1d", "5ss", "5s3", "1e3", "٣", "nan", "9" * 50 + "s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(UsageError):
        seconds(text)
