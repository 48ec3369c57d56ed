"""No command prints a secret, wherever it is in a manifest or a cluster and whatever the format; `--reveal` does.

A secret is planted in every string of a service: as a token that is known by its shape, and as one that only a name
beside it shows. `ISVCLOG_GATE=long` runs every command on each; otherwise most of them run on all secrets at once.
"""

import asyncio
import base64
import csv
import io
import json
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import live_cluster
import pytest
from apiserver import ApiServer
from planting import Ended, filled, keys, leaks, password, put, run, strings, token

from isvclog.report.formats import AUDIT

LONG = os.environ.get("ISVCLOG_GATE") == "long"
REPORTS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson")
PREVIEWS = ("text", "http", "curl", "cloudevent", "json", "yaml")
COMPARISON = ("text", "json", "yaml", "markdown")
EVENT_SCHEMAS = ("jsonschema", "avro", "sql", "clickhouse", "bigquery", "asyncapi", "cloudevents")
EVENTS = (EVENT_SCHEMAS, ("text", "json"), ("text", "json", "markdown"))


class Planted(NamedTuple):
    """A manifest with secrets: the texts that nothing may print."""

    name: str
    text: str
    secrets: tuple[str, ...]


def service() -> dict[str, Any]:
    """A service with every field of a logger, and what is around it."""
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {
            "name": "iris",
            "namespace": "ml",
            "labels": {"team": "risk"},
            "annotations": {"example.com/team": "risk", "example.com/note": "plain, b=c"},
        },
        "spec": {
            "predictor": {
                "annotations": {"example.com/tier": "gold"},
                "labels": {"zone": "a"},
                "logger": {
                    "mode": "all",
                    "url": "http://sink.ml/path",
                    "metadataHeaders": ["X-Request-Id", "x-team"],
                    "metadataAnnotations": ["example.com/team", "example.com/note", "example.com/tier"],
                    "marshallerUrl": "http://marshaller",
                    "batchInterval": "5s",
                    "batchSize": 1,
                    "storage": {"path": "p", "key": "k", "serviceAccountName": "sa", "parameters": {"format": "json"}},
                    "unknown": "field",
                },
                "model": {
                    "modelFormat": {"name": "sklearn"},
                    "storageUri": "gs://models/iris",
                    "args": ["--name=iris"],
                    "env": [{"name": "TEAM", "value": "risk"}],
                },
            },
            "transformer": {
                "containers": [{"name": "kserve-container", "image": "x:1"}],
                "logger": {"mode": "request"},
            },
        },
    }


