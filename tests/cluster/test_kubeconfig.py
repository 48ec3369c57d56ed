import base64
import json
import logging
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from apisamples import pod
from apiserver import ApiServer

from isvclog.cluster import PODS, Access, BadKubeconfig, Contexts, InvalidName, connect, list_contexts, selection

SERVER = Path(__file__).parent / "tls" / "server.pem"

YAML = """\
current-context: {current}
contexts:
- name: {name}
  context: {{cluster: {name}, user: {name}, namespace: {namespace}}}
clusters:
- name: {name}
  cluster: {{server: "http://127.0.0.1:{port}"}}
users:
- name: {name}
  user: {{token: t0ken}}
"""


def write(folder: Path, name: str, current: str = "", namespace: str = "''", port: int = 1, file: str = "") -> str:
    """A kubeconfig with one context."""
    path = folder / (file or name)
    path.write_text(YAML.format(name=name, current=current or "''", namespace=namespace, port=port))
    return str(path)


def failure(kubeconfig: str, **access: Any) -> str:
    with pytest.raises(BadKubeconfig) as caught:
        connect(Access(kubeconfig=kubeconfig, **access))
    assert "t0ken" not in str(caught.value)
    return str(caught.value)


def test_several_files_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [
        write(tmp_path, "a", port=1),
        str(tmp_path / "missing"),
        write(tmp_path, "b", current="b", port=2, namespace="ml"),
        write(tmp_path, "a", current="a", port=3, file="second"),
        "",
    ]
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(files))
    assert list_contexts(None) == Contexts(("a", "b"), "b")
    with connect(Access()) as cluster:
        assert (cluster.context, cluster.namespace, cluster.server) == ("b", "ml", "http://127.0.0.1:2")
    with connect(Access(context="a")) as cluster:
        assert (cluster.context, cluster.namespace, cluster.server) == ("a", "default", "http://127.0.0.1:1")
    with connect(Access(context="a", namespace="x", kubeconfig=files[3])) as cluster:
        assert (cluster.namespace, cluster.server) == ("x", "http://127.0.0.1:3")


def test_the_file_in_the_home_folder_is_the_default(tmp_path: Path) -> None:
    assert list_contexts(None) == Contexts((), "")
    (tmp_path / "home" / ".kube").mkdir(parents=True)
    write(tmp_path / "home" / ".kube", "home", current="home", file="config")
    assert list_contexts(None) == Contexts(("home",), "home")


def test_contexts_are_read_without_the_library(tmp_path: Path) -> None:
    kubeconfig = write(tmp_path, "a")
    code = (
        "import sys, isvclog.cluster as c; "
        "print(c.list_contexts(sys.argv[1]), {'kubernetes', 'urllib3'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code, kubeconfig], capture_output=True, text=True, check=True)
    assert ended.stdout == "Contexts(names=('a',), current='') set()\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [t0ken", "is not valid YAML in line 1. Correct that line."),
        ("a: 1\nb: {token: t0ken", "is not valid YAML in line 2. Correct that line."),
        ("t0ken", "is not a mapping. Check that it is a kubeconfig."),
        ("contexts: t0ken", "`contexts` is not a list. Check that it is a kubeconfig."),
        ("users: [{name: a, user: t0ken}]", "`users[0]` is not a `name` and a `user`. Correct it."),
        ("users: [null]", "`users[0]` is not a `name` and a `user`. Correct it."),
        ("", "the kubeconfig has no current context."),
        ("current-context: a", "there is no current context `a`."),
    ],
)
def test_a_file_that_is_no_kubeconfig(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "config").write_text(text)
    assert said in failure(str(tmp_path / "config"))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert failure(str(tmp_path / "none")).endswith("none`. Check `--kubeconfig`.")
    assert "cannot be read" in failure(str(tmp_path))
    (tmp_path / "binary").write_bytes(b"\xff\xfe\xff")
    assert "is not UTF-8" in failure(str(tmp_path / "binary"))


