"""Simulations for programs: a line when it listens, for a change, when it ends, or why it does not start."""

from collections.abc import Iterator
from typing import Any

from isvclog.kserve.agent.settings import AgentSettings, BatcherSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.lint.json_text import dumps
from isvclog.redact.gate import Redaction, mask_annotations
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.redaction import mask_agent_message
from isvclog.report.simulation.redaction import agent_redaction
from isvclog.report.simulation.sentences import metrics_url
from isvclog.sidecar.generation import metadata_size
from isvclog.sidecar.simulation.agent import SimulatedAgent
from isvclog.sidecar.simulation.items import NotStarted, SettingsChanged, SimulationItem, Started
from isvclog.sidecar.simulation.running import Ending, Simulation


def write(item: SimulationItem, settings: FormatSettings) -> Iterator[str]:
    """Yield the line of one item."""
    if isinstance(item, Ending):
        yield dumps(_ended(item)) + "\n"
        return
    gate = agent_redaction(item.agent, settings.reveal)
    yield dumps(_about_agent(item, gate)) + "\n"
    if gate.has_hidden:
        settings.on_hidden()


def _about_agent(item: NotStarted | Started | SettingsChanged, gate: Redaction) -> dict[str, Any]:
    if isinstance(item, Started):
        return _started(item, gate)
    if isinstance(item, SettingsChanged):
        return {
            "kind": "changed",
            "generation": item.generation,
            "message": gate.text(item.sentence),
            "sensitive": [gate.sentence(message) for message in item.sensitive],
        }
    return _not_started(item, gate)


def _ended(item: Ending) -> dict[str, Any]:
    return {
        "kind": "ended",
        "requests": item.requests,
        "events": item.events,
        "lost": item.lost,
        "drops": item.drops,
        "retries": item.retries,
        "closedClients": item.closed,
        "generation": item.generation,
    }


def _not_started(item: NotStarted, gate: Redaction) -> dict[str, Any]:
    startup = item.agent.startup
    return {
        "kind": "notStarted",
        "agent": gate.text(item.agent.label),
        "agentExitCode": startup.exit if startup else None,
        "execError": startup.exec_error if startup else None,
        "message": _masked(item.agent, startup.message if startup else "", gate),
        "problem": _problem(item.agent, gate),
    }


def _started(item: Started, gate: Redaction) -> dict[str, Any]:
    simulation, running = item.simulation, item.running
    return {
        "kind": "listening",
        "agent": gate.text(item.agent.label),
        "address": str(running.address),
        "url": running.address.url,
        "metricsUrl": running.metrics and metrics_url(running.metrics),
        "upstream": simulation.upstream and f"http://{simulation.upstream}",
        "sink": simulation.sink and str(simulation.sink),
        "logger": simulation.settings and _logger(simulation.settings, gate),
        "generation": 1,
        "maxMetadataBytes": simulation.max_metadata,
        "isWatched": simulation.follow is not None,
        "batcher": simulation.batcher and _batcher(simulation.batcher),
        "limits": _limits(simulation),
        "sensitive": [gate.sentence(message) for message in item.sensitive],
        "redacted": item.redact,
        "notes": [gate.text(sentence) for sentence in running.notes],
        "problem": _problem(item.agent, gate),
    }


def _logger(settings: AgentSettings, gate: Redaction) -> dict[str, Any]:
    return {
        "url": gate.value("url", settings.url.string()),
        "storesObjects": choose_sink(settings) != CLOUDEVENTS,
        "mode": settings.mode,
        "workers": settings.workers,
        "annotations": mask_annotations(settings.annotations, gate),
        "metadataHeaders": [gate.text(name) for name in settings.metadata_headers or ()],
        "metadataBytes": metadata_size(settings),
    }


def _batcher(settings: BatcherSettings) -> dict[str, int]:
    return {"maxBatchSize": settings.max_size, "maxLatencyMilliseconds": settings.max_latency_ms}


def _limits(simulation: Simulation) -> dict[str, Any]:
    limits, clients = simulation.limits, simulation.client_limits
    return {
        "events": limits.events,
        "eventBytes": limits.event_bytes,
        "bodyBytes": limits.body_bytes,
        "timeoutSeconds": limits.timeout,
        "retries": limits.retries,
        "connections": clients.connections,
        "headerSeconds": clients.header_seconds,
        "idleSeconds": clients.idle_seconds,
        "stallSeconds": clients.stall_seconds,
    }


def _problem(agent: SimulatedAgent, gate: Redaction) -> dict[str, str] | None:
    if agent.diagnosis is None:
        return None
    return {key: _masked(agent, text, gate) for key, text in agent.diagnosis._asdict().items()}


def _masked(agent: SimulatedAgent, text: str, gate: Redaction) -> str:
    return mask_agent_message(text, agent.startup, gate)
