"""doctor: what is installed, which cluster is reached, what may be read there, and nothing secret."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from jsonschema import Draft202012Validator
from live_cluster import config, controller, service

from isvclog import __version__
from isvclog.cli.main import main
from isvclog.cluster import session
from isvclog.doctor import installed

SCHEMA = Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas" / "doctor.schema.json").read_text(encoding="utf-8"))
)
SECRET = "s3cr3t-value"
PLUGIN = {
    "apiVersion": "client.authentication.k8s.io/v1",
    "command": "./there-is-no-such-plugin",
    "args": ["--password", SECRET],
    "env": [{"name": "TOKEN", "value": SECRET}],
    "interactiveMode": "Never",
}

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def api() -> Iterator[ApiServer]:
    with ApiServer() as server:
        server.add(config("kserve/agent:v0.20.0"), controller(), service())
        yield server


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs doctor in an empty project, in a home without a kubeconfig, with helm as the only program."""
    for name in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "COLUMNS", "FORCE_COLOR", "HTTPS_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(session, "pause", lambda *_: 0.0)
    monkeypatch.setenv("HOME", str(tmp_path))
    programs = tmp_path / "bin"
    programs.mkdir()
    save_program(programs / "helm", "echo v3.15.2+g1a500d5")
    monkeypatch.setenv("PATH", f"{programs}:/bin")
    (tmp_path / "work" / ".git").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work")

    def run(*arguments: str) -> tuple[int, str]:
        code = main(["doctor", *arguments])
        output = capsys.readouterr()
        assert output.err == ""
        assert SECRET not in output.out
        assert not [line for line in output.out.splitlines() if len(line) > 80 and "-o" not in arguments]
        return code, output.out

    return run


def save_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def rows(text: str, label: str) -> list[str]:
    """Return the sentences of the rows with a label."""
    unwrapped = text.replace("\n            ", " ")
    return [line[12:] for line in unwrapped.splitlines() if line[2:11].strip() == label]


def test_nothing_configured_is_no_failure(run: Run) -> None:
    code, text = run()
    assert code == 0
    assert rows(text, "isvclog") == [__version__]
    assert "h2 " in rows(text, "packages")[0]
    assert rows(text, "project") == ["no .isvclog.yaml."]
    assert rows(text, "cluster") == ["none is configured. Name a kubeconfig with `--kubeconfig` or in `KUBECONFIG`."]


def test_a_kubeconfig_that_cannot_be_read_is_a_failure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("config").write_text(f"users: [{{token: {SECRET}\n")
    monkeypatch.setenv("KUBECONFIG", "config")
    code, text = run()
    assert code == 3
    assert "is not valid YAML in line" in rows(text, "cluster")[0]


@pytest.mark.parametrize("named", [("--kubeconfig", "missing"), ("--context", "missing")])
def test_what_is_named_has_to_exist(named: tuple[str, str], run: Run) -> None:
    assert run(*named)[0] == 3


def test_a_cluster_is_described(run: Run, api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".kube").mkdir()
    user = {"token": SECRET}
    api.kubeconfig(tmp_path / ".kube", context="prod", namespace="ml", file="config", user=user)
    code, text = run()
    assert code == 0
    assert rows(text, "context") == [
        "prod, from ~/.kube/config; namespace ml; no credentials, because the server speaks plain HTTP."
    ]
    assert rows(text, "cluster") == [
        "answers, and runs KServe 0.20.0, from the image kserve/agent:v0.20.0 of "
        "ConfigMap kserve/inferenceservice-config."
    ]
    assert rows(text, "may")[0].startswith(
        "get, list, watch and patch inferenceservices; get and list servingruntimes, "
    )
    assert "; get, list and watch configmaps inferenceservice-config in kserve." in rows(text, "may")[0]
    assert rows(text, "may not") == rows(text, "note") == []


def test_what_is_not_allowed_is_named_with_its_purpose(run: Run, api: ApiServer, tmp_path: Path) -> None:
    kubeconfig = api.kubeconfig(tmp_path, namespace="ml")
    api.forbid("replicasets")
    api.forbid("inferenceservices", "patch")
    api.forbid("configmaps")
    code, text = run("--kubeconfig", kubeconfig)
    assert code == 0
    assert rows(text, "may not") == [
        "list replicasets (why pods do not come).",
        "get, list and watch configmaps inferenceservice-config in kserve "
        "(the settings of all loggers, and the release).",
        "patch inferenceservices (add-annotation, remove-annotation).",
    ]
    assert rows(text, "note") == [
        "ConfigMap kserve/inferenceservice-config cannot be read (no permission): KServe's default is assumed."
    ]
    assert (
        "runs KServe 0.15.2, from the image kserve/kserve-controller:v0.15.2 of Deployment" in rows(text, "cluster")[0]
    )


