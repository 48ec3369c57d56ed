"""Simulations for programs: an object in a line when it listens, when it ends, or why it does not start."""

from collections.abc import Iterator
from typing import Any

from isvclog.lint.json_text import dumps
from isvclog.redact.gate import Redaction, mask_annotations
from isvclog.report.formats import FormatSettings
from isvclog.report.preview.redaction import mask_agent_message
from isvclog.report.simulation.redaction import agent_redaction
from isvclog.sidecar.simulation.agent import SimulatedAgent
from isvclog.sidecar.simulation.items import NotStarted, SimulationItem, Started
from isvclog.sidecar.simulation.running import Ending


def write(item: SimulationItem, settings: FormatSettings) -> Iterator[str]:
    """Yield the line of one item."""
    if isinstance(item, Ending):
        yield dumps({"kind": "ended", "requests": item.requests, "events": item.events, "lost": item.lost}) + "\n"
        return
    gate = agent_redaction(item.agent, settings.reveal)
    yield dumps(_started(item, gate) if isinstance(item, Started) else _not_started(item, gate)) + "\n"
    if gate.has_hidden:
        settings.on_hidden()


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
    simulation, settings = item.simulation, item.simulation.settings
    return {
        "kind": "listening",
        "agent": gate.text(item.agent.label),
        "address": str(item.address),
        "url": item.address.url,
        "upstream": simulation.upstream and str(simulation.upstream),
        "sink": simulation.sink and str(simulation.sink),
        "logUrl": settings and gate.value("url", settings.url.string()),
        "mode": settings and settings.mode,
        "workers": settings and settings.workers,
        "annotations": settings and mask_annotations(settings.annotations, gate),
        "metadataHeaders": settings and [gate.text(name) for name in settings.metadata_headers or ()],
        "sensitive": [gate.sentence(message) for message in item.sensitive],
        "redacted": item.redact,
        "problem": _problem(item.agent, gate),
    }


def _problem(agent: SimulatedAgent, gate: Redaction) -> dict[str, str] | None:
    if agent.diagnosis is None:
        return None
    return {key: _masked(agent, text, gate) for key, text in agent.diagnosis._asdict().items()}


def _masked(agent: SimulatedAgent, text: str, gate: Redaction) -> str:
    return mask_agent_message(text, agent.startup, gate)
