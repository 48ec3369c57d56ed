"""The status of each listed request header, in one exchange and in every exchange."""

from collections.abc import Iterator, Mapping

from isvclog.diagnosis.lineage.status import KeyStatus, Reason, Status, overridden_statuses, pruned_statuses
from isvclog.kserve.apis import constants as c
from isvclog.kserve.golang.csv import CsvError
from isvclog.kserve.golang.flag import read_slice
from isvclog.kserve.golang.http import canonical_header, valid_header_name
from isvclog.kserve.prediction import Prediction

# Go's server takes these out of the header map.
UNOBSERVABLE = {
    "Host": "Go keeps it outside the headers",
    "Transfer-Encoding": "Go takes it out of the headers",
    "Trailer": "Go takes it out of the headers",
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
        listed = (prediction.logger.metadata_headers if prediction.logger else None) or ()
        yield from (KeyStatus(name, Status.LOST, Reason.NO_LOGGER, "no logger runs") for name in listed)
        return
    for name in settings.metadata_headers or ():
        entry = _header(name, metadata, prediction, delivered)
        if entry.value is not None and not delivered:
            entry = KeyStatus(name, Status.LOST, Reason.EVENT_NOT_SENT, "the event is never sent")
        yield entry


def _header(
    name: str, metadata: Mapping[str, tuple[str, ...]] | None, prediction: Prediction, delivered: bool
) -> KeyStatus:
    canonical = canonical_header(name.strip())
    release = prediction.installation.release
    if canonical in UNOBSERVABLE:
        return KeyStatus(name, Status.LOST, Reason.REMOVED_BY_GO, f"never matches: {UNOBSERVABLE[canonical]}")
    if not valid_header_name(name):
        problem = "the list is one name to KServe 0.14" if "," in name else "no header can have this name"
        return KeyStatus(name, Status.LOST, Reason.MALFORMED_NAME, f"never matches: {problem}")
    if name != canonical:
        message = f"never matches: the agent compares letter by letter, and Go writes {canonical!r}"
        return KeyStatus(name, Status.LOST, Reason.NOT_CANONICAL, message)
    if metadata is None:
        if not delivered:
            return KeyStatus(name, Status.LOST, Reason.EVENT_NOT_SENT, "no event is sent")
        message = f"response events of KServe {release} have no metadata; 0.16.0 fixes it"
        return KeyStatus(name, Status.LOST, Reason.NO_RESPONSE_METADATA, message)
    if name in metadata:
        value = ", ".join(metadata[name])
        if release.has("response-metadata"):
            return KeyStatus(name, Status.CARRIED, value=value)
        message = "on the request event only; 0.16.0 fixes it"
        return KeyStatus(name, Status.CARRIED, Reason.REQUEST_EVENT_ONLY, message, value=value)
    behind = prediction.component.name == c.PREDICTOR and c.TRANSFORMER in prediction.service.components
    if behind and name not in FORWARDED_BY_PYTHON:
        return KeyStatus(
            name, Status.MISSING, Reason.NOT_FORWARDED, "a KServe transformer does not pass it on to the predictor"
        )
    message = "this request has none; the event carries it where a client sends it"
    return KeyStatus(name, Status.MISSING, Reason.NOT_IN_REQUEST, message, possible=True)
