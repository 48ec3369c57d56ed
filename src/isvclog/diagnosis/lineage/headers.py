"""The status of each listed request header, in one exchange and in every exchange."""

from collections.abc import Iterator, Mapping, Sequence

from isvclog.diagnosis.lineage.status import (
    KeyStatus,
    Reason,
    Status,
    overridden_statuses,
    pruned_statuses,
    unlogged_statuses,
)
from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang.csv import CsvError
from isvclog.kserve.golang.flag import read_slice
from isvclog.kserve.golang.http import canonical_header, valid_header_name
from isvclog.kserve.prediction import Prediction

# Go's server takes these out of the header map.
UNOBSERVABLE = {
    "Host": "the agent's HTTP server removes it",
    "Transfer-Encoding": "the agent's HTTP server removes it",
    "Trailer": "the agent's HTTP server removes it",
}
# python/kserve/kserve/model.py: what a KServe transformer or explainer passes on.
FORWARDED_BY_PYTHON = ("X-Request-Id", "X-B3-Traceid", "Authorization")


def read_names(prediction: Prediction) -> tuple[str, ...] | None:
    """Parse the list of header names as the agent does, even if something else keeps the agent from starting.

    None if the list itself keeps it from starting.
    """
    text = prediction.argument("--metadata-headers")
    if text is None:
        return ()
    if not prediction.installation.release.has("several-metadata-headers"):
        return (text,)
    try:
        return tuple(read_slice(text))
    except CsvError:
        return None


def header_statuses(
    prediction: Prediction, metadata: Mapping[str, tuple[str, ...]] | None, *, delivered: bool = True
) -> Iterator[KeyStatus]:
    """Yield the status of every listed header in the exchange whose first event carries `metadata`.

    `metadata` is None if that event has no metadata or there is no event. `delivered` is False if the events of the
    exchange do not leave the pod.
    """
    yield from pruned_statuses(prediction, "metadataHeaders")
    yield from overridden_statuses(prediction, c.METADATA_HEADERS)
    settings = prediction.settings
    if settings is None:
        yield from unlogged_statuses(prediction.logger.metadata_headers if prediction.logger else None)
        return
    for name in settings.metadata_headers or ():
        if problem := header_problem(name):
            yield KeyStatus(name, Status.LOST, *problem)
        elif metadata is None:
            yield _unread_status(name, prediction.installation.release, delivered)
        elif name not in metadata:
            yield _absent_status(name, prediction)
        else:
            entry = _carried_status(name, metadata[name], prediction.installation.release)
            yield entry if delivered else entry.unsent()


def header_problem(name: str) -> tuple[Reason, str] | None:
    """Return the reason why a name never matches a header, and a message; None if it can match."""
    canonical = canonical_header(name.strip())
    if canonical in UNOBSERVABLE:
        return Reason.REMOVED_BY_GO, f"never matches: {UNOBSERVABLE[canonical]}"
    if not valid_header_name(name):
        problem = "KServe 0.14 reads the whole list as one name" if "," in name else "no header can have this name"
        return Reason.MALFORMED_NAME, f"never matches: {problem}"
    if name != canonical:
        return Reason.NOT_CANONICAL, f"never matches: the agent sees this header as {canonical!r}"
    return None


def _unread_status(name: str, release: Release, delivered: bool) -> KeyStatus:
    """Return the status of a header in an exchange without metadata."""
    if not delivered:
        return KeyStatus(name, Status.LOST, Reason.EVENT_NOT_SENT, "no event is sent")
    message = f"response events of KServe {release} have no metadata; 0.16.0 fixes it"
    return KeyStatus(name, Status.LOST, Reason.NO_RESPONSE_METADATA, message)


def _absent_status(name: str, prediction: Prediction) -> KeyStatus:
    """Return the status of a header that this request does not have."""
    behind_transformer = prediction.component.name == c.PREDICTOR and c.TRANSFORMER in prediction.service.components
    if behind_transformer and name not in FORWARDED_BY_PYTHON:
        message = "a KServe transformer does not pass it on to the predictor"
        return KeyStatus(name, Status.MISSING, Reason.NOT_FORWARDED, message)
    message = "this request does not have it; it arrives if a client sends it"
    return KeyStatus(name, Status.MISSING, Reason.NOT_IN_REQUEST, message, possible=True)


def _carried_status(name: str, values: Sequence[str], release: Release) -> KeyStatus:
    value = ", ".join(values)
    if release.has("response-metadata"):
        return KeyStatus(name, Status.CARRIED, value=value)
    message = "on the request event only; 0.16.0 fixes it"
    return KeyStatus(name, Status.CARRIED, Reason.REQUEST_EVENT_ONLY, message, value=value)
