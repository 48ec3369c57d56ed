"""`isvclog.api` as notebooks and pipelines use it."""

import subprocess
import sys
import threading
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import sdk_models as sdk
from ruamel.yaml import YAML

from isvclog.api import ServicePrediction, check, predict
from isvclog.cli.main import main
from isvclog.errors import InputError, IsvclogError, UsageError
from isvclog.kserve.apis.installation import SHIPPED

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))
TIME = datetime(2026, 1, 2, 3, 4, 5, 120000, tzinfo=UTC)
TEXT = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  namespace: ml
  annotations:
    example.com/team: fraud,risk
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.ml.svc.cluster.local
      metadataAnnotations: [example.com/team]
      metadataHeaders: [X-Request-Id]
    model:
      modelFormat:
        name: sklearn
      storageUri: gs://models/fraud
"""
SECRET = "hunter2-Zx81-not-real"


def service(**annotations: str) -> dict[str, Any]:
    """Return the service of TEXT with other annotations, by their names below example.com."""
    data: dict[str, Any] = YAML(typ="safe").load(TEXT)
    if annotations:
        data["metadata"]["annotations"] = {f"example.com/{name}": value for name, value in annotations.items()}
    return data


def only(predictions: list[ServicePrediction]) -> ServicePrediction:
    [prediction] = predictions
    return prediction


def test_a_finding_has_all_that_lint_prints() -> None:
    [found] = check(TEXT)
    assert (found.severity, found.rule) == ("error", "crashing-annotation")
    assert found.message.startswith("A comma ends the value of `example.com/team`")
    assert found.remedy == "Write the value without commas."
    assert found.object == "InferenceService/ml/fraud"
    assert found.path == ("metadata", "annotations", "example.com/team")
    assert found.pointer == "/metadata/annotations/example.com~1team"
    assert found.place == ("<text>", 7, 28, 7, 29, 1)
    assert str(found).startswith("<text>:7:28: error: A comma ends")
    assert str(found).endswith("Write the value without commas. [crashing-annotation]")


def test_a_fix_is_named_and_not_made() -> None:
    data = service(team="fraud")
    data["spec"]["predictor"]["logger"]["metadataHeaders"] = ["x-request-id"]
    before = deepcopy(data)
    [found] = check(data)
    assert (found.rule, found.fix, found.fix_is_safe) == ("non-canonical-header", "Write `X-Request-Id`.", True)
    assert data == before


def test_an_object_has_no_place_in_a_text() -> None:
    [found] = check(service())
    assert found.place is None
    assert str(found).startswith("InferenceService/ml/fraud: error: A comma ends")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_form_of_an_object_has_the_same_findings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    documents = [each for each in YAML(typ="safe").load_all(text) if each]
    of_text = [finding._replace(place=None) for finding in check(text)]
    assert [finding._replace(place=None) for finding in check(path)] == of_text
    assert [finding._replace(place=None) for finding in check(text.encode())] == of_text
    of_dicts = check(documents)
    assert sorted(map(str, of_dicts)) == sorted(map(str, of_text))
    options: dict[str, Any] = {"event_id": "1", "time": TIME}
    assert predict(text, **options) == predict(path, **options) == predict(documents, **options)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_findings_are_those_of_lint(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "--no-config", "-o", "concise", "-q", str(path)])
    printed = capsys.readouterr().out.splitlines()
    found = check(path)
    assert len(found) == len(printed)
    for finding, line in zip(found, printed, strict=True):
        assert line.startswith(f"{finding.place}: {finding.severity}")
        assert f"[{finding.rule}]" in line


def test_a_service_that_sends() -> None:
    prediction = only(
        predict(service(team="fraud"), headers={"X-Request-Id": "4711"}, event_id="e1", time=TIME, data=b'{"a": 1}')
    )
    assert (prediction.object, prediction.sends, prediction.rejected) == ("InferenceService/ml/fraud", True, "")
    predictor = prediction.component("predictor")
    assert predictor.has_logger
    assert predictor.starts
    assert predictor.sends
    assert (predictor.blocked_by, predictor.problem) == (None, "")
    assert predictor.sink == "http://sink.ml.svc.cluster.local"
    assert [status[:3] for status in predictor.annotations] == [("example.com/team", "carried", "")]
    assert [status[:3] for status in predictor.headers] == [("X-Request-Id", "carried", "")]
    request, response = predictor.events
    assert request.type == "org.kubeflow.serving.inference.request"
    assert response.type == "org.kubeflow.serving.inference.response"
    assert request.annotations == response.annotations == {"example.com/team": "fraud"}
    assert request.metadata == {"X-Request-Id": ["4711"]}
    assert request.attributes["id"] == response.attributes["id"] == "e1"
    assert request.attributes["time"] == "2026-01-02T03:04:05.12Z"
    assert request.attributes["datacontenttype"] == "application/json"
    assert request.data == b'{"a": 1}'
    assert ("Ce-Annotations", '{"example.com/team":"fraud"}') in request.headers
    assert request.wire.startswith(b"POST / HTTP/1.1\r\nHost: sink.ml.svc.cluster.local\r\n")
    assert request.wire.endswith(b'\r\n\r\n{"a": 1}')
    with pytest.raises(KeyError):
        prediction.component("transformer")


def test_a_service_that_does_not_send() -> None:
    crashing = only(predict(service())).component("predictor")
    assert (crashing.starts, crashing.sends, crashing.blocked_by) == (False, False, "crash")
    assert "a comma splits its value" in crashing.problem
    assert "CrashLoopBackOff" in crashing.effect
    assert crashing.remedy
    assert crashing.sink == "http://sink.ml.svc.cluster.local"
    assert crashing.events == ()
    assert [(status.status, status.reason) for status in crashing.annotations] == [("lost", "NoLogger")]
    quiet = service(team="fraud")
    del quiet["spec"]["predictor"]["logger"]
    silent = only(predict(quiet)).component("predictor")
    assert (silent.has_logger, silent.starts, silent.sends, silent.problem) == (False, False, False, "it has no logger")
    refused = service(team="fraud")
    refused["spec"]["predictor"]["logger"]["mode"] = "both"
    prediction = only(predict(refused))
    assert prediction.rejected.startswith("/spec/predictor/logger/mode: ")
    assert (prediction.sends, prediction.components) == (False, ())


def test_records_are_predicted() -> None:
    prediction = only(predict(ROOT / "examples" / "06-blob-storage.yaml", event_id="e1", time=TIME))
    records = [record for component in prediction.components for record in component.records]
    pending = sum(component.pending for component in prediction.components)
    assert records or pending
    assert all(record.bucket and record.data for record in records)


def test_several_services_in_their_order() -> None:
    second = TEXT.replace("name: fraud", "name: risk", 1).replace("fraud,risk", "risk")
    assert [each.object for each in predict(f"{second}---\n{TEXT}")] == [
        "InferenceService/ml/risk",
        "InferenceService/ml/fraud",
    ]
    [found] = check(f"{second}---\n{TEXT}")
    assert found.place is not None
    assert (found.object, found.place.document) == ("InferenceService/ml/fraud", 2)
    assert [each.object for each in predict(iter([service(a="1"), second]))] == [
        "InferenceService/ml/fraud",
        "InferenceService/ml/risk",
    ]


def test_a_document_that_cannot_be_read_hides_no_other() -> None:
    text = f"kind: InferenceService\nmetadata: [\n---\n{TEXT}"
    assert [found.rule for found in check(text)] == ["unparsable-manifest", "crashing-annotation"]
    with pytest.raises(InputError, match=r"^<text>:\d+:\d+: "):
        predict(text)


def test_options_change_what_is_known() -> None:
    data = service(team="fraud")
    old = only(predict(data, kserve_version="0.14"))
    assert old.kserve_version.startswith("0.14.")
    assert {status.reason for status in old.components[0].annotations} == {"FieldPruned"}
    assert {found.rule for found in check(data, kserve_version="0.14")} == {"unknown-to-release"}
    mode = only(predict(data, deployment_mode="RawDeployment")).components[0].deployment_mode
    assert mode == "Standard"
    assert only(predict(data, distribution="odh")).components[0].deployment_mode == "Standard"
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "inferenceservice-config"},
        "data": {key: text.replace("default-broker", "other.example.com") for key, text in SHIPPED.items()},
    }
    del data["spec"]["predictor"]["logger"]["url"]
    assert only(predict(data, inferenceservice_config=config)).components[0].sink == "http://other.example.com"
    assert only(predict([data, config])).components[0].sink == "http://other.example.com"


def test_runtimes_are_those_that_are_given() -> None:
    data = service(team="fraud")
    runtime = {
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "ServingRuntime",
        "metadata": {"name": "mine", "namespace": "ml"},
        "spec": {"supportedModelFormats": [{"name": "onnx"}], "containers": [{"name": "kserve-container"}]},
    }
    missing = only(predict(data, serving_runtimes=[runtime])).components[0]
    assert missing.blocked_by == "not-deployed"
    assert "unsupported-model" in {found.rule for found in check(data, serving_runtimes=runtime)}
    assert only(predict(data, serving_runtimes=["shipped"])).components[0].blocked_by is None
    assert only(predict(data, serving_runtimes="shipped")).components[0].blocked_by is None


def test_a_project_file_counts_only_if_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".isvclog.yaml"
    file.write_text("requiredAnnotations: [example.com/tenant]\nkserveVersion: 0.17\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    data = service(team="fraud")
    assert check(data) == []
    by_path = check(data, project=file)
    assert [found.rule for found in by_path][-1:] == ["required-annotation"]
    assert check(data, project={"requiredAnnotations": ["example.com/tenant"], "kserveVersion": "0.17"}) == by_path
    assert check(data, project=file, ignore=[found.rule for found in by_path]) == []
    assert check(data, project=file, kserve_version="0.21", select=["required-annotation"])
    entry = {"rule": "required-annotation", "reason": "a test"}
    assert check(data, project={"requiredAnnotations": ["example.com/tenant"], "ignores": [entry]}) == []


def test_comments_silence_findings() -> None:
    assert check(TEXT.replace("fraud,risk\n", "fraud,risk  # isvclog: ignore[crashing-annotation] a test\n")) == []


def test_secrets_are_masked_unless_they_are_revealed() -> None:
    data = service(token=SECRET)
    logger = data["spec"]["predictor"]["logger"]
    logger["metadataAnnotations"] = ["example.com/token"]
    logger["url"] = f"http://user:{SECRET}@sink.example.com"
    logger["metadataHeaders"] = [f"X-{SECRET},token"]
    options: dict[str, Any] = {"event_id": "1", "time": TIME}
    for results in (check(data), predict(data, **options)):
        assert SECRET not in repr(results)
        assert "***" in repr(results) or not any(SECRET in repr(each) for each in results)
    masked = only(predict(data, **options)).components[0]
    assert masked.sink == "http://user:***@sink.example.com"
    assert masked.events[0].annotations == {"example.com/token": "***"}
    assert b"***" in masked.events[0].wire
    revealed = only(predict(data, **options, reveal=True)).components[0]
    assert revealed.events[0].annotations == {"example.com/token": SECRET}
    assert SECRET.encode() in revealed.events[0].wire


def test_the_words_of_a_project_file_count_for_its_call_only() -> None:
    data = service(contract="C-4711")
    data["spec"]["predictor"]["logger"]["metadataAnnotations"] = ["example.com/contract"]
    project = {"sensitive": {"keys": ["contract"]}}

    def value(**options: Any) -> str:
        return only(predict(data, **options)).components[0].events[0].annotations["example.com/contract"]

    assert value(project=project) == "***"
    assert value() == "C-4711"
    assert [found.rule for found in check(data, project=project)] == ["sensitive-annotation-key"]
    assert check(data) == []
    with pytest.raises(UsageError):
        check(data, project=project, kserve_version="0.1")
    assert value() == "C-4711"


class Color(Enum):
    RED = "red"


def test_values_of_python_become_those_of_json() -> None:
    data = service(team="fraud")
    data["metadata"]["creationTimestamp"] = TIME
    data["metadata"]["annotations"] = {"example.com/team": Color.RED}
    data["spec"]["predictor"]["model"]["args"] = ("--day", date(2026, 1, 2), Decimal("1.5"))
    assert check(data) == []
    assert only(predict(data)).components[0].events[0].annotations == {"example.com/team": "red"}


def model(**logger: Any) -> Any:
    """Build a service as the Python SDK does."""
    return sdk.Service(
        api_version="serving.kserve.io/v1beta1",
        kind="InferenceService",
        metadata=sdk.ObjectMeta(
            name="fraud", namespace="ml", annotations={"example.com/team": "fraud,risk"}, creation_timestamp=TIME
        ),
        spec=sdk.ServiceSpec(
            predictor=sdk.PredictorSpec(
                logger=sdk.LoggerSpec(mode="all", url="http://sink.ml.svc.cluster.local", **logger),
                model=sdk.ModelSpec(model_format=sdk.ModelFormat(name="sklearn"), storage_uri="gs://models/fraud"),
            )
        ),
    )


def test_an_object_of_the_sdk_is_the_manifest_that_it_becomes() -> None:
    given = model(metadata_annotations=["example.com/team"], metadata_headers=["X-Request-Id"])
    assert check(given) == check(service())
    assert predict(given, event_id="1", time=TIME) == predict(service(), event_id="1", time=TIME)
    assert check([given, given]) == check(service()) * 2


def test_names_of_python_are_reported() -> None:
    """A program that passes `to_dict()` would deploy something that Kubernetes does not understand."""
    [found] = check(model().to_dict() | {"kind": "InferenceService"})
    assert found.rule == "unserialized-object"
    with pytest.raises(InputError, match="Python SDK"):
        predict(model().to_dict())


class Resource:
    """An object like those of the dynamic client of kubernetes, which has every attribute."""

    def __getattr__(self, name: str) -> None:
        return None

    def to_dict(self) -> dict[str, Any]:
        return service()


def test_an_object_of_the_dynamic_client_is_a_manifest() -> None:
    assert check(Resource()) == check(service())


def endless() -> dict[str, Any]:
    data = service()
    data["spec"]["self"] = data
    return data


BAD: list[tuple[str, Callable[[], Any], str]] = [
    ("number", lambda: check(7), "a value of the type int is not a manifest"),
    ("nothing", lambda: check(None), "a value of the type NoneType is not a manifest"),
    ("file name", lambda: check("isvc.yaml"), "'isvc.yaml' is the name of a file"),
    ("missing file", lambda: check(Path("no-such-file.yaml")), "no-such-file.yaml"),
    ("empty text", lambda: check(""), "there is no InferenceService"),
    ("no objects", lambda: predict([]), "there is no object"),
    ("other kind", lambda: predict({"apiVersion": "v1", "kind": "Pod"}), "there is no InferenceService"),
    ("set", lambda: check(service() | {"x": {"y"}}), "/x is of the type set"),
    ("object", lambda: check(service() | {"x": [object()]}), "/x/0 is of the type object"),
    ("key", lambda: check(service() | {"x": {(1, 2): 3}}), "a key of /x is of the type tuple"),
    ("not a number", lambda: check(service() | {"x": float("nan")}), "contains itself, NaN or infinity"),
    ("circle", lambda: check(endless()), "contains itself, NaN or infinity"),
    ("release", lambda: check(TEXT, kserve_version="0.1"), "does not know a KServe release '0.1'"),
    ("release number", lambda: check(TEXT, kserve_version=0.16), "kserve_version is not a string"),
    ("mode", lambda: check(TEXT, deployment_mode="raw"), "deployment_mode 'raw' is not known: choose one of Knative"),
    ("distribution", lambda: check(TEXT, distribution="x"), "distribution 'x' is not known: choose one of odh, rhoai"),
    ("rule", lambda: check(TEXT, select=["comma"]), "select: there is no rule `comma`"),
    ("no rule", lambda: check(TEXT, select=[]), "select names no rule"),
    ("runtime", lambda: check(TEXT, serving_runtimes=[TEXT]), "serving_runtimes has no ServingRuntime"),
    ("config", lambda: check(TEXT, inferenceservice_config="a: b"), "inferenceservice_config has no ConfigMap"),
    ("project", lambda: check(TEXT, project={"selct": []}), "`selct`"),
    ("header", lambda: predict(TEXT, headers={"a b": SECRET}), "headers: number 1 cannot be sent"),
    ("headers", lambda: predict(TEXT, headers=[1]), "headers must be a dict, or pairs"),
    ("body", lambda: predict(TEXT, data="{}"), "data must be bytes"),
    ("status", lambda: predict(TEXT, status=20), "status must be a number from 100 to 999"),
    ("time", lambda: predict(TEXT, time=datetime(2026, 1, 2)), "time must be a datetime with a time zone"),
]


@pytest.mark.parametrize(("call", "sentence"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_is_wrong_is_said_in_a_sentence(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(IsvclogError) as raised:
        call()
    message = str(raised.value)
    assert sentence in message
    assert SECRET not in message
    assert message.endswith(".")
    assert "\n" not in message


def test_errors_are_masked() -> None:
    text = f"kind: InferenceService\nmetadata: {{annotations: {{token: '{SECRET}'}}\nspec: ]\n"
    with pytest.raises(InputError) as raised:
        predict(text)
    assert SECRET not in str(raised.value)


def test_threads_do_not_disturb_each_other() -> None:
    data = service(contract="C-4711")
    data["spec"]["predictor"]["logger"]["metadataAnnotations"] = ["example.com/contract"]
    project = {"sensitive": {"keys": ["contract"]}}
    wrong: list[Any] = []

    def work(number: int) -> None:
        for _ in range(10):
            found = predict(data, project=project if number % 2 else None)
            [value] = found[0].components[0].events[0].annotations.values()
            if value != ("***" if number % 2 else "C-4711") or bool(check(data)):
                wrong.append(value)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def run(probe: str) -> str:
    ended = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    return ended.stdout


def test_importing_it_imports_nothing_else() -> None:
    modules = set(run("import sys, isvclog.api; print(*sys.modules)").split())
    assert {name.removeprefix("isvclog") for name in modules if name.startswith("isvclog")} == {
        "",
        ".api",
        ".api.results",
        ".records",
    }
    assert modules.isdisjoint(("dataclasses", "jsonschema", "kubernetes", "rich", "ruamel", "tomllib", "typer"))


def test_it_leaves_the_process_alone() -> None:
    probe = f"""