def test_permissions_are_those_of_the_namespaces(run: Run, api: ApiServer, tmp_path: Path) -> None:
    kubeconfig = api.kubeconfig(tmp_path, namespace="ml")
    api.forbid("pods", namespace="ml")
    for arguments, namespace, expected in (
        ((), "ml", False),
        (("-n", "cellar"), "cellar", True),
        (("-A",), None, True),
    ):
        code, text = run("--kubeconfig", kubeconfig, "-o", "json", *arguments)
        permissions = json.loads(text)["cluster"]["permissions"]
        assert code == 0
        assert {(each["namespace"], each["isAllowed"]) for each in permissions if each["resource"] == "pods"} == {
            (namespace, expected)
        }
        assert {each["namespace"] for each in permissions if each["name"]} == {None, "kserve"}


def test_a_server_that_does_not_say_what_is_allowed(run: Run, api: ApiServer, tmp_path: Path) -> None:
    api.fail("/apis/authorization.k8s.io", 403, times=-1)
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path))
    assert code == 0
    assert rows(text, "may") == rows(text, "may not") == []
    assert "list deployments and replicasets (why pods do not come)." in rows(text, "unknown")


def test_a_cluster_without_kserve(run: Run, api: ApiServer, tmp_path: Path) -> None:
    api.uninstall("inferenceservices")
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path))
    assert code == 0
    assert rows(text, "cluster") == ["answers, and has no InferenceServices: KServe is not installed."]


def test_a_release_that_nothing_names_is_assumed(run: Run, api: ApiServer, tmp_path: Path) -> None:
    api.update(config("kserve/agent:latest"))
    api.update(controller("kserve/kserve-controller:latest"))
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path))
    assert code == 0
    assert rows(text, "cluster") == ["answers; which KServe it runs is unknown, and 0.21.0 assumed."]


def test_a_server_that_does_not_answer(run: Run, api: ApiServer, tmp_path: Path) -> None:
    kubeconfig = api.kubeconfig(tmp_path, context="prod")
    api.stop()
    code, text = run("--kubeconfig", kubeconfig)
    assert code == 3
    assert rows(text, "cluster")[0].endswith(
        "the server of context `prod`, refuses the connection. Check that the cluster runs, "
        "and `server` in the kubeconfig."
    )


def test_a_server_that_is_slow(run: Run, api: ApiServer, tmp_path: Path) -> None:
    api.delay("/", 2, times=-1)
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path), "--request-timeout", "100ms")
    assert code == 3
    assert "did not answer in time" in rows(text, "cluster")[0]


def test_a_login_that_is_not_accepted(run: Run, api: ApiServer, tmp_path: Path) -> None:
    api.token = "another"
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path))
    assert code == 3
    assert "does not accept the credentials" in rows(text, "cluster")[0]


def test_offline_asks_nobody(run: Run, api: ApiServer, tmp_path: Path) -> None:
    code, text = run("--offline", "--kubeconfig", api.kubeconfig(tmp_path, context="prod"))
    assert code == 0
    assert rows(text, "context")[0].startswith("prod, from ~/kubeconfig; ")
    assert rows(text, "cluster") == ["not asked."]
    assert api.requests == []


@pytest.mark.parametrize(
    ("user", "login"),
    [
        ({"token": SECRET}, "a token"),
        ({"token": SECRET, "as": SECRET}, "a token, acting as another user"),
        ({"tokenFile": "token"}, "a token in a file"),
        ({"username": SECRET, "password": SECRET}, "a user name and a password"),
        ({"client-certificate-data": "YQ==", "client-key-data": "YQ=="}, "a client certificate"),
        ({"exec": PLUGIN}, "an exec plugin"),
        ({"auth-provider": {"name": "oidc", "config": {"id-token": SECRET}}}, "an auth provider"),
        ({}, "no credentials"),
    ],
)
def test_credentials_are_named_by_their_kind(user: Any, login: str, run: Run, api: ApiServer, tmp_path: Path) -> None:
    server = {"server": "https://127.0.0.1:1", "proxy-url": f"http://user:{SECRET}@127.0.0.1:1"}
    kubeconfig = api.kubeconfig(tmp_path, user=user, cluster=server)
    code, text = run("--offline", "--kubeconfig", kubeconfig)
    assert code == 0
    assert rows(text, "context") == [f"test, from ~/kubeconfig; namespace default; {login}."]
    code, text = run("--kubeconfig", kubeconfig)
    assert code == 3
    assert rows(text, "cluster")


def test_a_password_in_a_url_is_not_printed(run: Run, api: ApiServer, tmp_path: Path) -> None:
    cluster = {"server": f"https://user:{SECRET}@127.0.0.1:1"}
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path, cluster=cluster))
    assert code == 3
    assert rows(text, "context")[0].endswith("the user and the password in the URL of the server.")


def test_the_project_file_is_read(run: Run) -> None:
    Path(".isvclog.yaml").write_text("kserveVersion: '0.16'\n")
    assert rows(run()[1], "project") == [".isvclog.yaml is valid."]
    Path(".isvclog.yaml").write_text("kserveVersio: '0.16'\n")
    code, text = run()
    assert code == 2
    assert rows(text, "project")[0].startswith(".isvclog.yaml:1:1: ")


