"""Sentences about a simulation when it starts and when it ends, for people."""

from collections.abc import Iterator

from isvclog.findings import counted, enumerated
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.redact.gate import Redaction, mask_annotations
from isvclog.report.preview.redaction import mask_agent_message
from isvclog.sidecar.counters import DROPPED, FAILED, REJECTED, SENT, UNDELIVERABLE
from isvclog.sidecar.simulation.items import Started
from isvclog.sidecar.simulation.running import Ending

_LONGEST, _MOST = 100, 20
"""Characters of an item in memory, and items, that are shown."""
_OUTCOMES = {
    SENT: "sent",
    REJECTED: "refused by the sink",
    FAILED: "without an answer of the sink",
    UNDELIVERABLE: "that the agent cannot send",
    DROPPED: "dropped",
    "pending": "not sent in time",
}


def opening_sentences(started: Started, gate: Redaction) -> Iterator[str]:
    """Yield what a simulation does, what it has in memory, what is wrong with it, and where it listens."""
    agent, simulation, settings = started.agent, started.simulation, started.simulation.settings
    model = f"http://{simulation.upstream}" if simulation.upstream else "a sample model"
    yield f"{gate.text(agent.label)}: requests go to {model}, {_sink(started, gate)}"
    if settings is not None:
        yield f"in memory: {_memory(settings, gate)}. The real agent reads them once: a change needs a rollout there."
    if agent.diagnosis is not None:
        problem, effect, remedy = (mask_agent_message(text, agent.startup, gate) for text in agent.diagnosis)
        yield f"in a cluster, {problem}: {effect}. Remedy: {remedy}."
    yield from map(gate.sentence, started.sensitive)
    if started.sensitive and started.redact:
        yield "what looks sensitive is masked in the events, because of --redact."
    elif started.sensitive:
        yield "events are sent with it; --redact masks what looks sensitive."
    if not started.address.is_loopback:
        yield f"{started.address} can be reached from other machines, without encryption or a password."
    yield f"listening on {started.address.url} (Ctrl-C ends)."


def closing_sentence(ending: Ending) -> str:
    """Summarize what was answered, sent and lost."""
    parts = [f"proxied {counted(ending.requests, 'request')}"]
    for kind, outcomes in ending.events.items():
        if outcomes:
            told = enumerated([f"{count:,} {_OUTCOMES[outcome]}" for outcome, count in outcomes.items()])
            parts.append(f"{counted(sum(outcomes.values()), f'{kind} event')}: {told}")
    parts.append(f"lost {counted(ending.lost, 'event')}" if ending.lost else "lost no event")
    return f"{'; '.join(parts)}."


def _sink(started: Started, gate: Redaction) -> str:
    simulation, settings = started.simulation, started.simulation.settings
    if settings is None:
        return "and no events are sent."
    place = f"http://{simulation.sink}" if simulation.sink else "the built-in sink"
    url = gate.value("url", settings.url.string())
    told = f"events (mode {settings.mode}, {counted(settings.workers, 'worker')}) to {place}, in place of {url}"
    if choose_sink(settings) != CLOUDEVENTS:
        told += ", which is object storage: records are not simulated"
    return f"{told}."


def _memory(settings: AgentSettings, gate: Redaction) -> str:
    annotations = [f"{key}={value}" for key, value in mask_annotations(settings.annotations, gate).items()]
    names = [gate.text(name) for name in settings.metadata_headers or ()]
    return f"{_list('annotation', annotations)}, and {_list('header name', names)}"


def _list(noun: str, items: list[str]) -> str:
    if not items:
        return f"no {noun}s"
    shown = [item if len(item) <= _LONGEST else f"{item[:_LONGEST]}..." for item in items]
    return f"{counted(len(items), noun)} ({enumerated(shown, _MOST)})"