def test_a_context_that_does_not_add_up(tmp_path: Path) -> None:
    kubeconfig = Path(write(tmp_path, "a", current="a"))
    text = kubeconfig.read_text()
    assert failure(str(kubeconfig), context="b") == (
        "there is no context `b`. `kubectl config get-contexts` lists the contexts."
    )
    kubeconfig.write_text(text.replace("user: a", "user: b"))
    assert failure(str(kubeconfig)).startswith("the context `a` names the user `b`, which does not exist.")
    kubeconfig.write_text(text.replace("cluster: a", "cluster: b"))
    assert failure(str(kubeconfig)).startswith("the context `a` names the cluster `b`, which does not exist.")
    kubeconfig.write_text(text.replace("cluster: a, ", ""))
    assert failure(str(kubeconfig)).startswith("the context `a` has no cluster.")
    for server in ("", "ftp://x", "http://", "http://x:99999", "http://[", "http://a b"):
        kubeconfig.write_text(text.replace("http://127.0.0.1:1", server))
        assert "has no valid server" in failure(str(kubeconfig))
    kubeconfig.write_text(text.replace("server: ", "proxy-url: "))
    assert "has no valid server" in failure(str(kubeconfig))
    kubeconfig.write_text(text.replace("clusters:", "clusters: [{name: a}]\nothers:"))
    assert "has no valid server" in failure(str(kubeconfig))
    with pytest.raises(InvalidName):
        connect(Access(kubeconfig=str(kubeconfig), namespace="../x"))


def test_nothing_is_configured() -> None:
    with pytest.raises(BadKubeconfig, match=r"no cluster is configured\. Name a kubeconfig"):
        connect(Access())


def test_a_pod_asks_as_its_service_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kubernetes.config import incluster_config

    authority = Path(__file__).parent / "tls" / "server.pem"
    (tmp_path / "token").write_text("t0ken")
    (tmp_path / "namespace").write_text("ml\n")
    monkeypatch.setattr(selection, "SERVICE_ACCOUNT", str(tmp_path))
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(authority))
    with ApiServer(certificate=authority) as api:
        api.add(pod("a"))
        monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "127.0.0.1")
        monkeypatch.setenv("KUBERNETES_SERVICE_PORT", api.url.rpartition(":")[2])
        with connect(Access()) as cluster:
            assert (cluster.context, cluster.namespace) == ("in-cluster", "ml")
            assert cluster.get(PODS, "a")
        assert api.requests[0].headers["authorization"][0].lower() == "bearer t0ken"
    with connect(Access(kubeconfig=write(tmp_path, "a", current="a"))) as cluster:
        assert cluster.context == "a"
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(tmp_path / "none"))
    with pytest.raises(BadKubeconfig, match="service account of this pod"):
        connect(Access())


def plugin(folder: Path, body: str, **fields: Any) -> dict[str, Any]:
    """The user of a kubeconfig whose plugin is a Python program that logs each of its runs."""
    program = folder / "plugin.py"
    program.write_text(f"import json, sys, time\nopen({str(folder / 'runs')!r}, 'a').write('x')\n{body}")
    version, mode = "client.authentication.k8s.io/v1", {"interactiveMode": "Never"}
    return {"exec": {"apiVersion": version, "command": sys.executable, "args": [str(program)], **mode, **fields}}


def credential(token: str, expiry: str = "") -> str:
    status = {"token": token} | ({"expirationTimestamp": expiry} if expiry else {})
    answer = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}
    return f"print({json.dumps(json.dumps(answer))})"


def test_a_plugin_gives_the_token(tmp_path: Path, connected: Any) -> None:
    with ApiServer(token="t0ken", certificate=SERVER) as api:
        api.add(pod("a"))
        user = plugin(tmp_path, credential("t0ken"))
        cluster = connected(kubeconfig=api.kubeconfig(tmp_path, user=user))
        for _ in range(3):
            assert cluster.get(PODS, "a", "ml")
    assert (tmp_path / "runs").read_text() == "x"