def test_programs_are_named_with_their_versions(run: Run, tmp_path: Path) -> None:
    save_program(tmp_path / "bin" / "kubectl", "exit 1")
    code, text = run()
    assert code == 0
    assert rows(text, "programs")[0].startswith("helm 3.15.2+g1a500d5, kubectl")
    assert "not installed: kustomize" in rows(text, "programs")[0]


def test_programs_ask_no_cluster(run: Run, api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", api.kubeconfig(tmp_path))
    save_program(tmp_path / "bin" / "kubectl", "test -s $KUBECONFIG || echo v1.2.3")
    assert "kubectl 1.2.3" in rows(run("--offline")[1], "programs")[0]


def test_programs_of_the_working_directory_are_not_run(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    save_program(Path("helm"), "echo 1.2.3; touch was-run")
    monkeypatch.setenv("PATH", ".:")
    assert rows(run()[1], "programs") == ["not installed: helm, kustomize, kubectl, git."]
    assert not Path("was-run").exists()


@pytest.mark.parametrize("arguments", [(), ("--offline",)])
def test_json_has_the_published_form(arguments: tuple[str, ...], run: Run, api: ApiServer, tmp_path: Path) -> None:
    for cluster in (("--kubeconfig", api.kubeconfig(tmp_path)), ()):
        code, text = run("-o", "json", *arguments, *cluster)
        assert code == 0
        document = json.loads(text)
        SCHEMA.validate(document)
        assert document["cluster"]["wasAsked"] == bool(cluster and not arguments)
        assert {"name": "helm", "isInstalled": True, "version": "3.15.2+g1a500d5"} in document["programs"]


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, None), (504, None), (302, None), (200, [])],
)
def test_what_is_no_answer_of_kubernetes_is_a_failure(
    status: int, body: Any, run: Run, api: ApiServer, tmp_path: Path
) -> None:
    api.fail("/", status, times=-1, body=body)
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path))
    assert code == 3
    assert "context `test`" in rows(text, "cluster")[0]
    assert rows(text, "may not") == []


def test_an_answer_that_does_not_say_whether_it_is_allowed(run: Run, api: ApiServer, tmp_path: Path) -> None:
    api.fail("/apis/authorization.k8s.io", 201, times=-1, body={"status": {}})
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path))
    assert code == 0
    assert rows(text, "may not") == []
    assert "list deployments and replicasets (why pods do not come)." in rows(text, "unknown")


def test_a_server_that_is_busy_is_not_waited_for(
    run: Run, api: ApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "pause", lambda *_: 30.0)
    api.fail("/", 429, times=-1)
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path))
    assert code == 3
    assert rows(text, "cluster") == [
        "the server of context `test` is too busy, or fails again and again. Try again later."
    ]


def test_a_kubeconfig_with_an_impossible_namespace_is_described(run: Run, api: ApiServer, tmp_path: Path) -> None:
    code, text = run("--kubeconfig", api.kubeconfig(tmp_path, namespace="A_B"))
    assert code == 3
    assert rows(text, "cluster")[0].startswith("`A_B` cannot be the name of a namespace.")


def test_a_namespace_that_looks_secret_is_masked(run: Run, api: ApiServer, tmp_path: Path) -> None:
    token = "glpat-abcdefghij0123456789"
    for output in ("text", "json"):
        code, text = run("--kubeconfig", api.kubeconfig(tmp_path, namespace=token), "-o", output)
        assert code == 0
        assert token not in text


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("exec yes v1.2.3", "helm"),  # all that it prints would not fit into memory
        ("sleep 60 & echo v1.2.3", "helm 1.2.3"),
        ("sleep 60 &", "helm"),
        ("echo v1.2.3-AKIAIOSFODNN7EXAMPLE", "helm ***"),
    ],
)
def test_programs_that_mean_harm(
    script: str, shown: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "_SECONDS", 1 if "yes" in script else 20)
    save_program(tmp_path / "bin" / "helm", f"{script}\necho $! > {tmp_path}/pid")
    code, text = run("--offline")
    if (left := (tmp_path / "pid").read_text().strip() if (tmp_path / "pid").exists() else "").isdigit():
        os.kill(int(left), signal.SIGKILL)
    assert code == 0
    assert rows(text, "programs")[0].partition(";")[0].split(", ")[0] == shown


@pytest.mark.parametrize("metadata", [b"Name: \xff\xfe", b"Metadata-Version: 2.1\nName: typer\n"])
def test_broken_metadata_of_a_package(
    metadata: bytes, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "site" / "typer-9.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_bytes(metadata)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    code, text = run("--offline")
    assert code == 0
    assert rows(text, "packages") == ["typer not installed: install isvclog again."]


def test_the_beginning_of_a_secret_in_the_project_file_is_not_shown(run: Run) -> None:
    token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789AB"
    Path(".isvclog.yaml").write_text(f"kserveVersion: {token}\n")
    code, text = run("--offline")
    assert code == 2
    assert "does not know a KServe release with such a long name" in rows(text, "project")[0]
    assert token[:8] not in text
