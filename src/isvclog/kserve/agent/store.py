"""The sink that a log URL means, and the store that the agent opens for it at start-up. Source: pkg/logger/store.go."""

from collections.abc import Mapping

from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang.url import URL
from isvclog.records import NamedTuple

CLOUDEVENTS, S3, GCS, AZURE = "CloudEvents", "s3", "gcs", "abfs"
BLOB_SCHEMES = ("s3", "gs", "abfs")
"""The schemes of URLs for which the agent opens a store."""

_AZURE_VARIABLES = (
    ("AZURE_SERVICE_URL", "AZURE_ACCOUNT_NAME"),
    ("AZURE_STORAGE_ACCESS_KEY", "AZURE_ACCESS_TOKEN"),
)


class StoreError(ValueError):
    """The agent cannot open its store and exits.

    `what` names the reason: the `format`, the `scheme` or missing `credentials`.
    """

    def __init__(self, message: str, what: str) -> None:
        super().__init__(message)
        self.what = what


class Store(NamedTuple):
    """A store that the agent has opened.

    `format` is json, csv or parquet: the agent writes JSON for every name it does not know.
    """

    provider: str
    path: str
    format: str


def sink_strategy(url: str) -> str:
    """Choose the sink of a log URL by its first letters (store.go:46-61).

    Upper and lower case differ, and no `://` is needed: `S3://` does not mean S3, but `s3-sink:80` does.
    """
    for prefix, sink in (("http", CLOUDEVENTS), ("s3", S3), ("gs", GCS), ("abfs", AZURE)):
        if url.startswith(prefix):
            return sink
    return CLOUDEVENTS


def open_store(
    flag: str, url: URL, path: str, file_format: str, environment: Mapping[str, str], release: Release
) -> Store | None:
    """Open the store of `--log-url flag`; None if there is none (no blob URL, no path or no format).

    `flag` is the log URL as given, `url` the same URL parsed. Raises StoreError if the agent exits.
    """
    sink = sink_strategy(flag)
    if sink == CLOUDEVENTS or not path or not file_format:
        return None
    if not release.has("unknown-format-is-json") and file_format != "json":
        raise StoreError(f"unsupported format {file_format}", "format")
    if url.scheme not in BLOB_SCHEMES:
        raise StoreError(f"unsupported protocol {url.scheme}://", "scheme")
    if url.scheme == "abfs":
        # Only their presence is checked, an empty value passes.
        for alternatives in _AZURE_VARIABLES:
            if not environment.keys() & set(alternatives):
                raise StoreError(f"{' or '.join(alternatives)} is missing in the environment", "credentials")
    return Store(sink, path, written_format(file_format))


def known_formats(release: Release) -> tuple[str, ...]:
    """List the formats that a store of this release can write."""
    return ("json", "csv", "parquet") if release.has("csv-and-parquet") else ("json",)


def written_format(name: str) -> str:
    """Choose the format that the agent writes for a format name.

    Upper and lower case differ, and every unknown name means JSON.
    """
    return name if name in ("csv", "parquet") else "json"
