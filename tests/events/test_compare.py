"""`events compare`: what differs between releases, in each format, for files and for a cluster."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from jsonschema import Draft202012Validator
from live_cluster import config, controller, runtime, service
from referencing import Registry, Resource

from isvclog.cli.main import main

ROOT = Path(__file__).parents[2]
SCHEMAS = {
    name: json.loads((ROOT / "schemas" / name).read_text("utf-8"))
    for name in ("events-compare.schema.json", "preview-diff.schema.json")
}
VALIDATOR = Draft202012Validator(
    SCHEMAS["events-compare.schema.json"],
    registry=Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()),
)
SECRET = "s3cret-of-mine-77"
MANIFEST = f"""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  namespace: ml
  annotations:
    example.com/team: "risk | @all <b>*x*</b> `y`"
    example.com/api-key: {SECRET}
spec:
  predictor:
    logger:
      mode: all
      url: http://user:{SECRET}@sink.ml/a
      metadataAnnotations: [example.com/team, example.com/api-key]
      metadataHeaders: [X-Request-Id]
    model:
      modelFormat: {{name: sklearn}}
"""
STORED = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: archive, namespace: ml}
spec:
  predictor:
    logger:
      mode: request
      url: s3://bucket/pre
      storage: {path: logs, key: k, parameters: {format: json}}
    model:
      modelFormat: {name: sklearn}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with both manifests."""
    (tmp_path / "a.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(STORED, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


def compared(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Compare, and return what is printed, without secrets."""
    assert main(["events", "compare", *arguments]) == code
    captured = capsys.readouterr()
    assert SECRET not in captured.out + captured.err
    return captured.out


def changes(capsys: pytest.CaptureFixture[str], old: str, new: str, file: str = "a.yaml") -> dict[str, Any]:
    """Return what changes for the only component of a manifest, by kind and name."""
    document = json.loads(compared(capsys, "-f", file, "--from", old, "--to", new, "-o", "json"))
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    found = [component for item in document["services"] for component in item["components"]]
    if not found:
        return {}
    return {f"{each['kind']} {each['name']}": each for each in found[0]["changes"]}


def sides(change: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the values before and after."""
    old, new = change["old"], change["new"]
    return old and old["value"], new and new["value"]


@pytest.mark.usefixtures("folder")
def test_attributes_that_releases_add(capsys: pytest.CaptureFixture[str]) -> None:
    found = changes(capsys, "0.16", "0.18")
    assert sides(found["form recordedtime"]) == (None, "When the agent built the event.")
    assert sides(found["form time"])[0] == "When the event was sent."
    assert "form metadata" not in found
    before, after = (int(str(side).split()[0]) for side in sides(found["form headers of the request event"]))
    assert after - before == len("Ce-Recordedtime: 2026-01-02T03:04:05.123456789Z\r\n")
    assert "null" in str(sides(changes(capsys, "0.15.1", "0.16")["form metadata"])[0])


@pytest.mark.usefixtures("folder")
def test_arguments_that_releases_add(capsys: pytest.CaptureFixture[str]) -> None:
    found = changes(capsys, "0.13", "0.15.1")
    assert sides(found["argument --metadata-annotations"]) == (None, "given")
    assert sides(found["argument --logger-tls-skip-verify"]) == (None, "false")
    assert sides(found["annotation example.com/api-key"])[1] == "***"
    assert sides(found["form annotations"])[0] is None
    assert "argument --log-url" not in found


@pytest.mark.usefixtures("folder")
def test_fields_of_records(capsys: pytest.CaptureFixture[str]) -> None:
    old, new = sides(changes(capsys, "0.16", "0.18", "b.yaml")["form fields of a record"])
    assert str(old).startswith("Url, Bytes, ContentType, ReqType")
    assert str(new).startswith("url, bytes, contentType, reqType")
    assert str(new).endswith("occurrenceTime")


@pytest.mark.usefixtures("folder")
def test_releases_that_are_alike(capsys: pytest.CaptureFixture[str]) -> None:
    assert changes(capsys, "0.18.0", "0.19") == {}
    text = compared(capsys, "-f", ".", "--from", "0.18.0", "--to", "0.19", "--exit-code")
    assert "Nothing changes in the events of 2 InferenceServices." in text
    assert "  0.19.0  legacy-status-read: " in text
    compared(capsys, "-f", ".", "--from", "0.17", "--to", "0.18", "--exit-code", code=1)


@pytest.mark.usefixtures("folder")
def test_a_downgrade_loses_what_an_upgrade_gains(capsys: pytest.CaptureFixture[str]) -> None:
    up, down = (
        json.loads(compared(capsys, "-f", ".", "--from", old, "--to", new, "-o", "json"))
        for old, new in (("0.16", "0.21"), ("0.21", "0.16"))
    )
    assert up["gained"] == down["lost"]
    assert up["lost"] == down["gained"] == []
    assert {row["since"] for row in up["gained"]} <= {"0.17.0", "0.18.0", "0.19.0", "0.20.0", "0.21.0"}
    assert (up["from"]["version"], up["to"]["version"]) == ("0.16.0", "0.21.0")
    assert up["to"]["note"]


@pytest.mark.usefixtures("folder")
def test_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = compared(capsys, "-f", ".", "--from", "0.15.2", "--to", "0.16")
    assert text.partition("\nnew in KServe since then\n")[0] == (
        "KServe 0.15.2 to 0.16.0\n"
        "\n"
        "InferenceService/ml/fraud  ./a.yaml\n"
        "predictor  sends 2 events per request to http://user:***@sink.ml/a; 2 of 3 names arrive, 1 more if a client "
        "sends it\n"
        "  form\n"
        "    metadata                       changed  "
        "'The listed request headers, as a JSON object of lists of values. The event of a response has null.' becomes "
        "'The listed request headers, as a JSON object of lists of values.'\n"
        "    headers of the response event  changed  '627 bytes' becomes '625 bytes'\n"
        "\n"
        "InferenceService/ml/archive  ./b.yaml\n"
        "  before    kubectl rejects the manifest because of predictor.logger.storage\n"
        "predictor  stores 1 object per request in s3://bucket/pre\n"
        '  before    sends nothing: Send did not return an HTTP response: Post "s3://bucket/pre": unsupported '
        'protocol scheme "s3"\n'
        "\n"
        "2 services change.\n"
    )


@pytest.mark.usefixtures("folder")
def test_nothing_in_a_manifest_is_read_as_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    text = compared(capsys, "-f", "a.yaml", "--from", "0.13", "--to", "0.21", "-o", "markdown")
    assert text.startswith("<!-- isvclog-events-compare -->\n**KServe 0.13.1 to 0.21.0**\n")
    assert "Compared: <code>KServe 0.13.1</code> with <code>KServe 0.21.0</code>.\n" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(row.count(" | ") == 4 for row in rows)
    assert not any(hostile in text for hostile in ("@all", "<b>", "*x*", "`y`"))
    assert "<details><summary>New in KServe since then: " in text


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["-f", "."], 2, "name the release to upgrade from: --from 0.15."),
        (["-f", ".", "--from", "0.21"], 2, "--from and --to are both 0.21.0"),
        (["-f", ".", "--from", "9.9"], 2, "9.9"),
        (["-f", ".", "--from", "0.15", "--kserve-version", "0.16"], 2, "name both with --from and --to"),
        (["-f", ".", "--from", "0.15", "-A"], 2, "--all-namespaces is about a cluster; add --live"),
        (["-f", ".", "--from", "0.15", "--live"], 2, "-f names files, and --live checks a cluster"),
        (["--from", "0.15"], 2, "name the manifest with -f FILE"),
        (["-f", "missing.yaml", "--from", "0.15"], 3, "missing.yaml"),
    ],
)
def test_arguments_that_are_wrong(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["events", "compare", *arguments]) == code
    assert message in capsys.readouterr().err