LOGGER = ("spec", "predictor", "logger")
ANNOTATIONS = ("metadata", "annotations")
MODEL = ("spec", "predictor", "model")
NAMED: dict[str, tuple[tuple[str, ...], Any]] = {
    "annotation": ((*ANNOTATIONS, "db-password"), "{}"),
    "annotation of a component": (("spec", "predictor", "annotations", "api-key"), "{}"),
    "label": (("metadata", "labels", "auth-token"), "{}"),
    "variable": ((*MODEL, "env"), [{"name": "DB_PASSWORD", "value": "{}"}]),
    "variable, its value first": ((*MODEL, "env"), [{"value": "{}", "name": "DB_PASSWORD"}]),
    "argument": ((*MODEL, "args"), ["--password={}"]),
    "two arguments": ((*MODEL, "args"), ["--password", "{}"]),
    "field of the logger": ((*LOGGER, "password"), "{}"),
    "field in a field": ((*LOGGER, "auth"), {"user": "bob", "password": "{}"}),
    "list in a field": ((*LOGGER, "passwords"), ["{}"]),
    "parameter": ((*LOGGER, "storage", "parameters"), {"format": "json", "secret_key": "{}"}),
    "header": ((*LOGGER, "metadataHeaders"), ["x-api-key: {}", "X-Request-Id"]),
    "header with =": ((*LOGGER, "metadataHeaders"), ["x-api-key={}"]),
    "listed annotation": ((*LOGGER, "metadataAnnotations"), ["password={}"]),
    "listed annotation with a colon": ((*LOGGER, "metadataAnnotations"), ["password: {}"]),
    "name of a field": (
        ("spec", "predictor", "batcher"),
        {"https://hooks.slack.com/services/T0CMS87D7B/B0J9HDVZGR/{}": "x", "http://bob:{}@sink": "x"},
    ),
    "key of a label": (("metadata", "labels"), {"password={}": "x", "api-key: {}": "y"}),
    "interval": ((*LOGGER, "batchInterval"), "password={}"),
    "storage": ((*LOGGER, "storage", "path"), "password={}"),
    "URL": ((*LOGGER, "url"), "http://bob:{}@sink"),
    "URL without a scheme": ((*LOGGER, "url"), "bob:{}@sink"),
    "URL that is none": ((*LOGGER, "url"), "http://bob:{} x@si nk"),
    "URL user": ((*LOGGER, "url"), "http://{}@sink"),
    "URL query": ((*LOGGER, "url"), "http://sink/?a=b&access_token={}&c=d"),
    "URL fragment": ((*LOGGER, "url"), "http://sink/#access_token={}"),
    "blob URL": ((*LOGGER, "url"), "s3://bob:{}@bucket/x?sig={}"),
    "marshaller": ((*LOGGER, "marshallerUrl"), "http://bob:{}@marshaller/?token={}"),
    "JSON": ((*ANNOTATIONS, "example.com/note"), '{{"user": "bob", "password": "{}"}}'),
    "dotenv": ((*ANNOTATIONS, "example.com/note"), "A=b\nexport API_TOKEN={}\n"),
    "pair": ((*ANNOTATIONS, "example.com/note"), "x,password={}"),
    "quoted pair": ((*ANNOTATIONS, "example.com/note"), 'x,"password=a,{}",y=z'),
    "prose": ((*ANNOTATIONS, "example.com/note"), "the password: {}"),
    "URL in an annotation": ((*ANNOTATIONS, "example.com/note"), "postgres://app:{}@db:5432/x"),
}
TEXTS = {
    "comment": "#{0}\n{1}# password: {0}\n",
    "comments at a change": "kind: InferenceService\napiVersion: serving.kserve.io/v1beta1\nmetadata: {{name: b}}\n"
    "spec:\n  predictor:\n    logger:\n      mode: all\n      # export API_TOKEN={0}\n      # used to be {0}\n"
    "      metadataHeaders: [x-team]  # {{'password': '{0}'}}\n",
    "comment at a finding": "{1}  # password: {0}\n---\n",
    "duplicate key": "kind: InferenceService\napiVersion: serving.kserve.io/v1beta1\nmetadata: {{name: a}}\nspec:\n"
    "  predictor:\n    logger:\n      password={0}: all\n      password={0}: x\n",
    "duplicate": "kind: InferenceService\napiVersion: serving.kserve.io/v1beta1\nmetadata: {{name: a}}\nspec:\n"
    "  predictor:\n    logger:\n      mode: all\n      password: {0}\n      password: x\n"
    "      url: http://u:{0}@s\n      url: http://s\n",
    "YAML error": "kind: InferenceService\nspec:\n  password: {0}\n  logger: [a, password: {0}: b\n   c: ]\n",
    "YAML error in a line": "kind: InferenceService\n  password: {0}\n url: http://u:{0}@s\n",
    "YAML tag": "kind: InferenceService\napiVersion: serving.kserve.io/v1beta1\nmetadata: {{name: a}}\nspec:\n"
    "  predictor:\n    logger:\n      password: !{0} x\n",
    "tab": "kind: InferenceService\nspec:\n\tpassword: {0}\n",
    "Secret beside it": "kind: Secret\napiVersion: v1\nmetadata: {{name: s}}\n"
    "stringData:\n  password: {0}\n  key: {0}\n---\n{1}",
    "ConfigMap": "kind: ConfigMap\napiVersion: v1\nmetadata: {{name: inferenceservice-config, namespace: kserve}}\n"
    'data:\n  logger: |-\n    {{"image": "x", "password": "{0}", "defaultUrl": "http://u:{0}@s"}}\n'
    '  agent: "password: {0}"\n---\n{1}',
}


def by_shape() -> Iterator[Planted]:
    """Yield a manifest for each string and each key, which is a token there or contains one."""
    number = 0
    for path in strings(service()):
        if path[-1] in ("kind", "apiVersion"):
            continue
        for form in ("{}", "x {}", "http://sink/{}") if LONG else ("{}", "http://sink/{}"):
            number += 1
            data = service()
            put(data, path, form.format(token(number)))
            yield Planted(f"{'.'.join(map(str, path))}: {form}", json.dumps(data, indent=1), (token(number),))
    for path in keys(service()):
        number += 1
        data = service()
        inside: Any = data
        for key in path[:-1]:
            inside = inside[key]
        if path[0] not in ("kind", "apiVersion", "spec", "metadata") or len(path) > 2:
            inside[token(number)] = inside.pop(path[-1])
            yield Planted(f"key: {'.'.join(map(str, path))}", json.dumps(data, indent=1), (token(number),))


def by_name() -> Iterator[Planted]:
    """Yield a manifest for each place where a name shows the secret."""
    for number, (name, (path, value)) in enumerate(NAMED.items()):
        data = service()
        put(data, path, filled(value, password(number)))
        for logger in ("db-password", "api-key"):
            if path[-1] == logger:
                data["spec"]["predictor"]["logger"]["metadataAnnotations"].append(logger)
        yield Planted(name, json.dumps(data, indent=1), (password(number),))
        yield Planted(f"{name}, in one line", json.dumps(data, separators=(",", ":")), (password(number),))
    plain = json.dumps(service(), indent=1) + "\n"
    for number, (name, text) in enumerate(TEXTS.items(), 500):
        yield Planted(name, text.format(password(number), plain), (password(number),))


