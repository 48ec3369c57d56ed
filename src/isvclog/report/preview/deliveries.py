"""Events as they are sent, and objects as they are stored. Sizes are those of the real data, masked or not."""

from collections.abc import Iterable, Iterator

from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.logger.events import CloudEvent
from isvclog.kserve.logger.records import Upload
from isvclog.report.escape import printable
from isvclog.report.preview.layout import Style, row
from isvclog.report.preview.redaction import ExchangeRedaction

# A request line or header longer than this is rejected by nginx, Tomcat, Netty and others.
COMMON_HEADER_LIMIT = 8192
MAX_BODY_CHARACTERS = 4000


def event_lines(
    real: CloudEvent, redaction: ExchangeRedaction, style: Style, earlier: CloudEvent | None = None
) -> Iterator[str]:
    """Yield the lines for one event: its sizes, the request line, the headers and the body.

    `earlier` is the event that was shown before: the headers that are the same are left out.
    """
    wire = real.wire()
    head = len(wire) - len(real.body)
    sizes = [f"{len(real.body):,} bytes of data", f"{head:,} bytes of headers"]
    lengths = {name: len(to_bytes(value)) for name, value in real.headers}
    sizes += [f"{name} {lengths[name]:,}" for name in ("Ce-Annotations", "Ce-Metadata") if name in lengths]
    yield ""
    yield f"  {style.paint(_half(real) + ' event', 'bold')}  {', '.join(sizes)}"
    for note in header_size_note([real]):
        yield from row("note", note, style, "yellow")
    shown = redaction.event(real)
    known = frozenset(earlier.headers if earlier else ())
    if earlier is None:
        yield f"    POST {printable(shown.target)} HTTP/1.1"
    else:
        yield f"    {style.paint(f'The other headers are those of the {_half(earlier)} event.', 'dim')}"
    for (name, value), header in zip(shown.headers, real.headers, strict=True):
        if header not in known:
            yield f"    {style.paint(printable(name) + ':', 'cyan')} {printable(value)}".rstrip()
    for name in _missing(earlier, real):
        yield f"    {style.paint(printable(name) + ':', 'cyan')} (not in this event)"
    yield from _body(shown.body)


def header_size_note(events: Iterable[CloudEvent]) -> Iterator[str]:
    """Yield a note if an event has a header that many receivers reject."""
    sizes = [len(to_bytes(value)) for event in events for _, value in event.headers]
    if max(sizes, default=0) > COMMON_HEADER_LIMIT:
        yield f"many receivers reject a header above {COMMON_HEADER_LIMIT:,} bytes"


def _half(event: CloudEvent) -> str:
    return event.type.rpartition(".")[2]


def _missing(earlier: CloudEvent | None, event: CloudEvent) -> list[str]:
    """List the headers of the earlier event that this one does not have."""
    names = {name for name, _ in event.headers}
    return [name for name, _ in earlier.headers if name not in names] if earlier else []


def upload_lines(real: Upload, redaction: ExchangeRedaction, style: Style) -> Iterator[str]:
    """Yield the lines for one stored object: its size, where it is stored, and its text."""
    shown, size = redaction.upload(real), len(to_bytes(real.data))
    yield ""
    if real.marshaller:
        yield f"  {style.paint('object', 'bold')}  the marshaller's answer to {size:,} bytes of JSON"
        yield f"    posted  {printable(shown.marshaller)}"
    else:
        yield f"  {style.paint('object', 'bold')}  {size:,} bytes, {real.format}"
    yield f"    bucket  {printable(shown.bucket)}"
    yield f"    key     {printable(shown.key)}"
    if real.format == "parquet":
        yield "    rows, here as CSV (the bytes of a Parquet file depend on its writer):"
    yield from _body(to_bytes(shown.data))


def _body(body: bytes) -> Iterator[str]:
    if not body:
        return
    yield ""
    try:
        shown = body.decode()
    except UnicodeDecodeError:
        yield f"    <{len(body):,} bytes that are not text>"
        return
    for line in shown[:MAX_BODY_CHARACTERS].split("\n"):
        yield f"    {printable(line)}".rstrip()
    if len(shown) > MAX_BODY_CHARACTERS:
        yield f"    … {len(shown) - MAX_BODY_CHARACTERS:,} more characters"
