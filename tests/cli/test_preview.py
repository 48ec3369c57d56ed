"""`isvclog preview` from the outside: what is shown, what is masked, and the exit codes."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

SERVICE = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: {name}
  namespace: ml
  annotations:
    team: {team}
spec:
  predictor:
    logger:
      mode: all
      url: {url}
      metadataAnnotations: [team]
      metadataHeaders: [X-Request-Id, Authorization]
    model:
      modelFormat: {{name: sklearn}}
"""
CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: inferenceservice-config, namespace: kserve}
data:
  deploy: '{"defaultDeploymentMode": "Standard"}'
  inferenceService: '{"serviceAnnotationDisallowedList": ["team"]}'
  logger: '{"memoryRequest": "1", "memoryLimit": "1", "cpuRequest": "1", "cpuLimit": "1", "defaultUrl": ""}'
  agent: '{"memoryRequest": "1", "memoryLimit": "1", "cpuRequest": "1", "cpuLimit": "1"}'
  batcher: '{"memoryRequest": "1", "memoryLimit": "1", "cpuRequest": "1", "cpuLimit": "1"}'
"""
RUNTIME = """\
apiVersion: serving.kserve.io/v1alpha1
kind: ClusterServingRuntime
metadata: {name: rt}
spec:
  annotations: {team: of-the-runtime}
  supportedModelFormats: [{name: sklearn, autoSelect: true}]
  containers: [{name: kserve-container, ports: [{containerPort: 9000}]}]
