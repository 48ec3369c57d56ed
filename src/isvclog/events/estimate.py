"""The amount of events: how many and how large they are, and whether the agents keep up with a sink.

The sizes are those of the simulator, byte for byte. What waits while a sink is slow follows from the agent's workers:
`kserve-behaviour.md` 5.5 and 6.3.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum

from isvclog.diagnosis.causes import diagnose
from isvclog.diagnosis.lineage import header_statuses
from isvclog.events.sizes import EventSize, event_size
from isvclog.kserve.agent.settings import AGENT_MEMORY_BYTES, DEFAULT_MARSHALLER_URL, AgentSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.exchange_result import ExchangeResult, ServicePreview
from isvclog.kserve.logger.dispatcher import QUEUE_SIZE, WAITING_BYTES, choose_sink
from isvclog.kserve.logger.events import REQUEST
from isvclog.kserve.logger.records import object_bytes
from isvclog.kserve.webhook.agent_config import agent_memory_limit
from isvclog.records import NamedTuple

SECONDS_A_DAY = 86_400
MARSHALLER = "marshaller"
"""The format of objects that a service of the user's own makes."""
_NS = 1_000_000_000
# What these are decides what a request is, so nothing is assumed for them.
_NOT_ASSUMED = frozenset(
    "Connection Content-Length Content-Encoding Content-Type Expect Upgrade Te Keep-Alive Ce-Id User-Agent".split()
)


class Traffic(NamedTuple):
    """The traffic of one component: requests a second to all its pods together, and how many pods there are.

    `request` and `response` are the bytes of the bodies; None for those of the exchange. `latency_ns` is how long the
    sink or the storage takes for an event or an object in nanoseconds, None if it is not known.
    """

    rps: float
    request: int | None = None
    response: int | None = None
    latency_ns: int | None = None
    pods: int = 1


class Overload(Enum):
    """One effect of more events than a sink takes; the value describes it to a person."""

    MEMORY = "events wait in memory until the agent is killed"
    DROPS = f"the agent drops events while {QUEUE_SIZE} wait"
    BLOCKS = "requests of clients wait for the storage"
    UNKNOWN = "what the agent does then is not known"


class SinkLoad(NamedTuple):
    """The load of one agent. Rates are per second.

    `senders` work at the same time, each on one of `due` items (events or objects) after the other. `overload` is None
    while they keep up or if the latency is not known; then `growth` are bytes a second, and `seconds` the time until
    `memory` bytes are full at the latest, if the agent collects events; `lost` are the events that it drops.
    `most_requests` is what it can do of requests to its pod.
    """

    senders: int
    due: float
    memory: int
    busy: float | None = None
    overload: Overload | None = None
    growth: float = 0
    seconds: float | None = None
    lost: float = 0
    most_requests: float | None = None

    @property
    def longest_ns(self) -> float | None:
        """The latency up to which the agent keeps up, in nanoseconds; None without events."""
        return self.senders / self.due * _NS if self.due else None


class StoredObjects(NamedTuple):
    """The objects in a storage of all pods: how many a second, with so many records and bytes each.

    `size` is None if it depends on the writer: for Parquet, and if a service of the user's own makes the objects.
    """

    format: str
    rate: float
    records: float
    size: float | None


class LoggerEstimate(NamedTuple):
    """The amount of one logger. `rate` counts events or records a second of all pods.

    `because` is why nothing or not everything is sent, else empty.
    """

    service: ServicePreview
    result: ExchangeResult
    sizes: Sequence[EventSize] = ()
    rate: float = 0
    sink_load: SinkLoad | None = None
    objects: StoredObjects | None = None
    because: str = ""

    @property
    def bytes_rate(self) -> float:
        """The bytes a second that leave all pods; for records those of the objects."""
        if self.objects is not None and self.objects.size is not None:
            return self.objects.rate * self.objects.size
        return self.rate * mean(size.total for size in self.sizes)

    @property
    def keeps_up(self) -> bool:
        """False if the sink is too slow for the agent, or nothing is sent."""
        return not self.because and (self.sink_load is None or self.sink_load.overload is None)