def test_a_plugin_is_asked_again_when_its_token_ends(tmp_path: Path, connected: Any) -> None:
    with ApiServer(certificate=SERVER) as api:
        api.add(pod("a"))
        user = plugin(tmp_path, credential("t0ken", "2020-01-01T00:00:00Z"))
        cluster = connected(kubeconfig=api.kubeconfig(tmp_path, user=user))
        cluster.get(PODS, "a", "ml")
    assert (tmp_path / "runs").read_text() == "xx"


def test_a_plugin_is_asked_again_once_when_its_token_is_refused(tmp_path: Path, connected: Any) -> None:
    with ApiServer(token="new", certificate=SERVER) as api:
        api.add(pod("a"))
        kubeconfig = api.kubeconfig(tmp_path, user=plugin(tmp_path, credential("old")))
        cluster = connected(kubeconfig=kubeconfig)
        plugin(tmp_path, credential("new"))
        assert cluster.get(PODS, "a", "ml")
        plugin(tmp_path, credential("old"))
        other = connected(kubeconfig=kubeconfig)
        with pytest.raises(Exception, match="does not accept"):
            other.get(PODS, "a", "ml")
    assert (tmp_path / "runs").read_text() == "xxxx"


def test_a_token_is_read_from_its_file(tmp_path: Path, connected: Any) -> None:
    with ApiServer(token="new", certificate=SERVER) as api:
        api.add(pod("a"))
        (tmp_path / "token").write_text("old\n")
        cluster = connected(kubeconfig=api.kubeconfig(tmp_path, user={"tokenFile": "token"}))
        (tmp_path / "token").write_text("new\n")
        assert cluster.get(PODS, "a", "ml")
    assert "cannot be read" in failure(api.kubeconfig(tmp_path, user={"tokenFile": "none"}))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("sys.exit('t0ken')", "failed with exit code 1. Run it, or any `kubectl` command, to see why."),
        ("print('t0ken')", "did not print what its `apiVersion` requires"),
        ("print('[]')", "did not print what its `apiVersion` requires"),
        ("print('7')", "did not print what its `apiVersion` requires"),
        (credential(""), "printed neither a token nor a certificate"),
    ],
)
def test_a_plugin_that_fails(
    body: str, said: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    message = failure(ApiServer().kubeconfig(tmp_path, cluster={"server": "https://x"}, user=plugin(tmp_path, body)))
    assert said in message
    assert message.startswith("the exec plugin `")
    assert "t0ken" not in caplog.text + "".join(capfd.readouterr())


def test_a_plugin_that_is_not_there(tmp_path: Path) -> None:
    user = plugin(tmp_path, "", command="no-such-plugin", installHint="Get it\nhere.")
    message = failure(ApiServer().kubeconfig(tmp_path, cluster={"server": "https://x"}, user=user))
    assert message == (
        "the exec plugin `no-such-plugin` of user `test` is not installed."
        " Install it, or correct the kubeconfig. Its hint: `Get it here.`"
    )
    assert "has no command" in failure(
        ApiServer().kubeconfig(tmp_path, cluster={"server": "https://x"}, user={"exec": {"args": ["t0ken"]}})
    )


def test_names_of_contexts_are_quick(tmp_path: Path) -> None:
    start = time.process_time()
    for _ in range(10):
        list_contexts(write(tmp_path, "a"))
    assert time.process_time() - start < 1


def token(expiry: Any) -> str:
    """A token of an identity provider."""
    claims = base64.urlsafe_b64encode(json.dumps({"exp": expiry}).encode()).decode().rstrip("=")
    return f"e30.{claims}.s3cret"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no `id-token`. isvclog does not ask for one. "),
        ("t0ken", "is not a token. "),
        (token("soon"), "is not a token. "),
        (token(10**400), "is not a token. "),
        (token(1577836800), "has expired. isvclog does not renew it. "),
        pytest.param(token(time.time() + 5), "has expired. isvclog does not renew it. ", id="soon expired"),
    ],
)
def test_a_token_of_an_identity_provider_is_not_renewed(text: str, said: str, tmp_path: Path) -> None:
    user = {"auth-provider": {"name": "oidc", "config": {"id-token": text, "refresh-token": "t0ken"}}}
    message = failure(ApiServer().kubeconfig(tmp_path, cluster={"server": "https://x"}, user=user))
    assert message.startswith("user `test` logs in with OpenID Connect, and the ")
    assert said in message
    assert message.endswith(
        "Run any `kubectl` command, which renews the token in the kubeconfig,"
        " or log in with the exec plugin `kubectl oidc-login`."
    )