def of_files(file: str) -> Iterator[list[str]]:
    """Yield the commands for a file."""
    yield from (["lint", file, "-o", name] for name in REPORTS)
    yield from (["preview", "-f", file, "-o", name] for name in PREVIEWS)
    yield ["preview", "-f", file, "--full"]
    yield from (["preview", "--diff", "plain", file, "-o", name] for name in COMPARISON)
    yield ["preview", "--diff", file, "plain", "-o", "json"]
    schemas, estimates, comparisons = EVENTS if LONG else (("asyncapi",), ("json",), ("text",))
    yield from (["events", "schema", "-f", file, "-o", name] for name in schemas)
    yield from (["events", "estimate", "-f", file, "--rps", "9", "-o", name] for name in estimates)
    yield from (["events", "compare", "-f", file, "--from", "0.14", "-o", name] for name in comparisons)
    yield from (["validate", file, "-o", name] for name in (REPORTS if LONG else ("text", "json")))
    yield ["lint", file, "--unsafe-fixes", "--diff"]
    yield ["lint", file, "--write-baseline", f"{file}.json", "-v"]
    yield ["lint", file, "--baseline", f"{file}.json", "--check"]
    yield ["add-annotation", "-f", file, "team=x", "--diff"]
    yield ["add-annotation", "-f", file, "example.com/new", "--check", "--component", "all"]
    yield ["remove-annotation", "-f", file, "example.com/note", "--with-value", "--diff"]