"""


def service(name: str = "iris", team: str = "risk", url: str = "http://sink.example/") -> str:
    return SERVICE.format(name=name, team=team, url=url)


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "isvc.yaml"
    path.write_text(service(), encoding="utf-8")
    return path


def test_it_sends(isvclog: Any, manifest: Path) -> None:
    done = isvclog("preview", "-f", "isvc.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert '  Ce-Annotations: {"team":"risk"}\n' in done.stdout
    assert done.stdout.endswith("\npredictor  events are sent, with every name as listed\n")
    assert "\x1b" not in done.stdout


def test_from_standard_input_and_another_folder(isvclog: Any, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for done in (
        isvclog("preview", "-f", "-", input=service()),
        isvclog("preview", "-f", "../isvc.yaml", cwd=tmp_path / "sub"),
        isvclog("preview", "-f", str(tmp_path)),
    ):
        assert done.returncode == 0
        assert "sends 2 events" in done.stdout


@pytest.mark.parametrize("team", ["'a,b'", "'say \"hi\"'"])
def test_a_crash_is_exit_code_1(isvclog: Any, manifest: Path, team: str) -> None:
    manifest.write_text(service(team=team), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml")
    assert done.returncode == 1
    assert done.stdout.split("\n\n")[1].startswith("predictor  THE AGENT DOES NOT START (exit code ")
    assert "annotation 'team'" in done.stdout


@pytest.mark.parametrize("output", ["http", "curl", "cloudevent"])
def test_formats_for_events_say_on_stderr_why_there_is_none(isvclog: Any, manifest: Path, output: str) -> None:
    manifest.write_text(service(team="'a,b'"), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml", "-o", output)
    assert (done.returncode, done.stdout) == (1, "")
    assert "a comma splits its value" in done.stderr


def test_services_are_chosen_by_name(isvclog: Any, manifest: Path) -> None:
    manifest.write_text(service("one") + "---\n" + service("two"), encoding="utf-8")
    both, one, none = (isvclog("preview", *name, "-f", "isvc.yaml") for name in ([], ["one"], ["three"]))
    assert (both.stdout.count("InferenceService/ml/"), one.stdout.count("InferenceService/ml/")) == (2, 1)
    assert none.returncode == 2
    assert "'three'" in none.stderr
    assert "ml/one, ml/two" in none.stderr


@pytest.mark.parametrize("url", ["'{{ .Values.sink }}'", "http://${SINK}/x", "<URL of the sink>"])
def test_a_destination_that_a_template_sets_is_not_known(isvclog: Any, manifest: Path, url: str) -> None:
    manifest.write_text(service(url=url), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml")
    assert done.returncode == 1
    assert "\n  unknown   spec.predictor.logger.url: not known before the template is rendered\n" in done.stdout
    assert "\npredictor  NOT KNOWN BEFORE THE TEMPLATE IS RENDERED\n" in done.stdout
    assert "\npredictor  not known before the template is rendered\n" in done.stdout
    full = isvclog("preview", "-f", "isvc.yaml", "--full")
    assert "\n  sink      not known before the template is rendered\n" in full.stdout
    assert "sends " not in full.stdout.replace("a client sends it", "")
    assert "sends " not in done.stdout.replace("a client sends it", "")
    found = json.loads(isvclog("preview", "-f", "isvc.yaml", "-o", "json").stdout)["services"][0]
    assert found["unknown"] == ["/spec/predictor/logger/url"]
    assert (found["sends"], found["components"][0]["sends"]) == (None, None)
    assert found["components"][0]["agent"]["settings"]["logUrl"] is None
    assert found["components"][0]["agent"]["settings"]["service"] == "iris"
    for output in ("http", "curl", "cloudevent"):
        events = isvclog("preview", "-f", "isvc.yaml", "-o", output)
        assert events.stdout == ""
        assert "predictor: its events are not known before the template is rendered." in events.stderr


def test_a_value_that_a_template_sets_is_not_known(isvclog: Any, manifest: Path) -> None:
    text = (
        service(team="'{{ .Values.team }}'")
        .replace("team: ", "tier: gold\n    team: ")
        .replace("[team]", "[team, tier]")
    )
    manifest.write_text(text, encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml")
    assert done.returncode == 0
    sentence = "sends 2 events per request to http://sink.example/; "
    assert f"\npredictor  {sentence}" in done.stdout
    assert ", 1 not known\n" in done.stdout
    assert "every name as listed" not in done.stdout
    assert re.search(r"^    team +unknown +not known before the template is rendered$", done.stdout, re.MULTILINE)
    assert re.search(r"^    tier +carried +gold$", done.stdout, re.MULTILINE)
    assert "\n  Ce-Annotations not known before the template is rendered\n" in done.stdout
    full = isvclog("preview", "-f", "isvc.yaml", "--full")
    assert "{{" not in done.stdout + full.stdout
    assert "\n  events    not known before the template is rendered\n" in full.stdout
    document = json.loads(isvclog("preview", "-f", "isvc.yaml", "-o", "json").stdout)
    found = document["services"][0]["components"][0]
    assert (found["sends"], found["pod"]["annotations"]["team"], found["pod"]["annotations"]["tier"]) == (
        True,
        None,
        "gold",
    )
    headers = {header["name"]: header["value"] for header in found["events"][0]["headers"]}
    assert (headers["Ce-Annotations"], headers["Ce-Component"]) == (None, "predictor")


def test_a_mistake_beside_a_placeholder_is_known(isvclog: Any, manifest: Path) -> None:
    manifest.write_text(service(team="'a,b'", url="'{{ .Values.sink }}'"), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml")
    assert done.returncode == 1
    assert "predictor  THE AGENT DOES NOT START" in done.stdout


def test_a_template_that_is_no_yaml_is_reported_as_lint_does(isvclog: Any, manifest: Path) -> None:
    manifest.write_text(service(url="{{ .Values.sink }}"), encoding="utf-8")
    previewed, linted = isvclog("preview", "-f", "isvc.yaml"), isvclog("lint", "isvc.yaml", "-o", "concise")
    sentence = linted.stdout.split(": warning: ")[1].partition(" [templated-manifest]")[0]
    assert (previewed.returncode, previewed.stdout) == (3, "")
    assert sentence.endswith("rendered.")
    assert f": {sentence} Render it first: `helm template" in previewed.stderr


def test_a_component_that_is_not_there(isvclog: Any, manifest: Path) -> None:
    done = isvclog("preview", "-f", "isvc.yaml", "--component", "explainer")
    assert done.returncode == 2
    assert "their components: predictor" in done.stderr


def test_services_without_the_component_are_left_out(isvclog: Any, manifest: Path) -> None:
    transformer = (
        "  transformer:\n    logger: {mode: all, url: http://sink/}\n    containers: [{name: kserve-container}]\n"
    )
    manifest.write_text(service() + "---\n" + service().rstrip("\n") + "\n" + transformer, encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml", "--component", "transformer", "-o", "json")
    (only,) = json.loads(done.stdout)["services"]
    assert [component["component"] for component in only["components"]] == ["transformer"]


def test_a_service_is_chosen_with_its_namespace(isvclog: Any, manifest: Path) -> None:
    assert isvclog("preview", "-f", "isvc.yaml", "elsewhere/iris").returncode == 2
    known = isvclog("preview", "-f", "isvc.yaml", "nobody").stderr.partition("they have: ")[2].rstrip(".\n")
    assert "/" in known
    assert isvclog("preview", "-f", "isvc.yaml", known).returncode == 0


def test_no_logger_is_said(isvclog: Any, manifest: Path) -> None:
    lines = service().split("\n")
    manifest.write_text("\n".join(lines[:9] + lines[14:]), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml")
    assert done.returncode == 0
    assert "has no logger: nothing is logged" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "preview FILE.yaml"),
        (["-f", "isvc.yaml", "-H", "nocolon"], "'Name: value'"),
        (["-f", "isvc.yaml", "-H", "X A: b"], "'X A'"),
        (["-f", "isvc.yaml", "-H", "X-A: b\nX-B: c"], "one line"),
        (["-f", "isvc.yaml", "ml/other"], "./ml/other"),
        (["-f", "isvc.yaml", "--time", "yesterday"], "2026-01-02T03:04:05Z"),
        (["-f", "isvc.yaml", "--kserve-version", "9.9"], "0.7.0"),
        (["-f", "isvc.yaml", "--status", "42"], "--status"),
        (["-f", "isvc.yaml", "-o", "xml"], "cloudevent"),
        (["-f", "isvc.yaml", "--deployment-mode", "serverless"], "Serverless"),
        (["-f", "-", "--data", "-"], "only once"),
    ],
)
def test_wrong_usage(isvclog: Any, manifest: Path, arguments: list[str], words: str) -> None:
    done = isvclog("preview", *arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert words in done.stderr


def test_a_broken_document_hides_nothing(isvclog: Any, manifest: Path) -> None:
    manifest.write_text("kind: InferenceService\na: [\n---\n" + service(), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml")
    assert done.returncode == 3
    assert "isvc.yaml:" in done.stderr
    assert "sends 2 events" in done.stdout


def test_missing_file_and_nothing_found(isvclog: Any, tmp_path: Path) -> None:
    assert isvclog("preview", "-f", "nope.yaml").returncode == 3
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    empty = isvclog("preview", "-f", "empty.yaml")
    assert (empty.returncode, empty.stderr) == (0, "isvclog: no InferenceService found, so there is nothing to show.\n")


def test_facts_come_from_options_or_lie_among_the_manifests(isvclog: Any, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "runtime.yaml").write_text(RUNTIME, encoding="utf-8")
    named = isvclog(
        *("preview", "-f", "isvc.yaml", "--inferenceservice-config", "config.yaml"),
        *("--serving-runtime", "runtime.yaml", "--full"),
    )
    among = isvclog("preview", "-f", "isvc.yaml", "-f", "config.yaml", "-f", "runtime.yaml", "--full")
    for done in (named, among):
        assert "Standard mode, given inferenceservice-config" in done.stdout
        assert "from runtime rt" in done.stdout
        assert "filtered    KServe's controller does not copy it to pods" in done.stdout
    wrong = isvclog("preview", "-f", "isvc.yaml", "--inferenceservice-config", "isvc.yaml")
    assert (wrong.returncode, "no ConfigMap" in wrong.stderr) == (3, True)


def test_the_exchange_can_be_given(isvclog: Any, manifest: Path, tmp_path: Path) -> None:
    (tmp_path / "in.bin").write_bytes(b"\x00\xff")
    (tmp_path / "out.json").write_text('{"answer": 42}', encoding="utf-8")
    done = isvclog(
        *("preview", "-f", "isvc.yaml", "-o", "json", "--data", "in.bin", "--response", "out.json", "--id", "i-1"),
        *("--time", "2026-01-02T03:04:05.5+01:00", "-H", "X-Request-Id: r 1", "-H", "content-type: text/plain"),
    )
    events = json.loads(done.stdout)["services"][0]["components"][0]["events"]
    headers = [{item["name"]: item["value"] for item in event["headers"]} for event in events]
    assert [event.get("bodyBase64", event.get("body")) for event in events] == ["AP8=", '{"answer": 42}']
    assert [item["Ce-Id"] for item in headers] == ["i-1", "i-1"]
    assert headers[0]["Ce-Time"] == "2026-01-02T02:04:05.5Z"
    assert headers[0]["Ce-Metadata"] == '{"X-Request-Id":["r 1"]}'
    assert headers[0]["Content-Type"] == "text/plain"


@pytest.mark.parametrize(("status", "count"), [(200, 2), (500, 1)])
def test_status(isvclog: Any, manifest: Path, status: int, count: int) -> None:
    done = isvclog("preview", "-f", "isvc.yaml", "--status", str(status), "-o", "http")
    assert (done.returncode, done.stdout.count(" HTTP/1.1")) == (0, count)


def test_secrets_are_masked_until_revealed(isvclog: Any, manifest: Path) -> None:
    secret, bearer = "sk-" + "live0123456789abcdefghij", "Bearer abcdefghijklmnop"
    url = "http://user:hunter2pass@sink.example/?sig=" + "a" * 30
    manifest.write_text(service(team=secret, url=url), encoding="utf-8")
    hidden = isvclog("preview", "-f", "isvc.yaml", "-H", f"Authorization: {bearer}")
    shown = isvclog("preview", "-f", "isvc.yaml", "-H", f"Authorization: {bearer}", "--reveal")
    for text in (secret, bearer, "hunter2pass", "a" * 30, "dXNlcjpodW50ZXIycGFzcw"):
        assert text not in hidden.stdout + hidden.stderr
    for text in (secret, bearer):
        assert text in shown.stdout


def test_a_crash_reveals_no_secret(isvclog: Any, manifest: Path) -> None:
    manifest.write_text(service(team="'ghp_" + "a" * 36 + ",b'"), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml")
    assert done.returncode == 1
    assert "a" * 10 not in done.stdout


@pytest.mark.parametrize("output", ["text", "json", "yaml", "curl", "cloudevent"])
def test_control_characters_are_never_obeyed(isvclog: Any, manifest: Path, output: str) -> None:
    team = '"[bold]x[/] \\x1b[2J \\u009b31m \\u202e \\u2028 \\ufeff"'
    hostile = service(team=team).replace("namespace: ml", 'namespace: "m\\x9b31m\\u202e"')
    manifest.write_text(hostile, encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml", "-o", output, "--color", "never")
    assert done.returncode == 0
    assert all(char.isprintable() or char == "\n" for char in done.stdout)
    assert "[bold]x[/]" in done.stdout


def test_http_is_exact_bytes_in_a_pipe(isvclog: Any, manifest: Path) -> None:
    done = isvclog("preview", "-f", "isvc.yaml", "-o", "http", "--event", "request", "--id", "1", encoding=None)
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST / HTTP/1.1"
    names = [line.partition(b":")[0] for line in lines[4:]]
    assert names == [*sorted(names[:-1]), b"Accept-Encoding"]
    assert b"Content-Length: " + str(len(body)).encode() in lines


def test_json_and_yaml_hold_the_same(isvclog: Any, manifest: Path) -> None:
    from isvclog.manifest import Object, Source, load

    fixed = ("preview", "-f", "isvc.yaml", "--id", "1", "--time", "2026-01-02T03:04:05Z")
    as_json = json.loads(isvclog(*fixed, "-o", "json").stdout)
    text = isvclog(*fixed, "-o", "yaml").stdout
    (document,) = load(Source("x", ("kind: InferenceService\n" + text).encode()), (b"InferenceService",))
    assert isinstance(document, Object)
    assert as_json["schemaVersion"] == 1
    assert {key: value for key, value in document.data.items() if key != "kind"} == as_json


def test_a_closed_pipe_is_quiet(isvclog: Any, manifest: Path, environment: dict[str, str]) -> None:
    manifest.write_text("---\n".join(service(f"s{i}") for i in range(300)), encoding="utf-8")
    import sys

    command = f"'{sys.executable}' -m isvclog preview -f '{manifest}' | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=environment, timeout=60, check=False)
    assert done.stderr == b""


@pytest.mark.parametrize("width", ["20", "40", "80"])
def test_narrow_terminals(isvclog: Any, manifest: Path, width: str) -> None:
    done = isvclog("preview", "-f", "isvc.yaml", env={"COLUMNS": width})
    assert done.returncode == 0
    assert "Ce-Annotations" in done.stdout


def test_colour_is_an_option(isvclog: Any, manifest: Path) -> None:
    assert "\x1b[" in isvclog("preview", "-f", "isvc.yaml", "--color", "always").stdout
    assert "\x1b[" in isvclog("preview", "-f", "isvc.yaml", env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" not in isvclog("preview", "-f", "isvc.yaml", env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


@pytest.mark.parametrize("time", ["2026-01-02T03:04:05.123456789123Z", "2026-01-02t03:04:05.123456789z"])
def test_times_are_as_fine_as_nanoseconds(isvclog: Any, manifest: Path, time: str) -> None:
    shown = isvclog("preview", "-f", "isvc.yaml", "--time", time, "-o", "cloudevent", "--event", "request").stdout
    assert json.loads(shown)["time"] == "2026-01-02T03:04:05.123456789Z"


def test_a_name_that_ends_like_a_file_is_one(isvclog: Any, manifest: Path) -> None:
    fixed = ("isvc.yaml", "--id", "1", "--time", "2026-01-02T03:04:05Z")
    assert isvclog("preview", *fixed).stdout == isvclog("preview", "-f", *fixed).stdout != ""


def test_a_manifest_is_read_from_dev_stdin(isvclog: Any, manifest: Path) -> None:
    assert "sends 2 events" in isvclog("preview", "-f", "/dev/stdin", input=service()).stdout


def test_a_rejected_service_is_said_beside_events(isvclog: Any, manifest: Path) -> None:
    manifest.write_text(service().replace("namespace: ml", "namespace: on"), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml", "-o", "http")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.match(r"isvclog: isvc\.yaml:\d+:\d+: InferenceService/iris: rejected: metadata\.namespace", done.stderr)


@pytest.mark.parametrize(("url", "code"), [("http://sink.example/", 0), ("ftp://sink.example/", 1)])
@pytest.mark.parametrize(("mode", "event"), [("response", "request"), ("request", "response")])
def test_an_event_that_the_mode_excludes_is_no_failure(
    isvclog: Any, manifest: Path, mode: str, event: str, url: str, code: int
) -> None:
    """A failure is only what is lost: here the events that the mode has."""
    manifest.write_text(service(url=url).replace("mode: all", f"mode: {mode}"), encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml", "--event", event)
    assert done.returncode == code
    assert f"  note      mode is {mode}, so there is no {event} event; mode: all logs both\n" in done.stdout
    shown = json.loads(isvclog("preview", "-f", "isvc.yaml", "--event", event, "-o", "json").stdout)["services"][0]
    (component,) = shown["components"]
    assert (component["events"], component["sends"], component["problem"] is None) == ([], code == 0, code == 0)
    assert {entry["status"] for entry in component["annotations"]} == {"lost" if code else "carried"}
    events = isvclog("preview", "-f", "isvc.yaml", "--event", event, "-o", "http")
    assert (events.returncode, events.stdout) == (code, "")
    assert ("so there is no" in events.stderr) is (code == 0)


@pytest.mark.parametrize(
    ("body", "is_stream"),
    [
        ('{"stream": true, "messages": []}', True),
        ('{"stream": true, "prompt": "x"}', True),
        ('{"stream": false}', False),
        ('{"stream": "true"}', False),
        ('["stream"]', False),
        ('"stream"', False),
        ('{"stream": tru', False),
    ],
)
def test_a_request_for_a_stream_is_answered_by_one(
    isvclog: Any, manifest: Path, tmp_path: Path, body: str, is_stream: bool
) -> None:
    (tmp_path / "in.json").write_text(body, encoding="utf-8")
    done = isvclog("preview", "-f", "isvc.yaml", "--data", "in.json", "--event", "response", "-o", "http")
    assert done.stdout.endswith("data: [DONE]\n\n") is is_stream
    own = isvclog("preview", "-f", "isvc.yaml", "--data", "in.json", "--response", "in.json", "-o", "json")
    assert json.loads(own.stdout)["services"][0]["components"][0]["events"][1]["body"] == body
