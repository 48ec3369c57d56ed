"""Sentences about a simulation when it starts and when it ends, for people."""

from collections.abc import Iterator

from isvclog.findings import counted, enumerated
from isvclog.httpserver import Address
from isvclog.kserve.agent.settings import AgentSettings, BatcherSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.logger.dispatcher import choose_sink
from isvclog.kserve.logger.tls import CA_DIR
from isvclog.redact.gate import Redaction, mask_annotations
from isvclog.report.preview.redaction import mask_agent_message
from isvclog.sidecar.counters import DROPPED, FAILED, REJECTED, SENT, UNDELIVERABLE
from isvclog.sidecar.simulation.items import Started
from isvclog.sidecar.simulation.running import Ending, Running, Simulation

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
    if simulation.batcher is not None:
        yield _batches(simulation.batcher)
    if settings is not None:
        yield f"in memory: {_memory(settings, gate)}. {_freshness(simulation)}"
    yield from _limits(simulation)
    yield from _unused(simulation)
    yield from map(gate.text, started.running.notes)
    if agent.diagnosis is not None:
        problem, effect, remedy = (mask_agent_message(text, agent.startup, gate) for text in agent.diagnosis)
        yield f"in a cluster, {problem}: {effect}. Remedy: {remedy}."
    yield from map(gate.sentence, started.sensitive)
    if started.sensitive and started.redact:
        yield "what looks sensitive is masked in the events, because of --redact."
    elif started.sensitive:
        yield "events are sent with it; --redact masks what looks sensitive."
    yield from _listening(started.running)


def closing_sentence(ending: Ending) -> str:
    """Summarize what was answered, sent and lost."""
    parts = [f"proxied {counted(ending.requests, 'request')}"]
    for kind, outcomes in ending.events.items():
        if outcomes:
            told = enumerated([f"{count:,} {_OUTCOMES[outcome]}" for outcome, count in outcomes.items()])
            parts.append(f"{counted(sum(outcomes.values()), f'{kind} event')}: {told}")
    parts.append(f"{counted(ending.lost, 'event')} lost" if ending.lost else "no event lost")
    if ending.retries:
        parts.append(f"tried again {counted(ending.retries, 'time')}")
    if closed := sum(ending.closed.values()):
        parts.append(f"closed {counted(closed, 'connection')} of clients")
    if ending.generation > 1:
        parts.append(f"used {counted(ending.generation, 'generation')} of metadata")
    return f"{'; '.join(parts)}."


def metrics_url(address: Address) -> str:
    """Return the URL of the metrics."""
    return f"{address.url}metrics"


def _listening(running: Running) -> Iterator[str]:
    for address in filter(None, (running.metrics, running.address)):
        if not address.is_loopback:
            yield f"{address} can be reached from other machines, without encryption or a password."
    if running.metrics:
        yield f"metrics are at {metrics_url(running.metrics)}."
    yield f"listening on {running.address.url} (Ctrl-C ends)."


def _sink(started: Started, gate: Redaction) -> str:
    simulation, settings = started.simulation, started.simulation.settings
    if settings is None:
        return "and no events are sent."
    url = gate.value("url", settings.url.string())
    if choose_sink(settings) != CLOUDEVENTS:
        return f"records (mode {settings.mode}, {_record_batches(settings)}) to files, in place of {url}."
    place = simulation.sink or "the built-in sink"
    return f"events (mode {settings.mode}, {counted(settings.workers, 'worker')}) to {place}, in place of {url}."


def _record_batches(settings: AgentSettings) -> str:
    if settings.batch_size <= 1:
        return "one per object"
    seconds = settings.batch_interval_ns / 1e9
    return f"{settings.batch_size:,} per object" + (f" or all of {seconds:g} s" if seconds > 0 else "")


def _batches(batcher: BatcherSettings) -> str:
    return (
        f"the batcher collects up to {counted(batcher.max_size, 'instance')} for at most {batcher.max_latency_ms:,} ms "
        "from requests whose path ends in :predict, and asks the model once; their responses are not logged."
    )


def _freshness(simulation: Simulation) -> str:
    if simulation.follow is None:
        return "The real agent reads them only at its start: a change needs new pods."
    return "Because of --watch, changes are used here at once; the real agent needs new pods for that."


def _limits(simulation: Simulation) -> Iterator[str]:
    limits, clients = simulation.limits, simulation.client_limits
    if limits.events is not None:
        yield (
            f"--bounded: at most {limits.events:,} events and {_mebibytes(limits.event_bytes)} wait, bodies above "
            f"{_mebibytes(limits.body_bytes)} are not logged, and there are at most {clients.connections or 0:,} "
            f"connections, which are closed after {clients.idle_seconds:g} s without a request; what is dropped is "
            "counted. The agent has no such limits."
        )
    if limits.retries:
        each = f", and each attempt may take {limits.timeout:g} s" if limits.timeout else ""
        yield f"an event is sent up to {limits.retries + 1} times{each}; the agent sends it once, without a limit."
    elif limits.timeout:
        yield f"the sink may take {limits.timeout:g} s for an event; the agent waits without a limit."


def _unused(simulation: Simulation) -> Iterator[str]:
    """Yield which options have no effect on this log URL."""
    settings = simulation.settings
    if settings is None:
        return
    has_tls = simulation.sink is not None and simulation.sink.scheme == "https"
    if simulation.ca_dir != CA_DIR and not has_tls:
        yield "--ca-dir has no effect without --sink https://HOST:PORT."
    if choose_sink(settings) != CLOUDEVENTS:
        if simulation.sink is not None:
            yield "--sink has no effect: the log URL is object storage, and --blob-dir chooses a folder for it."
    elif simulation.blob_dir is not None:
        yield "--blob-dir has no effect: the log URL is not object storage; --sink chooses a server for it."


def _mebibytes(size: int | None) -> str:
    return f"{(size or 0) / (1 << 20):g} MiB"


def _memory(settings: AgentSettings, gate: Redaction) -> str:
    annotations = [f"{key}={value}" for key, value in mask_annotations(settings.annotations, gate).items()]
    names = [gate.text(name) for name in settings.metadata_headers or ()]
    return f"{_list('annotation', annotations)}, and {_list('header name', names)}"


def _list(noun: str, items: list[str]) -> str:
    if not items:
        return f"no {noun}s"
    shown = [item if len(item) <= _LONGEST else f"{item[:_LONGEST]}..." for item in items]
    return f"{counted(len(items), noun)} ({enumerated(shown, _MOST)})"
