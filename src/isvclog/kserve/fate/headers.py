"""What becomes of each listed request header, in one exchange and in any."""

from collections.abc import Iterator, Mapping

from isvclog.kserve import constants as c
from isvclog.kserve.fate.trace import Fate, Trace, pruned, unheard
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
    """The names that the agent makes of the list, whatever else keeps it from starting; None where the list does."""
    text = prediction.argument("--metadata-headers")
    if text is None:
        return ()
    if not prediction.installation.release.has("several-metadata-headers"):
        return (text,)
    try:
        return tuple(read_slice(text))
    except CsvError:
        return None


def header_traces(
    prediction: Prediction, metadata: Mapping[str, tuple[str, ...]] | None, *, delivered: bool = True
) -> Iterator[Trace]:
    """The fate of every listed header in the exchange whose first event carries `metadata`."""
    yield from pruned(prediction, "metadataHeaders")
    yield from unheard(prediction, c.METADATA_HEADERS)
    settings = prediction.settings
    if settings is None:
        listed = (prediction.logger.metadata_headers if prediction.logger else None) or ()
        yield from (Trace(name, Fate.LOST, "no logger runs") for name in listed)
        return
    for name in settings.metadata_headers or ():
        trace = _header(name, metadata, prediction, delivered)
        if trace.value is not None and not delivered:
            trace = Trace(name, Fate.LOST, "the event is never sent")
        yield trace


def _header(
    name: str, metadata: Mapping[str, tuple[str, ...]] | None, prediction: Prediction, delivered: bool
) -> Trace:
    canonical = canonical_header(name.strip())
    release = prediction.installation.release
    if canonical in UNOBSERVABLE:
        return Trace(name, Fate.LOST, f"never matches: {UNOBSERVABLE[canonical]}")
    if not valid_header_name(name):
        problem = "the list is one name to KServe 0.14" if "," in name else "no header can have this name"
        return Trace(name, Fate.LOST, f"never matches: {problem}")
    if name != canonical:
        why = f"never matches: the agent compares letter by letter, and Go writes {canonical!r}"
        return Trace(name, Fate.LOST, why)
    if metadata is None:
        why = (
            f"response events of KServe {release} have no metadata; 0.16.0 mends it"
            if delivered
            else "no event is sent"
        )
        return Trace(name, Fate.LOST, why)
    if name in metadata:
        half = "" if release.has("response-metadata") else "on the request event only; 0.16.0 mends it"
        return Trace(name, Fate.CARRIED, half, ", ".join(metadata[name]))
    behind = prediction.component.name == c.PREDICTOR and c.TRANSFORMER in prediction.service.components
    if behind and name not in FORWARDED_BY_PYTHON:
        return Trace(name, Fate.MISSING, "a KServe transformer does not pass it on to the predictor")
    why = "this request has none; the event carries it where a client sends it"
    return Trace(name, Fate.MISSING, why, possible=True)