@pytest.fixture
def api(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ApiServer]:
    """Start a cluster with services in two namespaces."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with ApiServer() as server:
        server.add(config(deploy='{"defaultDeploymentMode": "Standard"}'), controller(), runtime())
        server.add(service(), service("wine", "cellar"))
        monkeypatch.setenv("KUBECONFIG", server.kubeconfig(folder, namespace="ml"))
        yield server


@pytest.mark.usefixtures("api")
def test_services_of_a_cluster(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(compared(capsys, "--live", "-A", "--from", "0.16", "--to", "0.18", "-o", "json"))
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    assert [item["object"] for item in document["services"]] == [
        "InferenceService/cellar/wine",
        "InferenceService/ml/iris",
    ]
    one = json.loads(compared(capsys, "--live", "iris", "--from", "0.16", "--to", "0.18", "-o", "json"))
    assert one["services"] == document["services"][1:]
    installed = json.loads(compared(capsys, "--live", "--to", "0.15.1", "-o", "json"))
    assert installed["from"]["version"] == "0.16.0"
    assert main(["events", "compare", "--live", "-n", "empty", "--to", "0.15.1"]) == 3
    assert "no InferenceService in namespace empty" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_documents_that_cannot_be_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(f"{MANIFEST}---\nkind: InferenceService\na: [\n", encoding="utf-8")
    assert main(["events", "compare", "-f", "a.yaml", "--from", "0.16", "--to", "0.18", "-o", "json"]) == 3
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["services"]) == 1
    assert captured.err.count("a.yaml:") == 1


def test_what_no_release_accepts_is_not_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(MANIFEST.replace("mode: all", "mode: some"), encoding="utf-8")
    assert main(["events", "compare", "-f", "a.yaml", "--from", "0.16", "--to", "0.18"]) == 0
    captured = capsys.readouterr()
    assert "Nothing changes in the events of 1 InferenceService." in captured.out
    assert "the cluster rejects 1 InferenceService in both states: not compared" in captured.err


def test_what_is_accepted_is_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.yaml").write_text(MANIFEST, encoding="utf-8")
    assert main(["events", "compare", "-f", "a.yaml", "--from", "0.16", "--to", "0.18"]) == 0
    assert "rejects" not in capsys.readouterr().err
