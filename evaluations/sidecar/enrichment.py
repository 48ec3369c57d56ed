"""Metadata from memory against a lookup for each event: throughput, latency, requests to the API server, an outage."""

import json
import subprocess
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from evaluations.sidecar.programs import (
    ANNOTATIONS,
    EXPECTED,
    PYTHON,
    Program,
    Tools,
    agent_arguments,
    started,
    wait_for_events,
    wait_for_silence,
)

MEMORY, LOOKUP, CACHED = "memory", "lookup per event", "lookup, cached for 1 s"
VARIANTS = {MEMORY: (), LOOKUP: ("--cache", "0"), CACHED: ("--cache", "1")}
FAST, SLOW = "0 ms", "5 ms"
_DELAYS = {FAST: "0s", SLOW: "5ms"}
_CONNECTIONS = 16


class Effort(NamedTuple):
    """The extent of a measurement.

    `requests` are sent as fast as possible, then `rate` requests per second for so many `seconds`. `delays` are times
    that the API server takes.
    """

    rounds: int = 5
    requests: int = 4000
    rate: int = 200
    seconds: int = 5
    delays: tuple[str, ...] = (FAST, SLOW)


class Enriched(NamedTuple):
    """A measured run of a variant, with an API server that takes `delay` for an answer. Times are in milliseconds.

    `api_calls` is the number of requests to the API server per 1,000 events, as fast as possible. The values with
    `rate` are those at a steady rate: the time from an event to its arrival at the sink, the time of requests, and API
    requests per second. `complete` is the share of events with annotations, and `complete_in_outage` that after the API
    server was stopped while requests came.
    """

    variant: str
    delay: str
    events_per_second: float
    api_calls: float
    rate_event_p50_ms: float
    rate_event_p99_ms: float
    rate_request_p99_ms: float
    rate_api_calls: float
    complete: float
    complete_in_outage: float
    peak_mib: float
    failed: int


def measure_enrichment(tools: Tools, folder: Path, effort: Effort) -> Iterator[Enriched]:
    """Yield a measured run of each variant and delay, in every round."""
    service = folder / "service.json"
    service.write_text(json.dumps(_service()))
    with (
        started(tools.peers, "-mode", "model", "-listen", "127.0.0.1:PORT") as model,
        started(tools.peers, "-mode", "sink", "-expected", EXPECTED, "-listen", "127.0.0.1:PORT") as sink,
    ):
        for _, delay, variant in product(range(effort.rounds), effort.delays, VARIANTS):
            api_command = (tools.peers, "-mode", "api", "-object", service, "-delay", _DELAYS[delay])
            with (
                started(*api_command, "-listen", "127.0.0.1:PORT") as api,
                started(*_command(variant, model, sink, api)) as sidecar,
            ):
                yield _Run(tools, sidecar, sink, api, effort).measure(variant, delay)


def _command(variant: str, model: Program, sink: Program, api: Program) -> list[str]:
    command = [PYTHON, "-m", "evaluations.sidecar.sidecar", "--listen", "127.0.0.1:PORT"]
    command += ["--model", f"127.0.0.1:{model.port}"]
    if variant != MEMORY:
        command += ["--lookup", f"127.0.0.1:{api.port}", *VARIANTS[variant]]
    return [*command, "--", *agent_arguments(sink.url)]


class _Run:
    """One run of a sidecar with its peers."""

    def __init__(self, tools: Tools, sidecar: Program, sink: Program, api: Program, effort: Effort) -> None:
        self._tools, self._sidecar, self._sink, self._api, self._effort = tools, sidecar, sink, api, effort

    def measure(self, variant: str, delay: str) -> Enriched:
        effort, api, sink = self._effort, self._api, self._sink
        sink.ask("/reset")
        self._load(200)
        wait_for_events(sink, 400)

        sink.ask("/reset")
        asked = api.ask("/count")
        fast = self._load(effort.requests)
        events = wait_for_events(sink, 2 * effort.requests)
        calls = api.ask("/count") - asked

        sink.ask("/reset")
        asked = api.ask("/count")
        steady = self._load(effort.rate * effort.seconds, effort.rate)
        at_rate = wait_for_events(sink, 2 * effort.rate * effort.seconds)
        rate_calls = (api.ask("/count") - asked) / steady["seconds"]

        loading = self._start_load(effort.rate * effort.seconds, effort.rate)
        time.sleep(effort.seconds / 5)
        api.end()
        sink.ask("/reset")
        outage = _ended(loading)
        without = wait_for_silence(sink)
        return Enriched(
            variant,
            delay,
            events["events"] / events["seconds"],
            1000 * calls / events["events"],
            at_rate["p50_ms"],
            at_rate["p99_ms"],
            steady["p99_ms"],
            rate_calls,
            (events["annotated"] + at_rate["annotated"]) / (events["events"] + at_rate["events"]),
            without["annotated"] / without["events"],
            self._sidecar.peak_mebibytes(),
            fast["failed"] + steady["failed"] + outage["failed"],
        )

    def _load(self, requests: int, rate: int = 0) -> dict[str, Any]:
        return _ended(self._start_load(requests, rate))

    def _start_load(self, requests: int, rate: int) -> "subprocess.Popen[str]":
        command = [str(self._tools.peers), "-mode", "load", "-url", f"{self._sidecar.url}/v1/models/iris:predict"]
        command += ["-requests", str(requests), "-connections", str(_CONNECTIONS), "-rate", str(rate)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _ended(loading: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait for a load, and return its report."""
    output, _ = loading.communicate()
    report: dict[str, Any] = json.loads(output)
    return report


def _service() -> dict[str, Any]:
    """Build an InferenceService as an API server has it, with what kubectl and the controller leave there."""
    conditions = [
        {"type": name, "status": "True", "lastTransitionTime": "2026-01-02T03:04:05Z", "severity": "Info"}
        for name in ("IngressReady", "LatestDeploymentReady", "PredictorReady", "Ready", "Stopped", "RoutesReady")
    ]
    spec = {
        "predictor": {
            "logger": {"mode": "all", "url": "http://sink.example", "metadataAnnotations": list(ANNOTATIONS)},
            "model": {"modelFormat": {"name": "sklearn"}, "storageUri": "gs://models/iris", "resources": {}},
        }
    }
    metadata = {
        "name": "iris",
        "namespace": "research",
        "uid": "7f4ab7a1-9fb2-4a3c-9d8b-0f6f2a5d1c3e",
        "resourceVersion": "123456",
        "annotations": {**ANNOTATIONS, "serving.kserve.io/deploymentMode": "Standard"},
        "managedFields": [{"manager": "kubectl", "operation": "Apply", "fieldsV1": {"f:spec": {"f:predictor": spec}}}],
    }
    status = {"conditions": conditions, "url": "http://iris-research.example.com", "modelStatus": {"copies": {}}}
    kind = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService"}
    return {**kind, "metadata": metadata, "spec": spec, "status": status}