class Estimate(NamedTuple):
    """The amount of all loggers for some traffic."""

    release: Release
    traffic: Traffic
    loggers: Sequence[LoggerEstimate]

    @property
    def keeps_up(self) -> bool:
        """True if everything is sent, and every sink is fast enough as far as it is known."""
        return all(each.keeps_up for each in self.loggers)


def mean(values: Iterable[float]) -> float:
    """Return the mean of some values, 0 of none."""
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else 0


def estimate_loggers(services: Iterable[ServicePreview], traffic: Traffic) -> Iterator[LoggerEstimate]:
    """Estimate each logger of some services."""
    for item in services:
        yield from (_estimate(item, result, traffic) for result in item.results)


def _assumed(result: ExchangeResult) -> list[str]:
    """List the headers of a logger that requests can have, and that the request of the exchange does not have."""
    statuses = header_statuses(result.prediction, {})
    carried = result.logged[0].metadata or {} if result.logged else {}
    return [
        each.name for each in statuses if each.possible and each.name not in carried and each.name not in _NOT_ASSUMED
    ]


def _estimate(item: ServicePreview, result: ExchangeResult, traffic: Traffic) -> LoggerEstimate:
    diagnosis, settings = diagnose(result), result.prediction.settings
    if diagnosis is not None or settings is None:
        return LoggerEstimate(item, result, because=diagnosis.because if diagnosis else "no logger runs")
    assumed = _assumed(result)
    lengths: Mapping[bool, int | None] = {True: traffic.request, False: traffic.response}
    found = [event_size(each, lengths[each.type == REQUEST], assumed) for each in result.logged]
    sizes = [size for size in found if size is not None]
    rate = traffic.rps * len(sizes)
    objects = None if choose_sink(settings) == CLOUDEVENTS else _objects(settings, sizes, rate, traffic.pods)
    sink_load = _load_sink(result, sizes, traffic, objects)
    return LoggerEstimate(item, result, sizes, rate, sink_load, objects)


def _objects(settings: AgentSettings, sizes: Sequence[EventSize], rate: float, pods: int) -> StoredObjects:
    """Estimate the objects: a full batch is stored, and with an interval also what came since the last object."""
    size, seconds = max(settings.batch_size, 1), settings.batch_interval_ns / _NS
    each = rate / pods
    objects = each / size
    if size > 1 and seconds > 0:
        objects = max(objects, min(each, 1 / seconds))
    records = each / objects if objects else 0
    file_format = settings.store.format if settings.store else ""
    if settings.marshaller_url != DEFAULT_MARSHALLER_URL:
        file_format = MARSHALLER
    written = records * mean(each.total for each in sizes)
    return StoredObjects(file_format, objects * pods, records, object_bytes(file_format, records, written))


def _load_sink(
    result: ExchangeResult, sizes: Sequence[EventSize], traffic: Traffic, objects: StoredObjects | None
) -> SinkLoad:
    """Estimate one agent: five workers send events, and one writer stores objects."""
    prediction, requests = result.prediction, traffic.rps / traffic.pods
    settings = prediction.settings
    assert settings is not None
    memory = agent_memory_limit(prediction.installation.config) or AGENT_MEMORY_BYTES
    events = requests * len(sizes)
    load = SinkLoad(settings.workers, events, memory)
    if objects is not None:
        load = load._replace(senders=1, due=objects.rate / traffic.pods)
    if traffic.latency_ns is None:
        return load
    busy = load.due * traffic.latency_ns / _NS / load.senders
    load = load._replace(busy=busy, most_requests=requests / busy if busy else None)
    return _overloaded(load, settings, sizes, events * (1 - 1 / busy)) if busy > 1 else load


def _overloaded(load: SinkLoad, settings: AgentSettings, sizes: Sequence[EventSize], excess: float) -> SinkLoad:
    """Say what becomes of the `excess` events a second that an agent cannot deliver."""
    if settings.release.has("bounded-queue"):
        return load._replace(overload=Overload.DROPS, lost=excess)
    if choose_sink(settings) != CLOUDEVENTS:
        return load._replace(overload=Overload.BLOCKS if settings.release.has("batchSize") else Overload.UNKNOWN)
    growth = excess * mean(size.payload + WAITING_BYTES for size in sizes)
    return load._replace(overload=Overload.MEMORY, growth=growth, seconds=load.memory / growth)
