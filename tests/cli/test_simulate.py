"""`isvclog simulate` from the outside: what goes through it, what it shows, and how it starts and ends."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from apiserver import ApiServer
from collector import Collector
from local_sink import LocalSink
from ruamel.yaml import YAML

from isvclog.httpserver import Address
from isvclog.kserve.apis.installation import Installation
from isvclog.redact.gate import NoRedaction
from isvclog.report.simulation.sentences import opening_sentences
from isvclog.sidecar.simulation.agent import agent_with_arguments, default_environment
from isvclog.sidecar.simulation.items import Started
from isvclog.sidecar.simulation.running import Running, Simulation
from isvclog.sidecar.simulation.sensitive import mask_settings, sensitive_messages
from isvclog.sink.engine import EventSink, SinkSettings

Start = Callable[..., LocalSink]
SECRET = "sk-live-4242424242424242"
RUNTIME = """\
apiVersion: serving.kserve.io/v1alpha1
kind: ClusterServingRuntime
metadata:
  name: sklearn
spec:
  supportedModelFormats:
    - {name: sklearn, autoSelect: true}
  containers:
    - name: kserve-container
"""
MANIFEST = f"""\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: fraud
  namespace: ml
  annotations:
    example.com/team: risk
    example.com/api-key: {SECRET}
spec:
  predictor:
    logger:
      mode: all
      url: http://sink.ml.svc.cluster.local/events?x=1
      metadataAnnotations: [example.com/team, example.com/api-key]
      metadataHeaders: [X-Request-Id, Authorization]
    model:
      modelFormat: {{name: sklearn}}