import gc, os, signal, sys
def state():
    handlers = [signal.getsignal(number) for number in signal.valid_signals()]
    return gc.get_threshold(), gc.isenabled(), handlers, dict(os.environ), os.getcwd(), sys.getrecursionlimit()
before = state()
from isvclog.api import check, predict
text = {TEXT!r}
found = check(text), predict(text)
assert state() == before
assert sys.modules.keys().isdisjoint(("kubernetes", "rich", "typer", "urllib3", "isvclog.cli"))
"""
    assert run(probe) == ""


def test_its_types_are_those_that_it_says(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    program = tmp_path / "pipeline.py"
    program.write_text(
        """\
from pathlib import Path
from typing import Any

from isvclog.api import ServiceFinding, check, predict
from isvclog.errors import IsvclogError
from sdk_models import Model


def errors(service: Model | dict[str, Any] | str | bytes | Path) -> list[ServiceFinding]:
    return [found for found in check(service, kserve_version="0.21") if found.severity == "error"]


def texts(services: list[dict[str, Any]]) -> dict[str, str]:
    try:
        return {each.object: each.components[0].sink or "" for each in predict(services, headers={"A": "b"})}
    except IsvclogError as error:
        return {"": str(error)}


reveal_type(check(Path("a.yaml"))[0].place)
check(7)
""",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", str(tmp_path / "none.ini"), str(program)]
    (tmp_path / "none.ini").write_text(
        f"[mypy]\nmypy_path = {ROOT / 'tests' / 'support'}\ncache_dir = {tmp_path / 'cache'}\n", encoding="utf-8"
    )
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    lines = [line for line in ended.stdout.splitlines() if line.startswith("pipeline.py")]
    assert len(lines) == 2, ended.stdout + ended.stderr
    assert "isvclog.api.results.TextPlace" in lines[0]
    assert "None" in lines[0]
    assert '"check" has incompatible type "int"' in lines[1]