QUICK = ("text", "json", "--diff", "--write-baseline")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "plain").write_text(json.dumps(service()), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("planted", [*by_shape(), *by_name()], ids=lambda planted: planted.name)
def test_no_command_prints_a_secret_of_a_file(planted: Planted, folder: Path) -> None:
    found = []
    Path("a.yaml").write_text(planted.text)
    quick = not LONG and (": " in planted.name or planted.name.endswith("in one line"))
    for arguments in of_files("a.yaml"):
        if quick and not any(word in QUICK for word in arguments):
            continue
        ended = run(*arguments)
        found += [f"{' '.join(arguments)}: {leak}" for leak in leaks(ended, planted.secrets)]
        assert "this is a bug" not in ended.err, (arguments, ended.err)
    found += [f"baseline: {leak}" for leak in leaks(Ended(Path("a.yaml.json").read_text(), ""), planted.secrets)]
    assert not found, f"{len(found)} leaks\n" + "\n".join(found[:40])


MANIFESTS = {
    "headers.yaml": ("9f8s7d6f87sd6f", "ghp_0123456789abcdefghijABCDEFGHIJ012345"),
    "password.yaml": ("hunter2hunter2",),
    "annotations.yaml": ("hunter2hunter2", "JsonPw-77abc", "Env-77abcdef", "dXNlcjpzZWNyZXRwdw==", "UrlPw99"),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_no_secret_is_quoted_in_a_warning_of_it(name: str, folder: Path) -> None:
    Path("a.yaml").write_bytes((Path(__file__).with_name("manifests") / "secrets" / name).read_bytes())
    for arguments in of_files("a.yaml"):
        ended = run(*arguments)
        assert not [secret for secret in MANIFESTS[name] if secret in ended.out + ended.err], arguments


def test_every_secret_of_a_listed_annotation_is_reported(folder: Path) -> None:
    Path("a.yaml").write_bytes((Path(__file__).with_name("manifests") / "secrets" / "annotations.yaml").read_bytes())
    findings = json.loads(run("lint", "a.yaml", "-o", "json").out)["findings"]
    found = {finding["pointer"].rpartition("/")[2] for finding in findings if "sensitive" in finding["rule"]}
    assert found >= {"conf", "dsn", "docker"}


def all_at_once() -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a service with a secret in many places that leave it valid, and the secrets."""
    data = service()
    secrets = []
    for number, (path, value) in enumerate(NAMED.values(), 700):
        if path[0] != "spec" or path[2] not in ("logger",) or path[-1] in ("passwords", "auth", "password"):
            put(data, path, filled(value, password(number)))
            secrets.append(password(number))
    data["spec"]["predictor"]["logger"]["metadataAnnotations"] += ["db-password", "api-key", token(990)]
    data["metadata"]["annotations"][token(990)] = "x"
    data["metadata"]["annotations"]["example.com/team"] = token(991)
    return data, (*(secret for secret in secrets if secret in json.dumps(data)), token(990), token(991))


@pytest.mark.parametrize("arguments", [
    *(["lint", "--live", "-o", name] for name in REPORTS),
    *(["validate", "--live", "-o", name] for name in ("text", "json")),
    *(["audit", "-o", name] for name in AUDIT),
    *(["preview", "iris", "-o", name] for name in PREVIEWS),
    ["preview", "iris", "--full"],
    ["add-annotation", "iris", "new=x", "--dry-run", "client", "--force"],
    ["add-annotation", "iris", "new=x", "--force"],
    ["remove-annotation", "iris", "db-password", "--check"],
], ids=" ".join)  # fmt: skip
def test_no_command_prints_a_secret_of_a_cluster(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, secrets = all_at_once()
    with ApiServer() as api:
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(folder, namespace="ml"))
        api.add(data)
        api.add(live_cluster.config(note=json.dumps({"password": password(997)})))
        api.add(live_cluster.runtime())
        api.warnings = [f"annotation db-password has the value {secrets[0]}", f"password: {password(998)}", token(999)]
        hidden = (*secrets, password(997), password(998), token(999))
        ended = run(*arguments)
        assert not leaks(ended, hidden)
        assert "this is a bug" not in ended.err
        revealed = run(*arguments, "--reveal")
    if arguments[0] == "preview" and arguments[-1] != "cloudevent":
        assert leaks(revealed, secrets)
        assert ("add --reveal" in ended.err) == (arguments[-1] not in ("text", "--full"))
        assert "add --reveal" not in revealed.err


def test_no_half_of_a_long_name_is_printed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = base64.b64encode(json.dumps({"user": "bob", "password": password(1) * 3}).encode()).decode()
    data = service()
    data["metadata"]["name"] = secret
    with ApiServer() as api:
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(folder, namespace="ml"))
        api.add(data)
        ended = run("remove-annotation", "absent", "new")
    assert "there are `***`" in ended.err
    assert secret[:20] not in ended.err


CUT = base64.b64encode(json.dumps({"user": "bob", "password": password(1) * 3}).encode()).decode()
"""A secret whose first 60 characters, to which names are cut, do not look like one."""


@pytest.mark.parametrize(
    ("arguments", "config"),
    [
        ([], json.dumps({CUT: 1})),
        ([], json.dumps({"ignore": [CUT]})),
        ([], f"{{ignore: [], {CUT}: 1, {CUT}: 2}}"),
        ([], json.dumps({"ignores": [{"rule": CUT, "reason": "x"}]})),
        (["--select", CUT], "{}"),
    ],
    ids=["key", "rule", "repeated key", "entry", "option"],
)
def test_no_half_of_a_long_secret_is_printed(arguments: list[str], config: str, folder: Path) -> None:
    Path("a.yaml").write_text(json.dumps(service(), indent=1))
    Path("own.yaml").write_text(config)
    ended = run("lint", "a.yaml", "--config", "own.yaml", *arguments)
    assert "`***`" in ended.err
    assert CUT[:20] not in ended.err


def test_a_long_name_that_is_no_secret_is_cut(folder: Path) -> None:
    data = service()
    name = "x-" + "plain-words-" * 10
    put(data, (*LOGGER, "metadataHeaders"), [name])
    Path("a.yaml").write_text(json.dumps(data, indent=1))
    for option in ("--no-config", "--reveal"):
        ended = run("lint", "a.yaml", "-o", "concise", "--select", "non-canonical-header", option)
        assert f": `{name[:59]}…` never matches a request header" in ended.out


@pytest.mark.parametrize("name", PREVIEWS)
def test_no_preview_prints_a_secret_of_the_configuration(name: str, folder: Path) -> None:
    data = service()
    del data["spec"]["predictor"]["logger"]["url"]
    config = live_cluster.config()
    agent = json.loads(config["data"]["logger"])
    agent["defaultUrl"] = f"http://bob:{password(1)}@sink/?access_token={password(2)}"
    config["data"]["logger"] = json.dumps(agent)
    Path("a.yaml").write_text(json.dumps(data))
    Path("config.yaml").write_text(json.dumps(config))
    arguments = ("preview", "-f", "a.yaml", "--inferenceservice-config", "config.yaml", "-o", name)
    assert not leaks(run(*arguments), (password(1), password(2)))
    assert name == "cloudevent" or password(2) in run(*arguments, "--reveal").out


@pytest.mark.parametrize("arguments", [
    ["lint", "--live"], ["audit"], ["preview", "iris"], ["add-annotation", "iris", "new=x", "--force"],
], ids=" ".join)  # fmt: skip
@pytest.mark.parametrize(
    ("status", "message"),
    [
        (403, 'admission webhook "{}" denied the request: {}'),
        (403, 'User "{}" cannot get resource "x": {}'),
        (422, "{} {}"),
    ],
    ids=["webhook", "user", "field"],
)
def test_no_command_prints_a_secret_of_a_refusal(
    status: int, message: str, arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = message.format(token(1), f'metadata.annotations.db-password: Invalid value: "{password(2)}"')
    causes = [{"field": f"metadata.annotations[{token(3)}]", "message": f"password: {password(4)}"}]
    body = {"kind": "Status", "message": said, "reason": "Invalid", "details": {"causes": causes}}
    with ApiServer() as api:
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(folder, namespace="ml"))
        api.add(service(), live_cluster.config(), live_cluster.runtime())
        refused = f"/apis/{service()['apiVersion']}/namespaces/ml/inferenceservices"
        api.fail(refused, status, times=-1, body=body, method="PATCH" if "new=x" in arguments else "")
        ended = run(*arguments)
    assert "***" in ended.err.splitlines()[-1]
    assert not leaks(ended, (token(1), password(2), token(3), password(4)))


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_preview_of_a_file_says_that_it_hides(name: str, folder: Path) -> None:
    data = service()
    data["metadata"]["annotations"] |= {"db-password": password(1), "example.com/note": "a"}
    data["spec"]["predictor"]["logger"]["metadataAnnotations"].append("db-password")
    Path("a.yaml").write_text(json.dumps(data))
    arguments = ("preview", "-f", "a.yaml", "-o", name)
    ended = run(*arguments)
    assert password(1) not in ended.out + ended.err
    assert "***" in ended.out
    assert ("are hidden as ***; add --reveal to show them." in ended.err) == (name != "text")
    revealed = run(*arguments, "--reveal")
    assert password(1) in revealed.out
    assert "***" not in revealed.out + revealed.err


@pytest.mark.parametrize("name", PREVIEWS)
def test_a_body_that_was_given_is_shown_as_given(name: str, folder: Path) -> None:
    data = service()
    data["metadata"]["annotations"]["db-password"] = password(1)
    Path("a.yaml").write_text(json.dumps(data))
    Path("body.json").write_text(json.dumps({"password": password(1), "token": token(2)}))
    ended = run("preview", "-f", "a.yaml", "--data", "body.json", "-o", name, "--full")
    assert password(1) in ended.out
    assert token(2) in ended.out


def test_commands_that_mask_have_reveal(folder: Path) -> None:
    data = service()
    data["spec"]["predictor"]["logger"] |= {"password": password(1), "metadataHeaders": [f"x-api-key: {password(2)}"]}
    data["metadata"]["annotations"] = {"db-password": password(3)}
    text = json.dumps(data, indent=1)
    Path("a.yaml").write_text(text)
    for arguments, secret in (
        (["lint", "a.yaml", "-o", "text"], password(2)),
        (["lint", "a.yaml", "-o", "json"], password(2)),
        (["validate", "a.yaml", "-o", "text"], password(1)),
        (["add-annotation", "-f", "a.yaml", "new=x", "--diff", "--force"], password(3)),
    ):
        assert secret not in "".join(run(*arguments))
        assert secret in "".join(run(*arguments, "--reveal"))


@pytest.mark.parametrize("command", ["lint", "validate", "preview", "add-annotation", "remove-annotation", "audit"])
def test_help_of_commands_that_mask_has_reveal(command: str) -> None:
    assert "--reveal" in run(command, "--help").out


@pytest.mark.parametrize("options", [["--fix", "--diff"], ["--unsafe-fixes", "--diff"]], ids=" ".join)
def test_a_masked_diff_says_that_it_cannot_be_applied(options: list[str], folder: Path) -> None:
    data = service()
    data["metadata"]["annotations"]["db-password"] = password(1)
    data["spec"]["predictor"]["logger"]["metadataHeaders"] = ["x-team"]
    for key, is_masked in (("db-password", True), ("example.com/x", False)):
        Path("a.yaml").write_text(json.dumps(data).replace("db-password", key))
        assert ("cannot be applied" in run("lint", "a.yaml", *options).out.splitlines()[0]) is is_masked
    assert "cannot be applied" not in run("lint", "a.yaml", *options, "--reveal").out


def test_an_edited_document_is_complete(folder: Path) -> None:
    data = service()
    data["metadata"]["annotations"]["db-password"] = password(1)
    Path("a.yaml").write_text(json.dumps(data, indent=1))
    ended = run("add-annotation", "-f", "a.yaml", "example.com/new", "--stdout", "--force")
    assert password(1) in ended.out
    assert password(1) not in ended.err


def test_a_masked_fix_cannot_be_applied(folder: Path) -> None:
    data = service()
    data["metadata"]["annotations"] = {"db-password": f"{password(1)}\n"}
    data["spec"]["predictor"]["logger"]["metadataAnnotations"] = ["db-password"]
    Path("a.yaml").write_text(json.dumps(data))

    def edits(*options: str) -> list[dict[str, Any]]:
        report = json.loads(run("lint", "a.yaml", "-o", "json", "--select", "truncated-annotation", *options).out)
        return [edit for finding in report["findings"] for edit in finding["fix"]["edits"]]

    assert [(edit["text"], edit["masked"]) for edit in edits()] == [('"***"', True)]
    assert [(password(1) in edit["text"], edit["masked"]) for edit in edits("--reveal")] == [(True, False)]
    assert "fixes" not in run("lint", "a.yaml", "-o", "sarif", "--select", "truncated-annotation").out


RESPELLED = {
    **{
        f"annotation with {mark!r}": ((*ANNOTATIONS, "db-password"), f"hunter{mark}777-Correct777{end}")
        for mark, end in (("\0", ""), ("\x7f", "\x07"), ("$(X)", ""), ("", "\n"), ("", " \r\n"), ("\u00a0", ""))
    },
    "header": ((*LOGGER, "metadataHeaders"), [token(3)]),
    "header with white space": ((*LOGGER, "metadataHeaders"), [f"{token(3)}\t", "x-api-key: hunter\n777-Correct777"]),
    "listed key": ((*LOGGER, "metadataAnnotations"), [f" {token(3)} ", "db-password"]),
    "two listed keys": ((*LOGGER, "metadataAnnotations"), [f"{token(3)},{token(4)}", "db-password"]),
    "URL": ((*LOGGER, "url"), "sink:8080/?token=hunter777-Correct777"),
    "folded URL": ((*ANNOTATIONS, "example.com/note"), "postgres://u:hunter777-\nCorrect777@db"),
    "invisible letters": ((*ANNOTATIONS, "example.com/note"), f"{token(3)[:9]}\u200b{token(3)[9:]}"),
}


@pytest.mark.parametrize("name", RESPELLED)
def test_a_fix_does_not_spell_a_secret(name: str, folder: Path) -> None:
    data = service()
    put(data, *RESPELLED[name])
    logger = data["spec"]["predictor"]["logger"]
    logger["metadataAnnotations"] = [*logger["metadataAnnotations"], "db-password"]
    Path("a.yaml").write_text(json.dumps(data, indent=1))
    found = []
    for arguments in (
        *of_files("a.yaml"),
        ["lint", "a.yaml", "--unsafe-fixes", "-o", "json"],
        *of_files("a.yaml"),
    ):
        ended = run(*arguments)
        said = [re.sub(r"\\\\?(u[0-9a-f]{4}|x[0-9a-f]{2}|[nrt])|[^A-Za-z0-9]", "", text).lower() for text in ended]
        assert "this is a bug" not in ended.err
        for part in ("777correct777", token(3)[4:20].lower(), token(3)[-16:].lower(), token(4)[-16:].lower()):
            found += [f"{' '.join(arguments)}: {text}" for text in said if part in text]
    assert not found, f"{len(found)} leaks\n" + "\n".join(found[:40])


SPELLED = {
    "escaped line break": '"x {0}\\\n          {1}"',
    "escaped letters": '"\\x67\\u0068\\U00000070_{0}{1}"',
    "escaped slash": '"http://u:{0}\\/{1}@sink"',
    "folded": '"Authorization: Bearer\n\n          {0}{1}"',
    "plain, in two lines": "the header Authorization is Bearer\n          {0}{1}",
    "single quotes": "'password=''{0}''{1}'''",
    "tag": '&a !!str "\\x67hp_{0}{1}"',
}


@pytest.mark.parametrize("place", ["team: {}", "example.com/note: {}", "{}: x", "password: {}"])
@pytest.mark.parametrize("name", SPELLED)
def test_no_line_of_a_file_spells_a_secret(name: str, place: str, folder: Path) -> None:
    halves = "0123456789abcdEFGH", "IJKLmnopqrst98765432"
    text = SPELLED[name].format(*halves)
    if name == "escaped line break" and place != "password: {}":
        text = text.replace("x 0", "ghp_0")
    written = place.format(f"? {text}\n      ") if place == "{}: x" else place.format(text)
    Path("a.yaml").write_text(
        "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata:\n  name: iris\n  annotations:\n"
        f"      {written}\nspec:\n  predictor:\n    logger:\n      mode: all\n      {written}\n"
        f"      url: http://sink\n      metadataHeaders: [{SPELLED['escaped letters'].format(*halves)}, x-a]\n"
        "      metadataAnnotations: [team, example.com/note]\n    model: {modelFormat: {name: sklearn}}\n"
    )
    found = []
    for arguments in of_files("a.yaml"):
        ended = run(*arguments)
        assert "this is a bug" not in ended.err
        found += [f"{' '.join(arguments)}: {leak}" for leak in leaks(ended, halves)]
    assert not found, f"{len(found)} leaks\n" + "\n".join(found[:40])


def test_words_of_the_project_file_decide_what_is_masked(folder: Path) -> None:
    data = service()
    data["metadata"]["annotations"] = {"contract-number": password(1), "api-key": password(2), "session": token(3)}
    logger = data["spec"]["predictor"]["logger"]
    logger |= {"metadataAnnotations": ["contract-number", "api-key", "session"], "url": "http://sink/path"}
    logger["metadataHeaders"] = [f"X-Contract-Number: {password(4)}"]
    data["spec"]["predictor"]["model"]["env"] = [{"name": "CONTRACT_NUMBER", "value": password(5)}]
    Path("a.yaml").write_text(json.dumps(data, indent=1))
    Path("own.yaml").write_text(json.dumps({"sensitive": {"keys": ["contract number"], "allow": ["API-key", "sess*"]}}))
    commands = [*of_files("a.yaml"), ["preview", "-f", "a.yaml", "-H", f"X-Contract-Number: {password(6)}"]]
    for arguments in commands:
        ended = run(*arguments, "--config", "own.yaml")
        assert not leaks(ended, tuple(map(password, (1, 4, 5, 6)))), arguments
        assert not leaks(run(*arguments, "--no-config"), (password(2), token(3))), arguments
        if arguments[0] == "preview":
            assert leaks(ended, (password(2),)), arguments
            assert leaks(ended, (token(3),)), arguments
    Path("own.yaml").rename(".isvclog.yaml")
    for arguments in commands:
        ended = run(*arguments)
        assert not leaks(ended, tuple(map(password, (1, 4, 5, 6)))), arguments
    assert leaks(run("preview", "-f", "a.yaml", "--no-config"), (password(1),))
    found = json.loads(run("lint", "a.yaml", "-o", "json").out)["findings"]
    sensitive = {finding["pointer"] for finding in found if finding["rule"].startswith("sensitive-annotation")}
    assert sensitive == {"/spec/predictor/logger/metadataAnnotations/0"}


COMMANDS = ("##vso[", "##[", "##teamcity[")


@pytest.mark.parametrize("arguments", [
    *(["preview", "-f", "a.yaml", "-o", name] for name in ("text", "json", "yaml", "curl", "cloudevent")),
    *(["events", "schema", "-f", "a.yaml", "-o", name] for name in EVENT_SCHEMAS),
    *(["events", "estimate", "-f", "a.yaml", "--rps", "9", "-o", name] for name in ("text", "json")),
    *(["events", "compare", "-f", "a.yaml", "--from", "0.14", "-o", name] for name in ("text", "json", "markdown")),
    *(["lint", "a.yaml", "-o", name] for name in REPORTS),
    ["add-annotation", "-f", "a.yaml", "##vso[x]y", "--check", "--force"],
    ["lint", "a.yaml", "--write-baseline", "base.json"],
], ids=" ".join)  # fmt: skip
def test_no_ci_system_obeys_a_name(arguments: list[str], folder: Path) -> None:
    data = service()
    data["metadata"] |= {"name": "##vso[task.setvariable variable=PATH]evil", "namespace": "##[group]x"}
    data["spec"]["predictor"]["logger"]["metadataHeaders"] = ["##teamcity[x]", "::error::x"]
    data["spec"]["predictor"]["logger"]["metadataAnnotations"] += ["##vso[a]b", "::error::y"]
    Path("a.yaml").write_text(json.dumps(data))
    ended = run(*arguments)
    baseline = Path("base.json").read_text() if Path("base.json").exists() else ""
    plain = ended.out + ended.err + baseline
    if arguments[-1] != "curl":  # which sends the bytes as they are
        assert not [line for line in plain.splitlines() if any(command in line for command in COMMANDS)]
    if "json" in arguments or "yaml" in arguments:
        assert "::" not in plain
        assert json.loads(ended.out) if "json" in arguments else "##vso[" in ended.out.encode().decode("unicode_escape")
    if baseline:
        assert "##[group]x" in json.dumps(json.loads(baseline))


FORMULAS = ["=1+1", "+1", "-1", "@a", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20a"]


@pytest.mark.parametrize("separator", ["", "a;", "a,", "a\t", "a; "])
@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_an_audit_is_a_formula(
    formula: str, separator: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = service()
    logger = data["spec"]["predictor"]["logger"]
    logger["url"] = logger["mode"] = separator + formula
    logger["metadataAnnotations"] = [separator + formula]
    with ApiServer() as api:
        monkeypatch.setenv("KUBECONFIG", api.kubeconfig(folder, namespace="ml"))
        api.add(data)
        text = run("audit", "-o", "csv").out
    # A spreadsheet that takes another separator sees the parts of a cell as cells.
    parts = [
        part.lstrip(' "') for row in csv.reader(io.StringIO(text)) for cell in row for part in re.split("[;,\t]", cell)
    ]
    assert not [part for part in parts if part[:1] in {each[0] for each in FORMULAS}]


@pytest.mark.parametrize("name", ["export API_TOKEN={}", "machine example.com password {}", "x {}"])
def test_names_in_notes_and_errors(name: str, folder: Path) -> None:
    secret = token(1) if name == "x {}" else password(1)
    texts = []
    for number in (1, 2):
        data = service()
        data["metadata"] |= {"name": f"iris-{number}", "namespace": name.format(secret)}
        texts.append(json.dumps(data))
    Path("a.yaml").write_text("\n---\n".join(texts))
    for arguments in (
        ["add-annotation", "-f", "a.yaml", "new"],
        ["preview", "other", "-f", "a.yaml"],
        ["lint", "a.yaml", "-o", "junit"],
    ):
        assert not leaks(run(*arguments), (secret,))


@pytest.mark.parametrize("field", ["name", "namespace"])
def test_an_address_in_place_of_a_name(field: str, folder: Path) -> None:
    data = service()
    data["metadata"][field] = "jane.doe@example-company.com"
    Path("a.yaml").write_text(f"{json.dumps(data)}\n---\n{json.dumps(service())}")
    for arguments in (
        ["add-annotation", "-f", "a.yaml", "new"],
        ["remove-annotation", "-f", "a.yaml", "new", "--check"],
    ):
        ended = run(*arguments)
        assert "matches: a.yaml:1: InferenceService" in ended.err
        assert "jane.doe" not in ended.err


def test_what_a_preview_masks_is_reported(folder: Path) -> None:
    for name, (path, value) in NAMED.items():
        data = service()
        put(data, path, filled(value, password(1)))
        if path[:2] != ANNOTATIONS and path[-1] != "url":
            continue
        logger = data["spec"]["predictor"]["logger"]
        logger["metadataAnnotations"] = list(data["metadata"]["annotations"])
        Path("a.yaml").write_text(json.dumps(data))
        found = {finding["rule"] for finding in json.loads(run("lint", "a.yaml", "-o", "json").out)["findings"]}
        values = {"sensitive-annotation-key", "sensitive-annotation-value"}
        urls = {"url-credentials", "unparsable-url", "unsupported-scheme"}
        assert found & (urls if path[-1] == "url" else values), name


SIMULATIONS = ("text", "json", "http")
ASKED = (
    b"POST /v1/models/iris:predict HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 19\r\n\r\n"
    b'{"instances":[[1]]}'
)


@pytest.fixture
def simulate(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Simulate until one request is answered."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = free.getsockname()
    asking: list[asyncio.Task[None]] = []
    answers: list[bytes] = []

    def stop_event() -> asyncio.Event:
        stopped = asyncio.Event()
        asking.append(asyncio.create_task(ask(stopped)))
        return stopped

    async def ask(stopped: asyncio.Event) -> None:
        try:
            while True:
                try:
                    reader, writer = await asyncio.open_connection(*address)
                    break
                except ConnectionRefusedError:
                    await asyncio.sleep(0.001)
            try:
                writer.write(ASKED)
                async with asyncio.timeout(10):
                    answers.append(await reader.read())
            finally:
                writer.close()
        finally:
            stopped.set()

    monkeypatch.setattr("isvclog.sidecar.simulation.running.stop_event", stop_event)
    listen = ("--listen", f"127.0.0.1:{address[1]}")
    return lambda *arguments: run("simulate", *arguments, *listen, "--blob-dir", "objects")


@pytest.mark.parametrize(
    "planted", [*(by_shape() if LONG else ()), *by_name()], ids=lambda planted: planted.name
)  # fmt: skip
def test_no_simulation_prints_a_secret_of_a_file(
    planted: Planted, folder: Path, simulate: Callable[..., Ended]
) -> None:
    Path("a.yaml").write_text(planted.text)
    found = []
    for name in SIMULATIONS if LONG else ("json",):
        ended = simulate("-f", "a.yaml", "--component", "predictor", "-o", name)
        found += [f"-o {name}: {leak}" for leak in leaks(ended, planted.secrets)]
        assert "this is a bug" not in ended.err
    assert not found


@pytest.mark.parametrize("name", SIMULATIONS)
def test_a_simulation_shows_events_without_secrets(name: str, folder: Path, simulate: Callable[..., Ended]) -> None:
    data = service()
    data["metadata"]["annotations"] |= {"db-password": password(1), "example.com/note": token(2)}
    logger = data["spec"]["predictor"]["logger"]
    logger["metadataAnnotations"] = ["db-password", "example.com/note", "example.com/team"]
    logger["url"] = f"http://bob:{password(3)}@sink/?token={password(4)}"
    del logger["storage"]
    Path("a.yaml").write_text(json.dumps(data))
    secrets = (password(1), token(2), password(3), password(4))
    arguments = ("-f", "a.yaml", "--component", "predictor", "-o", name)
    ended = simulate(*arguments)
    assert ended.out.count("risk") >= 2
    assert "***" in ended.out
    assert not leaks(ended, secrets)
    assert password(1) in simulate(*arguments, "--reveal").out
