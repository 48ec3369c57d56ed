"""No command that reaches a cluster prints a secret of a kubeconfig, or of an answer that refuses a request."""

import base64
import copy
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import live_cluster
import pytest
from apiserver import ApiServer
from planting import leaks, password, put, run, strings, token

from isvclog.cluster import session
from isvclog.edit import live

COMMANDS = (
    ("audit",),
    ("audit", "--all-contexts", "-o", "json"),
    ("lint", "--live", "-v", "-o", "json"),
    ("validate", "--live", "-o", "junit"),
    ("preview", "iris"),
    ("add-annotation", "iris", f"db-password={password(900)}", "--force"),
    ("remove-annotation", "iris", "team", "--with-value"),
    ("doctor",),
    ("doctor", "-o", "json"),
)
AUDITS = tuple(("audit", "-o", name) for name in ("csv", "markdown", "sarif"))
KEY = "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n"
FORMS = ("{}", "x {}", "password: {}", "--password {}", "--password={}", "http://u:{}@127.0.0.1:1/", KEY, "BASE64")
ADDRESSES = ("https://u:{}@127.0.0.1:1", "https://127.0.0.1:1/?token={}", "u:{}@host", "http://u:{}@[x")
PLUGIN = {
    "apiVersion": "client.authentication.k8s.io/v1",
    "command": "there-is-no-such-plugin",
    "args": ["x"],
    "env": [{"name": "TEAM", "value": "risk"}],
    "installHint": "hint",
    "interactiveMode": "Never",
}
FILES = {"certificate-authority": "ca", "client-certificate": "crt", "client-key": "key", "tokenFile": "token"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    monkeypatch.setattr(session, "pause", lambda *_: 0.0)
    monkeypatch.setattr(live, "_PAUSE", 0.0)
    return tmp_path


def kubeconfig(**user: Any) -> dict[str, Any]:
    """A kubeconfig for a server that nothing listens to."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test", "namespace": "ml"}}],
        "clusters": [{"name": "test", "cluster": _cluster()}],
        "users": [{"name": "test", "user": user}],
    }


def _cluster() -> dict[str, Any]:
    return {"server": "https://127.0.0.1:1", "tls-server-name": "x", "insecure-skip-tls-verify": True}


USERS: tuple[dict[str, Any], ...] = (
    {"exec": PLUGIN, "unknown": "x", "as": "x", "as-groups": ["x"], "as-user-extra": {"x": ["y"]}},
    {"auth-provider": {"name": "oidc", "config": {"id-token": "x", "refresh-token": "y", "client-secret": "z"}}},
    {"username": "x", "password": "y"},
    {"token": "x"},
    {"client-certificate-data": "eA==", "client-key-data": "eA=="},
)
TEXTS = (
    "users:\n- name: a\n  user:\n    token: {0}\n   password: [{0}\n",
    "users:\n\t- password: {0}\n",
    "users: {{password: {0}}}\n",
    "users:\n- password: {0}\n",
    "users:\n- {{name: a, user: {{token: [{0}]}}}}\ncurrent-context: x\n",
    "apiVersion: 'password={0}'\n",
    "password: {0}\npassword: {0}\n",
    '"\\x67hp_{0}": &a [*b]\n',
)


def planted() -> Iterator[tuple[str, str, str]]:
    """Yield a name, the text of a kubeconfig, and the secret in it."""
    number = 0
    for user in USERS:
        data = kubeconfig(**user)
        for path in strings(data):
            for form in (*FORMS, *(ADDRESSES if path[-1] == "server" else ())):
                number += 1
                yield _with(data, path, form, number)
    for file in FILES:
        for form in FORMS:
            number += 1
            data = kubeconfig()
            data["clusters"][0]["cluster"] |= {file: ""}
            data["users"][0]["user"] = {file: "", "client-key-data": "eA=="} if file != "client-key" else {file: ""}
            place = ("clusters", 0, "cluster", file) if "authority" in file else ("users", 0, "user", file)
            yield _with(data, place, form, number)
    for form in ADDRESSES:
        data = kubeconfig(token="x")
        data["clusters"][0]["cluster"] |= {"proxy-url": ""}
        yield _with(data, ("clusters", 0, "cluster", "proxy-url"), form, 950)
    for text in TEXTS:
        yield text, text.format(password(980)), password(980)


def _with(data: dict[str, Any], path: tuple[Any, ...], form: str, number: int) -> tuple[str, str, str]:
    secret = token(number) if form in ("{}", "x {}") else password(number)
    if form in (KEY, "BASE64"):
        secret = base64.b64encode(f"{number:04} of my private key".encode() * 8).decode()
    text = KEY.format(secret) if form == "BASE64" else form.format(secret)
    if form == "BASE64":
        text = base64.b64encode(text.encode()).decode()
        secret = text[40:]
    changed = copy.deepcopy(data)
    put(changed, path, text)
    return f"{'.'.join(map(str, path))}: {form}", json.dumps(changed), secret


def test_no_command_prints_a_secret_of_a_kubeconfig(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "config")
    found = []
    for number, (name, text, secret) in enumerate(planted()):
        Path("config").write_text(text)
        arguments = COMMANDS[number % len(COMMANDS)]
        ended = run(*arguments)
        found += [f"{name}: {' '.join(arguments)}: {leak}" for leak in leaks(ended, (secret,))]
        assert "this is a bug" not in ended.err, (name, arguments, ended.err)
    assert not found, f"{len(found)} leaks\n" + "\n".join(found[:40])


def statuses(number: int) -> Iterator[dict[str, Any]]:
    """Yield Status objects with secrets wherever a server may repeat what it was sent."""
    said = (
        f'password: {password(number)} {token(number)} http://u:{password(number)}@x env "TOKEN={password(number)}"'
        f' metadata.annotations: Invalid value: "{{\\"password\\": \\"{password(number)}\\"}}"'
    )
    fields = [
        f"metadata.annotations[{token(number)}]",
        f"spec.url=http://u:{password(number)}@x",
        said,
        f"password: {password(number)}",
    ]
    status: dict[str, Any] = {
        "kind": "Status",
        "apiVersion": "v1",
        "message": said,
        "reason": "Invalid",
        "metadata": {"continue": said},
        "details": {
            "name": f"password={password(number)}",
            "kind": token(number),
            "causes": [{"field": field, "message": said, "reason": said} for field in fields],
        },
    }
    yield status | {"reason": said}
    yield status | {"message": f'admission webhook "password={password(number)}" denied the request: {said}'}
    yield status | {"message": f'User "{token(number)}" cannot list resource: {said}'}
    yield status | {"message": f'User "password={password(number)}" cannot impersonate resource: {said}'}
    yield {"kind": said, "items": [{"metadata": {"name": token(number), "password": password(number)}}, said]}


PATHS = {
    "GET": (
        "/apis/serving.kserve.io/v1beta1",
        "/apis/serving.kserve.io/v1alpha1",
        "/api/v1/namespaces/kserve/configmaps",
        "/api/v1/namespaces/ml/pods",
        "/apis/apps",
        "/version",
        "/",
    ),
    "PATCH": ("/apis",),
}


@pytest.mark.parametrize("method", PATHS)
@pytest.mark.parametrize("code", [200, 301, 400, 401, 403, 404, 409, 410, 422, 500])
def test_no_command_prints_a_secret_of_an_answer(
    method: str, code: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    commands = [each for each in (*COMMANDS, *AUDITS) if method == "GET" or each[0].endswith("-annotation")]
    item = live_cluster.service()
    item["metadata"]["annotations"]["api-key"] = password(901)
    warning = {"Warning": f'299 - "password: {password(902)}"', "Location": f"http://u:{password(903)}@x"}
    secrets = (password(code), token(code), *map(password, range(900, 904)))
    with ApiServer() as api:
        api.add(item, live_cluster.config(), live_cluster.runtime(), live_cluster.controller())
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(folder, namespace="ml"))
        for number, (path, status) in enumerate(product(PATHS[method], statuses(code))):
            api.recover()
            api.fail(path, code, times=-1, headers=warning | {"Retry-After": "0"}, body=status, method=method)
            for arguments in (commands[number % len(commands)], commands[(number * 3 + 1) % len(commands)]):
                ended = run(*arguments)
                found += [f"{path}: {' '.join(arguments)}: {leak}" for leak in leaks(ended, secrets)]
                assert "this is a bug" not in ended.err, (path, status, arguments, ended.err)
    assert not found, f"{len(found)} leaks\n" + "\n".join(found[:40])


def test_a_key_in_place_of_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = kubeconfig(**{"client-certificate": "crt", "client-key": base64.b64encode(KEY.encode()).decode()})
    Path("config").write_text(json.dumps(data))
    Path("crt").write_text("x")
    monkeypatch.setenv("KUBECONFIG", "config")
    assert run("preview", "iris").err == (
        "isvclog: error: in the kubeconfig, `client-key` of the user is not the name of a file. Write data as "
        "`client-key-data`, in base64.\n"
    )


def test_an_entry_of_the_project_file_ignores_a_service_whose_name_is_masked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "glpat-0123456789abcdefghij"
    with ApiServer() as api:
        api.add(live_cluster.service(name, metadataHeaders=["x-request-id"]), live_cluster.config())
        api.add(live_cluster.runtime())
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(folder, namespace="ml"))
        entry = {"rule": "non-canonical-header", "reason": "known", "name": name, "namespace": "ml"}

        def rules(*ignores: dict[str, str]) -> set[str]:
            Path(".isvclog.yaml").write_text(json.dumps({"ignores": ignores}))
            report = run("audit", "-o", "json").out
            assert name not in report
            return {finding["rule"] for row in json.loads(report)["rows"] for finding in row["findings"]}

        assert "non-canonical-header" in rules()
        assert "non-canonical-header" not in rules(entry)
        assert "non-canonical-header" in rules(entry | {"name": "other"})
