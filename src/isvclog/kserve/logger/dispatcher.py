"""The dispatcher: each log request becomes an event for the sink or a record in an object, or it is dropped.

Source: pkg/logger/{dispatcher,worker,store}.go. The dispatcher chooses the sink by the URL as Go writes it again, with
its scheme in lower case. The agent, however, opened its store by the flag as given: `S3://` has no store, and
everything is dropped.
"""

from collections.abc import Sequence

from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.agent.store import CLOUDEVENTS
from isvclog.kserve.golang.time import format_rfc3339_nano
from isvclog.kserve.logger.events import CloudEvent, LogRequest, build_event
from isvclog.kserve.logger.messages import no_store, unstored
from isvclog.kserve.logger.records import Record, Unstorable, Upload, batches, build_upload, check_marshaller
from isvclog.kserve.logger.sender import Undeliverable, sink_kind
from isvclog.records import NamedTuple

QUEUE_SIZE = 100
"""The number of waiting log requests from which an agent with a store makes requests wait (LoggerWorkerQueueSize).

In `next`, every agent drops further ones instead (kserve#6173, dispatcher_test.go of its branch).
"""

WAITING_BYTES = 2048
"""The bytes that a waiting event takes at least, besides its body: the first stack of the goroutine that waits with it.

The dispatcher starts a goroutine for each event, which waits for a worker (kserve#6167); Go gives each 2 KiB at first.
"""


class Delivery(NamedTuple):
    """The events and objects of one exchange that leave the pod, and what does not.

    `dropped` are the agent's own log messages about events and batches that it drops. `pending` counts records of a
    batch that is not full yet; `pending_drop_reason` says why that batch will be dropped once it is full, or is empty.
    """

    events: tuple[CloudEvent, ...] = ()
    uploads: tuple[Upload, ...] = ()
    dropped: tuple[str, ...] = ()
    pending: int = 0
    pending_drop_reason: str = ""


def dispatch(settings: AgentSettings, logged: Sequence[LogRequest], *, recorded_ns: int) -> Delivery:
    """Deliver log requests to the sink or to object storage, as the agent does.

    `recorded_ns` is the time at which a worker takes them, in Unix nanoseconds.
    """
    if choose_sink(settings) == CLOUDEVENTS:
        return _send(logged, recorded_ns)
    records = [record_of(item) for item in logged]
    full, pending = batches(records, settings.batch_size, settings.batch_interval_ns)
    stored = [store_batch(settings, batch) for batch in full]
    return Delivery(
        uploads=tuple(item for item in stored if isinstance(item, Upload)),
        dropped=tuple(item for item in stored if isinstance(item, str)),
        pending=len(pending),
        pending_drop_reason=_drop_reason(settings, pending),
    )


def store_batch(settings: AgentSettings, batch: Sequence[Record]) -> Upload | str:
    """Build the object of a batch, or return the agent's log message if it drops the batch."""
    if settings.store is None:
        return no_store(settings.release)
    try:
        check_marshaller(settings.marshaller_url)
        return build_upload(settings.store, batch, settings.release, settings.marshaller_url)
    except Unstorable as error:
        return unstored(str(error), settings.release)


def _drop_reason(settings: AgentSettings, pending: Sequence[Record]) -> str:
    stored = store_batch(settings, pending) if pending else ""
    return stored if isinstance(stored, str) else ""


def choose_sink(settings: AgentSettings) -> str:
    """Choose CloudEvents, or the object storage that the log URL means."""
    return sink_kind(settings.url, settings.release)


def record_of(logged: LogRequest) -> Record:
    """Convert a log request to the record that is stored."""
    settings = logged.settings
    return Record(
        url=settings.url,
        body=logged.body,
        content_type=logged.content_type,
        type=logged.type,
        id=logged.id,
        source=settings.source,
        service=settings.service,
        namespace=settings.namespace,
        component=settings.component,
        endpoint=settings.endpoint,
        metadata=logged.metadata,
        annotations=settings.annotations,
        cert_file=settings.cert_file,
        tls_skip_verify=settings.tls_skip_verify,
        occurred=format_rfc3339_nano(logged.occurred_ns),
    )


def _send(logged: Sequence[LogRequest], recorded_ns: int) -> Delivery:
    events, dropped = [], []
    for item in logged:
        try:
            events.append(build_event(item, recorded_ns=recorded_ns))
        except Undeliverable as error:
            dropped.append(str(error))
    return Delivery(events=tuple(events), dropped=tuple(dropped))
