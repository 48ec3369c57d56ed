"""A check of whether anything can ever arrive at a component's log URL.

Only the URL is checked, so that another mistake does not hide a problem with it. The result is the one of the agent at
start-up, of its dispatcher and of its HTTP client, in that order.
"""

from enum import Enum
from functools import lru_cache

from isvclog.kserve.agent.store import BLOB_SCHEMES, CLOUDEVENTS, Store, StoreError, open_store, sink_strategy
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang import url as gourl
from isvclog.kserve.golang.url import URL
from isvclog.kserve.logger.records import bucket_of
from isvclog.kserve.logger.sender import Undeliverable, dial, sink_kind, sink_target
from isvclog.kserve.logger.tls import distrust
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.webhook.environment import CREDENTIALS
from isvclog.records import NamedTuple

HTTP_SCHEMES = ("http", "https")
# What other programs call the same storage, by KServe's name for it.
OTHER_BLOB_SCHEMES = {
    **dict.fromkeys(("s3a", "s3n"), "s3"),
    **dict.fromkeys(("gcs", "gcp"), "gs"),
    **dict.fromkeys(("abfss", "wasb", "wasbs", "azure", "az", "adl"), "abfs"),
}
# All of them, because only the URL is checked.
_CREDENTIALS = dict.fromkeys(CREDENTIALS, "")


class SinkProblem(Enum):
    """One reason why nothing ever arrives at a sink."""

    EMPTY = "the URL is empty, so no logger runs"
    UNPARSABLE = "the URL cannot be parsed, so the agent exits"
    SCHEME = "the URL has no scheme, or one that the agent cannot send with"
    UNREACHABLE = "the agent's HTTP client rejects the URL"
    UNTRUSTED = "no public authority signs a certificate for this host, and the agent trusts no other authority"
    BLOB_SCHEME = "the URL names object storage by a scheme that KServe does not know"
    NO_STORE = "the URL names object storage, but no storage is set for it"
    NO_BUCKET = "the URL names object storage without a bucket"


class Sink(NamedTuple):
    """A log URL, and the result of checking it.

    `text` is the URL as the agent gets it, `kind` the sink that the dispatcher chooses for it. `url` is empty if it
    cannot be parsed. `detail` is Go's message about the problem, which may contain parts of the URL. `exits` is True if
    the agent does not start. `stores` is True if a folder for records is set.
    """

    text: str
    url: URL = URL()
    kind: str = CLOUDEVENTS
    stores: bool = False
    problem: SinkProblem | None = None
    detail: str = ""
    exits: bool = False

    @property
    def schemeless(self) -> bool:
        """True if a host was written without a scheme: Go takes the host in `sink:8080` for the scheme."""
        return "://" not in self.text and self.url.scheme not in (*HTTP_SCHEMES, *BLOB_SCHEMES)

    @property
    def needs_storage(self) -> bool:
        """True if the URL itself is correct, and only its store is missing."""
        return self.problem is SinkProblem.NO_STORE and bool(bucket_of(self.url))

    @property
    def may_hold_secret(self) -> bool:
        """True if the URL has parts that may contain a secret. A user name alone is the container of `abfs://`."""
        user = self.url.user
        if self.url.raw_query or self.url.fragment:
            return True
        if user is None:
            return "@" in self.text
        is_container = self.kind != CLOUDEVENTS or self.url.scheme in OTHER_BLOB_SCHEMES
        return user.password is not None or not is_container


def sink_of(prediction: Prediction) -> Sink | None:
    """Check the log URL of a component; None without an agent, or if a variable of the cluster decides the URL."""
    text = prediction.argument("--log-url")
    return None if text is None else check_url(text, prediction)


def check_url(text: str, prediction: Prediction) -> Sink:
    """Check another `--log-url` for a component."""
    sink = _check(text, bool(prediction.argument("--log-store-path")), prediction.installation.release)
    if sink.url.scheme != "https" or sink.problem or sink.kind != CLOUDEVENTS:
        return sink
    bundle = prediction.injection.ca_bundle if prediction.injection else ""
    message = distrust(sink.url, prediction.service.namespace, bundle, prediction.installation.release)
    return sink._replace(problem=SinkProblem.UNTRUSTED, detail=message) if message else sink


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
        return _check_request(sink, release)
    try:
        store = open_store(text, url, "x" if stores else "", "json", _CREDENTIALS, release)
    except StoreError:
        return _unknown_scheme(sink)._replace(exits=True)
    if sink.kind != CLOUDEVENTS:
        return _check_storage(sink, store)
    return _unknown_scheme(sink) if url.scheme in OTHER_BLOB_SCHEMES else _check_request(sink, release)


def _unknown_scheme(sink: Sink) -> Sink:
    return sink._replace(problem=SinkProblem.SCHEME if sink.schemeless else SinkProblem.BLOB_SCHEME)


def _check_storage(sink: Sink, store: Store | None) -> Sink:
    """Check a URL that the dispatcher takes for object storage, and for which the agent opened `store` or none."""
    if store is None:
        would_open = sink.url.scheme in BLOB_SCHEMES and sink_strategy(sink.text) != CLOUDEVENTS
        return sink._replace(problem=SinkProblem.NO_STORE) if would_open else _unknown_scheme(sink)
    return sink if bucket_of(sink.url) else sink._replace(problem=SinkProblem.NO_BUCKET)


def _check_request(sink: Sink, release: Release) -> Sink:
    """Check a URL to which the agent sends HTTP requests."""
    try:
        dial(sink.url if gourl.is_plain(sink.text) else sink_target(sink.url), {}, release)
    except Undeliverable as error:
        problem = SinkProblem.UNREACHABLE if sink.url.scheme in HTTP_SCHEMES else SinkProblem.SCHEME
        return sink._replace(problem=problem, detail=str(error))
    return sink