def test_a_valid_token_of_an_identity_provider_is_used(tmp_path: Path, connected: Any) -> None:
    text = token(time.time() + 3600)
    user = {"auth-provider": {"name": "oidc", "config": {"id-token": text}}}
    with ApiServer(token=text, certificate=SERVER) as api:
        api.add(pod("a"))
        assert connected(kubeconfig=api.kubeconfig(tmp_path, user=user)).get(PODS, "a", "ml")


def test_no_other_provider_is_used(tmp_path: Path) -> None:
    config = {
        "cmd-path": sys.executable,
        "cmd-args": f"-c open({str(tmp_path / 'runs')!r},'w')",
        "access-token": "t0ken",
    }
    user = {"auth-provider": {"name": "gcp", "config": config}}
    assert failure(ApiServer().kubeconfig(tmp_path, cluster={"server": "https://x"}, user=user)) == (
        "user `test` logs in with the `auth-provider` `gcp`, which kubectl has not supported since 1.26."
        " Use an `exec` plugin instead."
    )
    assert not (tmp_path / "runs").exists()


def test_a_plugin_that_needs_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    user = plugin(tmp_path, credential("t0ken"), interactiveMode="Always")
    message = failure(ApiServer().kubeconfig(tmp_path, cluster={"server": "https://x"}, user=user))
    assert message.endswith("needs a terminal, and there is none. Log in on a terminal first.")
    assert not (tmp_path / "runs").exists()


def test_a_plugin_is_not_taken_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "login").write_text("#!/bin/sh\ntouch runs\n")
    (tmp_path / "login").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{os.pathsep}.{os.pathsep}{os.defpath}")
    user = plugin(tmp_path, "", command="login")
    assert "is not installed" in failure(ApiServer().kubeconfig(tmp_path, cluster={"server": "https://x"}, user=user))
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("user", "said"),
    [
        ({}, "the user of the context `test` has no credentials. Log in,"),
        ({"token": "t0ken\n"}, "the token has a line end or another control character. Log in again, or correct it."),
        ({"token": ["t0ken"]}, "in the kubeconfig, `token` of the user is not a string. Correct it."),
        ({"token": "t0ken", "username": "u"}, "has both `token` and `username` or `password`. Remove one of them."),
        ({"as-groups": ["t0ken"], "token": "x"}, "the user has `as-groups`, `as-uid` or `as-user-extra` without `as`."),
        ({"exec": {"apiVersion": "t0ken", "command": "x"}}, "the `apiVersion` of the exec plugin is not one of "),
        ({"exec": {"args": [7]}}, "`args` of the exec plugin is not a list of strings. Correct it."),
        ({"client-key-data": "*"}, "the `client-key-data` is not base64. Correct it."),
    ],
)
def test_a_user_that_kubectl_refuses(user: dict[str, Any], said: str, tmp_path: Path) -> None:
    assert said in failure(ApiServer().kubeconfig(tmp_path, cluster={"server": "https://x"}, user=user))
