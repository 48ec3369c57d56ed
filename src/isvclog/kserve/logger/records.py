"""Records in blob storage: how they are batched, and the object that each batch becomes.

Source: pkg/logger/{store,types,marshaller_*,batch_*}.go. A Parquet object's bytes depend on the writer; its rows are
those of CSV.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from typing import Any

from isvclog.kserve.agent.settings import DEFAULT_MARSHALLER_URL
from isvclog.kserve.agent.store import S3, Store
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang import csv as gocsv
from isvclog.kserve.golang import json as gojson
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.httpclient import outgoing
from isvclog.kserve.golang.net import check_address
from isvclog.kserve.golang.paths import clean, join
from isvclog.kserve.golang.url import URL, Userinfo
from isvclog.records import NamedTuple

COLUMNS = tuple(
    "url bytes contentType reqType id sourceUri inferenceService namespace component endpoint metadata annotations "
    "certName tlsSkipVerify".split()
)
# The Go field names, which 0.16 wrote as they are: `Url`, `ContentType`.
_GO_NAMES = tuple(name[0].upper() + name[1:] for name in COLUMNS)


class Unstorable(Exception):
    """The agent drops the batch; the message is the one in its log."""


class Record(NamedTuple):
    """One log request that will be stored in an object. `occurred` is RFC 3339, as Go prints it."""

    url: URL
    body: bytes
    content_type: str
    type: str
    id: str
    source: URL
    service: str
    namespace: str
    component: str
    endpoint: str
    metadata: Mapping[str, Sequence[str]] | None
    annotations: Mapping[str, str] | None
    cert_file: str
    tls_skip_verify: bool
    occurred: str


class Upload(NamedTuple):
    """One object in the storage.

    `data` is its text; for Parquet it has the same rows as CSV. With a custom `marshaller`, `data` is posted to it, and
    its answer becomes the object.
    """

    provider: str
    bucket: str
    key: str
    format: str
    data: str
    marshaller: str = ""


def batches(records: Sequence[Record], size: int, interval_ns: int) -> tuple[list[Sequence[Record]], Sequence[Record]]:
    """Split records into the batches that are uploaded and the records that wait in memory for more.

    `size` counts records. With an interval (`interval_ns` in nanoseconds), an incomplete batch is uploaded as well.
    Records that wait are lost when the pod stops.
    """
    if size <= 1:
        return [[record] for record in records], []
    full = [records[start : start + size] for start in range(0, len(records) - size + 1, size)]
    rest = records[len(full) * size :]
    return ([*full, rest], []) if rest and interval_ns > 0 else (full, rest)


def check_marshaller(url: str) -> None:
    """Raise Unstorable if records cannot be posted to this marshaller, so that every batch is dropped."""
    try:
        check_address(outgoing(gourl.parse(url), {}).address)
    except GoError as error:
        raise Unstorable(f"the marshaller cannot be reached: {error}") from None


def bucket_of(url: URL) -> str:
    """Return the bucket or container that a URL names, or an empty string.

    A user name before an `@` takes precedence over the host.
    """
    return url.user.username if url.user is not None else url.host


def build_upload(
    store: Store, records: Sequence[Record], release: Release, marshaller: str = DEFAULT_MARSHALLER_URL
) -> Upload:
    """Build the object of one batch, named after its first record; raise Unstorable if the batch is dropped.

    Up to 0.20.0 the library for S3 cleans the path of each request, with a bucket in the host name: `..` in an id or in
    the URL then leads out of the prefix. A custom marshaller gets a JSON array, and its answer becomes the object,
    whatever the store's format. The object's extension is then `json` unless the answer says otherwise.
    """
    if not records:
        raise Unstorable("empty batch")
    first = records[0]
    bucket = bucket_of(first.url)
    if not bucket:
        raise Unstorable("no bucket specified in url")
    _, dot, kind = first.type.rpartition(".")
    if not dot:
        raise Unstorable(f"invalid request type: {first.type}")
    own = marshaller != DEFAULT_MARSHALLER_URL
    key = _key(store, first, f"{kind}.{'json' if own else store.format}", release)
    if release.has("camel-case-records"):
        # Since then a marshaller gets the records, over HTTP even inside the agent.
        records = [_carried(record) for record in records]
    if own:
        data = gojson.marshal([_fields(record, release) for record in records])
        return Upload(store.provider, bucket, key, "json", data, marshaller)
    data = _json(records, release) if store.format == "json" else _csv(records)
    return Upload(store.provider, bucket, key, store.format, data)


def _key(store: Store, record: Record, ending: str, release: Release) -> str:
    prefix = join(record.url.path.removeprefix("/"), record.namespace, record.service, record.component, store.path)
    key = f"{prefix}/{record.id}-{ending}"
    cleaned = store.provider == S3 and not release.has("keys-as-written")
    return clean(f"/{key}").removeprefix("/") if cleaned else key


def _json(records: Sequence[Record], release: Release) -> str:
    objects = [_fields(record, release) for record in records]
    return gojson.marshal(objects[0] if len(objects) == 1 else objects)


def _fields(record: Record, release: Release) -> gojson.Struct:
    values: tuple[gojson.Value, ...] = (
        record.url.json_fields(),
        base64.b64encode(record.body).decode("ascii"),
        record.content_type,
        record.type,
        record.id,
        record.source.json_fields(),
        record.service,
        record.namespace,
        record.component,
        record.endpoint,
        None if record.metadata is None else {name: list(values) for name, values in record.metadata.items()},
        None if record.annotations is None else dict(record.annotations),
        record.cert_file,
        record.tls_skip_verify,
    )
    if not release.has("camel-case-records"):
        return gojson.Struct(zip(_GO_NAMES, values, strict=True))
    fields = gojson.Struct(
        (name, value) for name, value in zip(COLUMNS, values, strict=True) if value or name == "bytes"
    )
    if release.has("record-occurrence-time"):
        fields["occurrenceTime"] = record.occurred
    return fields


def object_bytes(file_format: str, records: float, written: float) -> float | None:
    """Return the bytes of an object with so many records, a mean, that have `written` bytes; None if nobody knows.

    A JSON object with several records is a list of them, and CSV begins with a line of names.
    """
    if file_format == "json":
        return written + records + 1 if records > 1 else written
    return written + len(",".join(COLUMNS)) + 1 if file_format == "csv" else None


def _csv(records: Sequence[Record]) -> str:
    return gocsv.write_records([list(COLUMNS), *(_row(record) for record in records)])


def _row(record: Record) -> list[str]:
    return [
        record.url.string(),
        base64.b64encode(record.body).decode("ascii"),
        record.content_type,
        record.type,
        record.id,
        record.source.string(),
        record.service,
        record.namespace,
        record.component,
        record.endpoint,
        gojson.marshal({name: list(values) for name, values in record.metadata.items()}) if record.metadata else "",
        gojson.marshal(dict(record.annotations)) if record.annotations else "",
        record.cert_file,
        "true" if record.tls_skip_verify else "false",
    ]


def _carried(value: Any) -> Any:
    """Convert a record, or a part of one, to what remains of it after it was sent to the marshaller as JSON.

    Every byte that is not UTF-8 becomes U+FFFD, and a URL loses its user: `abfs://@host/`.
    """
    if isinstance(value, Userinfo):
        return Userinfo("")
    if isinstance(value, Record | URL):
        return type(value)(*map(_carried, value))
    if isinstance(value, Mapping):
        return {name: _carried(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_carried(item) for item in value]
    return re.sub("[\udc80-\udcff]", "\ufffd", value) if isinstance(value, str) else value