"""
PREDICT = {"path": "/v1/models/fraud:predict"}
BODY = b'{"instances":[[1]]}'
ENDED = {
    "kind": "ended",
    "lost": 0,
    "drops": {"request": {}, "response": {}},
    "retries": 0,
    "closedClients": {},
    "generation": 1,
}
"""The counts of a simulation in which nothing went wrong, without those of requests and events."""
HEADERS = {"Ce-Id": "1", "Content-Type": "application/json"}


@pytest.fixture
def start(tmp_path: Path, environment: dict[str, str]) -> Start:
    """Start a simulation in the folder of the test, which has the manifest."""
    (tmp_path / "isvc.yaml").write_text(MANIFEST)
    return lambda *arguments: LocalSink(tmp_path, environment, *arguments, command="simulate")


def ended(sink: LocalSink) -> dict[str, Any]:
    """The last line of a simulation with -o json."""
    last: dict[str, Any] = json.loads(sink.stdout.splitlines()[-1])
    assert last["kind"] == "ended"
    return last


def test_a_request_is_proxied_and_both_events_are_shown(start: Start) -> None:
    with start("-f", "isvc.yaml") as simulated:
        assert simulated.post(HEADERS | {"X-Request-Id": "4711"}, BODY, **PREDICT) == (200, '{"predictions":[1]}')
    assert simulated.code == 0
    first, second, _ = simulated.stdout.split("\n\n")
    assert first.startswith(
        "1 request  ml/fraud predictor, binary, 19 bytes\n"
        "  annotations\n"
        "    example.com/api-key  ***\n"
        "    example.com/team     risk\n"
        "  headers\n"
        "    X-Request-Id  4711\n"
        "  id        1\n"
    )
    assert second.startswith("2 response  ml/fraud predictor, binary, 19 bytes, pairs with 1\n")
    lines = simulated.stderr.splitlines()
    assert lines == [
        "isvclog: InferenceService/ml/fraud predictor: requests go to a sample model, events (mode all, 5 workers) to "
        "the built-in sink, in place of http://sink.ml.svc.cluster.local/events?x=1.",
        "isvclog: in memory: 2 annotations (example.com/team=risk and example.com/api-key=***), and 2 header names "
        "(X-Request-Id and Authorization). The real agent reads them only at its start: a change needs new pods.",
        "isvclog: `example.com/api-key` looks secret: the name says `api key`, and its value leaves the cluster with "
        "every event.",
        "isvclog: The value of `example.com/api-key` looks like an OpenAI-style API key: it leaves the cluster with "
        "every event.",
        "isvclog: `Authorization` carries credentials: it leaves the cluster with every event.",
        "isvclog: events are sent with it; --redact masks what looks sensitive.",
        f"isvclog: listening on http://127.0.0.1:{simulated.port}/ (Ctrl-C ends).",
        "isvclog: values that look sensitive are hidden as ***; add --reveal to show them.",
        "isvclog: proxied 1 request; 1 request event: 1 sent; 1 response event: 1 sent; no event lost.",
    ]


def test_the_bytes_at_another_sink_are_those_for_the_log_url(start: Start) -> None:
    with Collector() as sink, start("-f", "isvc.yaml", "--sink", sink.url) as simulated:
        simulated.post(HEADERS | {"Authorization": "Bearer abcdef0123456789"}, BODY, **PREDICT)
        request = next(event for event in sink.wait(2) if b".request\r\n" in event).decode()
    assert request.startswith("POST /events?x=1 HTTP/1.1\r\nHost: sink.ml.svc.cluster.local\r\n")
    assert f'"example.com/api-key":"{SECRET}"' in request
    assert 'Ce-Metadata: {"Authorization":["Bearer abcdef0123456789"]}\r\n' in request
    assert simulated.stdout == ""
    assert f"to {sink.url}, in place of" in simulated.stderr
    assert SECRET not in simulated.stderr


def test_redact_masks_what_is_sent(start: Start) -> None:
    with Collector() as sink, start("-f", "isvc.yaml", "--sink", sink.url, "--redact") as simulated:
        simulated.post(HEADERS | {"Authorization": "Bearer abcdef0123456789", "X-Request-Id": "1"}, BODY, **PREDICT)
        for event in sink.wait(2):
            assert b'Ce-Annotations: {"example.com/api-key":"***","example.com/team":"risk"}\r\n' in event
            assert b'Ce-Metadata: {"Authorization":["***"],"X-Request-Id":["1"]}\r\n' in event
    assert "is masked in the events, because of --redact" in simulated.stderr


@pytest.mark.parametrize(
    "annotations",
    [
        {"password": "hunter2-hunter2"},
        {"owner-email": "ada@example.com"},
        {"note": "call ada@example.org"},
        {"link": "https://u:passw0rd@example.com/"},
        {"note": "token=abcdef0123456789abcdef"},
    ],
)
def test_what_lint_reports_is_what_redact_masks(annotations: dict[str, str]) -> None:
    pairs = ",".join(f"{key}={value}" for key, value in annotations.items())
    args = ["--log-url", "http://x", "--metadata-annotations", pairs]
    agent = agent_with_arguments(args, default_environment({}), Installation())
    assert agent.settings is not None
    assert sensitive_messages(agent.data, agent.installation)
    assert all("***" in value for value in mask_settings(agent.settings, agent.data).annotations.values())


def test_json_says_where_it_listens_and_how_it_ended(start: Start) -> None:
    with start("-o", "json", "--", "--log-url", "http://x/", "--metadata-annotations", "team=risk") as simulated:
        simulated.post(HEADERS, BODY, **PREDICT)
        port = simulated.port
    first, request, response, last = map(json.loads, simulated.stdout.splitlines())
    assert first == {
        "kind": "listening",
        "agent": "agent",
        "address": f"127.0.0.1:{port}",
        "url": f"http://127.0.0.1:{port}/",
        "metricsUrl": None,
        "upstream": None,
        "sink": None,
        "logger": {
            "url": "http://x/",
            "storesObjects": False,
            "mode": "all",
            "workers": 5,
            "annotations": {"team": "risk"},
            "metadataHeaders": [],
            "metadataBytes": 8,
        },
        "generation": 1,
        "maxMetadataBytes": 131_071,
        "isWatched": False,
        "batcher": None,
        "limits": {
            "events": None,
            "eventBytes": None,
            "bodyBytes": None,
            "timeoutSeconds": None,
            "retries": 0,
            "connections": None,
            "headerSeconds": 60,
            "idleSeconds": None,
            "stallSeconds": None,
        },
        "sensitive": [],
        "redacted": False,
        "notes": [],
        "problem": None,
    }
    assert (request["annotations"], response["pairsWith"]) == ({"team": "risk"}, 1)
    events = {"request": {"sent": 1}, "response": {"sent": 1}}
    assert last == ENDED | {"requests": 1, "events": events}


def test_a_stream_passes_through_and_is_one_event(start: Start) -> None:
    with start("-o", "json", "--", "--log-url", "http://x/") as simulated:
        body = b'{"messages":[],"stream":true}'
        status, text = simulated.post(HEADERS, body, path="/openai/v1/chat/completions")
        assert (status, text.endswith("data: [DONE]\n\n")) == (200, True)
    response = next(item for item in map(json.loads, simulated.stdout.splitlines()) if item.get("half") == "response")
    assert response["bytes"] == len(text)


def test_a_term_signal_sends_what_is_queued(start: Start) -> None:
    with Collector() as sink, start("-o", "json", "--sink", sink.url, "--", "--log-url", "http://x/") as simulated:
        for _ in range(20):
            simulated.post(HEADERS, BODY, **PREDICT)
        simulated.process.send_signal(signal.SIGTERM)
        assert simulated.process.wait(20) == 0
    assert ended(simulated) == ENDED | {
        "requests": 20,
        "events": {"request": {"sent": 20}, "response": {"sent": 20}},
    }


def test_events_that_a_silent_sink_never_answers_are_lost_when_the_grace_ends(start: Start) -> None:
    arguments = ["-o", "json", "--grace", "0.2", "--", "--log-url", "http://x/", "--workers", "1"]
    with Collector(answers=False) as sink, start("--sink", sink.url, *arguments) as simulated:
        simulated.post(HEADERS, BODY, **PREDICT)
        sink.wait(1)
        simulated.interrupt()
        assert simulated.process.wait(20) == 0
    assert ended(simulated)["events"] == {"request": {"pending": 1}, "response": {"pending": 1}}
    assert "ending after 2 more events, in 0.2 s at most (Ctrl-C: now)." in simulated.stderr
    assert simulated.stderr.endswith("1 response event: 1 not sent in time; 2 events lost.\n")


def test_a_second_ctrl_c_ends_it_at_once(start: Start) -> None:
    with Collector(answers=False) as sink, start("--sink", sink.url, "--", "--log-url", "http://x/") as simulated:
        simulated.post(HEADERS, BODY, **PREDICT)
        sink.wait(2)
        simulated.interrupt()
        simulated.wait_for("ending after")
        simulated.interrupt()
        assert simulated.process.wait(20) == 130


def test_the_messages_about_a_failing_sink_are_folded(start: Start) -> None:
    with Collector(500) as sink, start("--sink", sink.url, "--", "--log-url", "http://x/") as simulated:
        for _ in range(30):
            simulated.post(HEADERS, BODY, **PREDICT)
        sink.wait(60)
    told = [line for line in simulated.stderr.splitlines() if "Sent with status code 500" in line]
    assert told[0] == "isvclog: Sent with status code 500"
    assert len(told) < 6
    assert simulated.stderr.endswith("30 response events: 30 refused by the sink; 60 events lost.\n")


def test_a_model_of_ones_own(start: Start) -> None:
    with start("-o", "json", "--", "--log-url", "http://x/") as model:
        upstream = f"http://127.0.0.1:{model.port}/"
        with start("-f", "isvc.yaml", "--upstream", upstream) as simulated:
            assert simulated.post(HEADERS, BODY, **PREDICT)[0] == 200
    assert f"requests go to {upstream.removesuffix('/')}, events" in simulated.stderr


def test_an_agent_without_a_logger_proxies_and_says_what_is_wrong(start: Start) -> None:
    with start("--", "--component-port", "8080") as simulated:
        assert simulated.post(HEADERS, BODY, **PREDICT)[0] == 200
    assert "agent: requests go to a sample model, and no events are sent." in simulated.stderr
    assert "in a cluster, its --log-url is empty: requests are answered, nothing is logged" in simulated.stderr
    assert simulated.stderr.endswith("isvclog: proxied 1 request; no event lost.\n")


def test_an_agent_that_does_not_start(isvclog: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "isvc.yaml").write_text(MANIFEST.replace("risk", "risk,audit"))
    manifest = isvclog("simulate", "-f", "isvc.yaml")
    preview = isvclog("preview", "-f", "isvc.yaml")
    assert (manifest.returncode, manifest.stdout, manifest.stderr) == (1, preview.stdout, "")
    assert "THE AGENT DOES NOT START (exit code 255)" in manifest.stdout
    data = json.loads(isvclog("simulate", "-f", "isvc.yaml", "-o", "json").stdout)
    assert (data["kind"], data["agentExitCode"]) == ("notStarted", 255)
    assert data["problem"]["remedy"].startswith("write 'example.com/team' without commas")
    assert SECRET not in json.dumps(data)
    arguments = isvclog("simulate", "--", "--log-url", "http://x", "--metadata-annotations", f"api-key={SECRET},b")
    assert arguments.returncode == 1
    assert arguments.stdout == (
        "agent  THE AGENT DOES NOT START (exit code 255)\n"
        "  because   an annotation is not a key=value pair\n"
        "  log       annotation does not adhere to desired format got key: ***\n"
        "  effect    the container restarts in a loop (CrashLoopBackOff): a new revision never becomes ready, while "
        "old pods keep serving\n"
        "  remedy    write the listed annotations without commas\n"
    )


def test_variables_of_the_agent_are_changed(isvclog: Callable[..., Any], tmp_path: Path, start: Start) -> None:
    with start("-o", "json", "-f", "isvc.yaml", "--env", "TEAM=audit") as simulated:
        pass
    assert json.loads(simulated.stdout.splitlines()[0])["logger"]["annotations"]["example.com/team"] == "risk"
    (tmp_path / "isvc.yaml").write_text(MANIFEST.replace("risk", "$(TEAM)"))
    with start("-o", "json", "-f", "isvc.yaml", "--env", "TEAM=audit") as simulated:
        pass
    assert json.loads(simulated.stdout.splitlines()[0])["logger"]["annotations"]["example.com/team"] == "audit"
    failed = isvclog("simulate", "-f", "isvc.yaml", "--env", "SERVING_READINESS_PROBE-", "-o", "json")
    assert json.loads(failed.stdout)["message"] == "required key SERVING_READINESS_PROBE missing value"


def test_a_service_of_a_cluster(tmp_path: Path, environment: dict[str, str], start: Start) -> None:
    with ApiServer() as api:
        api.add_all(YAML(typ="safe").load_all(MANIFEST))
        api.add_all(YAML(typ="safe").load_all(RUNTIME))
        environment["KUBECONFIG"] = api.kubeconfig(tmp_path, context="prod", namespace="ml")
        with start("fraud") as simulated:
            assert simulated.post(HEADERS, BODY, **PREDICT)[0] == 200
    assert "ml/fraud predictor: requests go to a sample model" in simulated.stderr
    assert "    example.com/team     risk\n" in simulated.stdout


@pytest.mark.parametrize(("host", "warns"), [("127.0.0.1", False), ("0.0.0.0", True), ("::1", False), ("::", True)])
def test_an_address_that_others_reach_is_a_note(host: str, warns: bool) -> None:
    agent = agent_with_arguments([], default_environment({}), Installation())
    simulation = Simulation(None, Address(host, 0), EventSink(SinkSettings(), print))
    started = Started(agent, simulation, Running(Address(host, 9081)), (), False)
    sentences = list(opening_sentences(started, NoRedaction()))
    assert any("can be reached from other machines" in sentence for sentence in sentences) is warns


def test_large_metadata_is_cut_in_the_note() -> None:
    pairs = ",".join(f"key{number}={'x' * 10_000}" for number in range(12))
    args = ["--log-url", "http://x", "--metadata-annotations", pairs]
    agent = agent_with_arguments(args, default_environment({}), Installation())
    simulation = Simulation(agent.settings, Address("127.0.0.1", 0), EventSink(SinkSettings(), print))
    started = Started(agent, simulation, Running(Address("127.0.0.1", 9081)), (), False)
    assert sum(map(len, opening_sentences(started, NoRedaction()))) < 2_000


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_is_a_sentence(isvclog: Callable[..., Any], tmp_path: Path) -> None:
    with taken_port() as port:
        refused = isvclog("simulate", "--", "--log-url", "http://x", "--port", str(port))
    assert refused.returncode == 3
    assert f"cannot listen on 127.0.0.1:{port}: another program listens there; stop it, or choose" in refused.stderr


STORE = (
    "--env", "AWS_ACCESS_KEY_ID=a", "--env", "AWS_SECRET_ACCESS_KEY=b", "--",
    "--log-url", "s3://bucket", "--log-store-path", "logs", "--log-store-format", "json",
)  # fmt: skip
TWO = MANIFEST.replace(
    "  predictor:", "  transformer:\n    logger: {mode: all}\n    containers: [{image: a}]\n  predictor:"
)


@pytest.mark.parametrize(
    ("manifest", "arguments", "code", "sentence"),
    [
        (MANIFEST, ("-f", "isvc.yaml", "--sink", "http://a/events"), 2, "--sink needs a URL without a path"),
        (MANIFEST, ("-f", "isvc.yaml", "--sink", "ftp://a"), 2, "--sink needs an http or https URL without a user"),
        (MANIFEST, ("-f", "isvc.yaml", "--upstream", "https://a"), 2, "--upstream needs an http:// URL: https"),
        (MANIFEST, ("-f", "isvc.yaml", "--timeout", "0"), 2, "--timeout 0: write the seconds above 0"),
        (MANIFEST, ("-f", "isvc.yaml", "--timeout", "nan"), 2, "--timeout nan: write the seconds above 0"),
        (MANIFEST, ("-f", "isvc.yaml", "--metrics", "9090"), 2, "--metrics '9090' is not an address; write HOST:PORT"),
        (MANIFEST, ("-f", "-", "--watch"), 2, "--watch cannot follow standard input (-); write it to a file"),
        (MANIFEST, ("--watch", "--", "--log-url", "x"), 2, "--watch follows a manifest or a service, and arguments"),
        (MANIFEST, ("-f", "isvc.yaml", "--max-metadata", "9"), 3, "have 63 bytes, and --max-metadata allows 9: list"),
        (
            MANIFEST,
            ("--blob-dir", "isvc.yaml", *STORE),
            3,
            "cannot make the folder isvc.yaml for objects: File",
        ),
        (MANIFEST, ("-f", "isvc.yaml", "--upstream", "http://u:secret@a"), 2, "--upstream needs an http URL without"),
        (MANIFEST, ("-f", "isvc.yaml", "--upstream", "http://a:99999"), 2, "--upstream 'a:99999' is not an address"),
        (MANIFEST, ("-f", "isvc.yaml", "--env", "X"), 2, "--env needs NAME=VALUE"),
        (MANIFEST, ("-f", "isvc.yaml", "other"), 2, "there is no InferenceService 'other'"),
        (MANIFEST, ("-f", "isvc.yaml", "--", "--log-url", "x"), 2, "exclude -f and --component"),
        (
            MANIFEST,
            ("--log-url", "x"),
            2,
            "--log-url is an argument of the agent; write it after --: isvclog",
        ),
        (MANIFEST, ("none.yaml",), 3, "none.yaml"),
        (MANIFEST, ("isvc.yaml", "--context", "a"), 2, "--context is about a cluster; leave it out with files"),
        (MANIFEST, (), 2, "simulate needs the NAME of a service in the cluster"),
        (MANIFEST, ("-f", "none.yaml"), 3, "none.yaml"),
        (MANIFEST + "---\n" + MANIFEST, ("-f", "isvc.yaml"), 2, "there are 2 InferenceServices"),
        (TWO, ("-f", "isvc.yaml"), 2, "has loggers in predictor and transformer; choose one with --component"),
        ("kind: Pod\n", ("-f", "isvc.yaml"), 3, "no InferenceService found"),
    ],
)
def test_wrong_usage_is_a_sentence(
    isvclog: Callable[..., Any], tmp_path: Path, manifest: str, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    (tmp_path / "isvc.yaml").write_text(manifest)
    refused = isvclog("simulate", *arguments)
    assert (refused.returncode, refused.stdout) == (code, "")
    assert sentence in refused.stderr
    assert "secret" not in refused.stderr


def test_a_component_without_a_logger_is_as_in_a_preview(isvclog: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "isvc.yaml").write_text(
        MANIFEST.replace("  predictor:", "  explainer: {containers: [{image: a}]}\n  predictor:")
    )
    silent = isvclog("simulate", "-f", "isvc.yaml", "--component", "explainer")
    assert silent.returncode == 1
    assert "explainer  has no logger: nothing is logged" in silent.stdout


def test_a_closed_pipe_ends_it(tmp_path: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "isvclog", "simulate", "--listen", "127.0.0.1:0", "--", "--log-url", "http://x"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stderr
        assert process.stdout
        opening = iter(process.stderr.readline, "")
        port = next(int(line.split(":")[-1].split("/")[0]) for line in opening if "listening on" in line)
        process.stdout.close()
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")
        assert process.wait(20) == 141
