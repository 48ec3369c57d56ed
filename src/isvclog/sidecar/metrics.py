"""Metrics of a running sidecar for Prometheus, on a port of their own: they are read from its counts when asked for."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric, SummaryMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from isvclog.httpserver import HttpRequest, HttpResponse, HttpServer
from isvclog.httpserver.messages import plain_response
from isvclog.sidecar.counters import OUTCOMES, TYPES
from isvclog.sidecar.server import SidecarServer

_PATH = b"/metrics"


class MetricsServer(HttpServer):
    """An HTTP server that answers `/metrics` with the state of a sidecar."""

    def __init__(self, sidecar: SidecarServer) -> None:
        super().__init__(self._answer)
        self._registry = CollectorRegistry()
        self._registry.register(SidecarCollector(sidecar))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if self.address.is_loopback and not self.is_for_us(request):
            return plain_response(403, "The Host header of the request is not the address of this server.")
        if request.path != _PATH:
            return plain_response(404, "The metrics are at /metrics.")
        if request.method not in (b"GET", b"HEAD"):
            return plain_response(405, "Read the metrics with GET.", (b"Allow", b"GET, HEAD"))
        return HttpResponse(200, [(b"Content-Type", CONTENT_TYPE_LATEST.encode())], generate_latest(self._registry))


class SidecarCollector(Collector):
    """Reads the state of a sidecar whenever it is scraped; a request or an event costs nothing more for it."""

    def __init__(self, sidecar: SidecarServer) -> None:
        self._sidecar = sidecar

    def describe(self) -> list[Metric]:
        """Describe nothing, so that registering does not collect."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield all metrics."""
        counters = self._sidecar.counters
        yield _total("exchanges", "Requests that were passed to the model.", counters.exchanges)
        yield self._events()
        yield _by_type("events_due", "Events of requests, and of answers with status 200.", counters.due.get)
        yield _by_reason("dropped_events", "Events that a limit dropped.", counters.drops)
        yield self._closed()
        yield _total("event_retries", "Further attempts to send an event.", counters.retries)
        # The metadata come from memory. The metric is here so that a dashboard can show that.
        yield _total("api_calls", "Calls of the API server to enrich events.", 0)
        yield self._enrichment()
        yield from self._gauges()

    def _events(self) -> Metric:
        family = CounterMetricFamily(
            "isvclog_events", "Events by what became of them; those that wait are not among them.", labels=_EVENT_LABELS
        )
        for kind, name in TYPES.items():
            for outcome in OUTCOMES:
                family.add_metric([name, outcome], self._sidecar.counters.events[kind, outcome])
        return family

    def _closed(self) -> Metric:
        text = "Connections of clients that were closed, by reason."
        family = CounterMetricFamily("isvclog_closed_clients", text, labels=("reason",))
        for reason, count in sorted(self._sidecar.counters.closed.items()):
            family.add_metric([reason], count)
        return family

    def _enrichment(self) -> Metric:
        counters = self._sidecar.counters
        return SummaryMetricFamily(
            "isvclog_enrichment_seconds",
            "Time to encode events with their metadata.",
            count_value=counters.encoded,
            sum_value=counters.encoding_ns / 1e9,
        )

    def _gauges(self) -> Iterator[Metric]:
        sidecar = self._sidecar
        queues = sidecar.queues
        generation = sidecar.sidecar.generation
        size = generation.metadata_bytes if generation is not None else 0
        yield _gauge("queue_events", "Events that wait for a worker.", sum(map(len, queues)))
        waiting = sum(queue.waiting_bytes for queue in queues)
        yield _gauge("queue_bytes", "Bytes in memory of events that wait.", waiting)
        pending = sum(queue.pending for queue in queues)
        yield _gauge("events_pending", "Events that wait or are being sent.", pending)
        yield _gauge("metadata_bytes", "Bytes of the keys and values of the annotations in memory.", size)
        yield _gauge("metadata_generation", "Number of the metadata in memory; each swap adds 1.", sidecar.number)
        yield _gauge("client_connections", "Open connections of clients.", len(sidecar.sidecar.clients))


_EVENT_LABELS = ("type", "outcome")


def _total(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(f"isvclog_{name}", text, value)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"isvclog_{name}", text, value)


def _by_type(name: str, text: str, count: Callable[[str, int], int]) -> Metric:
    family = CounterMetricFamily(f"isvclog_{name}", text, labels=("type",))
    for kind, label in TYPES.items():
        family.add_metric([label], count(kind, 0))
    return family


def _by_reason(name: str, text: str, counts: Mapping[tuple[str, str], int]) -> Metric:
    family = CounterMetricFamily(f"isvclog_{name}", text, labels=("type", "reason"))
    for (kind, reason), count in sorted(counts.items()):
        family.add_metric([TYPES[kind], reason], count)
    return family
