"""Whether anything can ever arrive at a component's log URL, judged alone: another mistake must not hide this one.

The verdict is what the agent at start-up, its dispatcher and its HTTP client make of the URL, in that order.
"""

from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from isvclog.kserve import blob
from isvclog.kserve.environment import CREDENTIALS
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.url import URL
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.releases import Release
from isvclog.kserve.sending import Undeliverable, dial, sink_kind, sink_target

HTTP_SCHEMES = ("http", "https")
BLOB_SCHEMES = ("s3", "gs", "abfs")
# What other programs call the same storage, by KServe's name for it.
OTHER_BLOB_SCHEMES = {
    **dict.fromkeys(("s3a", "s3n"), "s3"),
    **dict.fromkeys(("gcs", "gcp"), "gs"),
    **dict.fromkeys(("abfss", "wasb", "wasbs", "azure", "az", "adl"), "abfs"),
}
# They are no matter of the URL.
_CREDENTIALS = dict.fromkeys(CREDENTIALS, "")


class SinkProblem(Enum):
    """Why nothing ever arrives."""

    EMPTY = "no logger runs"
    UNPARSABLE = "the agent exits"
    SCHEME = "nothing can be sent with this scheme, or there is none"
    UNREACHABLE = "no request can be made of it"
    BLOB_SCHEME = "it means object storage that KServe calls something else"
    NO_STORE = "it is object storage, and the agent has no store"
    NO_BUCKET = "it is object storage without a bucket"


class Sink(NamedTuple):
    """`text` is the URL as the agent gets it, `kind` what the dispatcher takes it for: see `blob.strategy`.

    `url` is empty where it cannot be parsed. `detail` are Go's words about the flaw, which may hold parts of the URL.
    `exits` says that the agent does not start. `stores` says whether a folder for records is set.
    """

    text: str
    url: URL = URL()
    kind: str = blob.CLOUDEVENTS
    stores: bool = False
    problem: SinkProblem | None = None
    detail: str = ""
    exits: bool = False

    @property
    def schemeless(self) -> bool:
        """Whether a host was written without a scheme: Go takes the host in `sink:8080` for one."""
        return "://" not in self.text and self.url.scheme not in (*HTTP_SCHEMES, *BLOB_SCHEMES)

    @property
    def needs_storage(self) -> bool:
        """Whether nothing is wrong with the URL itself, and only its store is missing."""
        return self.problem is SinkProblem.NO_STORE and bool(blob.bucket_of(self.url))

    @property
    def may_hold_secret(self) -> bool:
        """Whether the URL has parts that people hide secrets in. A user name alone is the container of `abfs://`."""
        user = self.url.user
        container = self.kind != blob.CLOUDEVENTS or self.url.scheme in OTHER_BLOB_SCHEMES
        named = user is not None and (user.password is not None or not container)
        return named or (user is None and "@" in self.text) or bool(self.url.raw_query or self.url.fragment)


def sink_of(prediction: Prediction) -> Sink | None:
    """Where a component's log goes; None without an agent, or where a variable of the cluster decides it."""
    text = prediction.argument("--log-url")
    return None if text is None else check_url(text, prediction)


def check_url(text: str, prediction: Prediction) -> Sink:
    """What would become of another `--log-url` in a component."""
    return _check(text, bool(prediction.argument("--log-store-path")), prediction.installation.release)


@lru_cache(maxsize=1024)
def _check(text: str, stores: bool, release: Release) -> Sink:
    sink = Sink(text, stores=stores)
    if not text:
        return sink._replace(problem=SinkProblem.EMPTY)
    try:
        url = gourl.parse(text)
    except gourl.UrlError as error:
        return sink._replace(problem=SinkProblem.UNPARSABLE, detail=str(error), exits=True)
    sink = sink._replace(url=url, kind=sink_kind(url, release))
    if not release.has("blob-storage"):
        return _events(sink)
    try:
        store = blob.open_store(text, url, "x" if stores else "", "json", _CREDENTIALS, release)
    except blob.StoreError:
        return _misnamed(sink)._replace(exits=True)
    if sink.kind == blob.CLOUDEVENTS:
        return _misnamed(sink) if url.scheme in OTHER_BLOB_SCHEMES else _events(sink)
    if store is None:
        opened = url.scheme in BLOB_SCHEMES and blob.sink_strategy(text) != blob.CLOUDEVENTS
        return sink._replace(problem=SinkProblem.NO_STORE) if opened else _misnamed(sink)
    return sink if blob.bucket_of(url) else sink._replace(problem=SinkProblem.NO_BUCKET)


def _misnamed(sink: Sink) -> Sink:
    return sink._replace(problem=SinkProblem.SCHEME if sink.schemeless else SinkProblem.BLOB_SCHEME)


def _events(sink: Sink) -> Sink:
    try:
        dial(sink.url if gourl.is_plain(sink.text) else sink_target(sink.url), {})
    except Undeliverable as error:
        known = sink.url.scheme in HTTP_SCHEMES
        return sink._replace(problem=SinkProblem.UNREACHABLE if known else SinkProblem.SCHEME, detail=str(error))
    return sink
