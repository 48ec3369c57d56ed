"""What becomes of each listed annotation and header between the manifest and the event, and why.

Nothing is parsed again here: a fate is the difference between what the author listed and what the prediction holds.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from isvclog.kserve import constants as c
from isvclog.kserve.agent import Cause
from isvclog.kserve.controller import Pod
from isvclog.kserve.environment import SECRETS
from isvclog.kserve.golang.http import canonical_header, valid_header_name
from isvclog.kserve.kubelet import expand
from isvclog.kserve.pairs import Item, Reading, read
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.releases import since
from isvclog.kserve.webhook import logged_pairs


class Fate(Enum):
    """In the words the text output shows."""

    CARRIED = "carried"
    OVERRIDDEN = "overridden"
    ALTERED = "altered"
    INJECTED = "injected"
    FILTERED = "filtered"
    MISSING = "missing"
    LOST = "lost"


class Trace(NamedTuple):
    """One listed name. `value` is what the event carries or None; `sources` are (where, value) in merge order."""

    name: str
    fate: Fate
    why: str = ""
    value: str | None = None
    sources: tuple[tuple[str, str], ...] = ()
    possible: bool = False
    """Whether a header is only missing because this request has none."""


# Go's server takes these out of the header map.
_UNOBSERVABLE = {
    "Host": "Go keeps it outside the headers",
    "Transfer-Encoding": "Go takes it out of the headers",
    "Trailer": "Go takes it out of the headers",
}
# python/kserve/kserve/model.py: what a KServe transformer or explainer passes on.
FORWARDED_BY_PYTHON = ("X-Request-Id", "X-B3-Traceid", "Authorization")


def annotation_traces(prediction: Prediction, *, delivered: bool = True) -> Iterator[Trace]:
    """The fate of every listed annotation in list order, then of keys that nobody listed.

    `delivered` says whether the events of the exchange in question leave the pod at all.
    """
    yield from _pruned(prediction, "metadataAnnotations")
    yield from _unheard(prediction, c.METADATA_ANNOTATIONS)
    pod = prediction.pod
    if pod is None:
        listed = (prediction.logger.metadata_annotations if prediction.logger else None) or ()
        yield from (Trace(name, Fate.LOST, "no logger runs") for name in listed)
        return
    entries = pod.annotations.get(c.METADATA_ANNOTATIONS)
    reading = read(logged_pairs(pod.annotations), prediction.environment)
    for key in entries.split(",") if entries else ():
        trace = _annotation(key, prediction, pod, reading)
        if trace.value is not None and not delivered:
            trace = Trace(key, Fate.LOST, "the event is never sent", sources=trace.sources)
        yield trace
    settings = prediction.settings
    expected = {key for key, _ in logged_pairs(pod.annotations)}
    for key, value in settings.annotations.items() if settings and delivered else ():
        if key not in expected:
            yield Trace(key, Fate.INJECTED, f"a comma in {_owner(key, reading, pod)!r} makes it", value)


def _pruned(prediction: Prediction, field: str) -> Iterator[Trace]:
    names = prediction.logger.pruned.get(field) if prediction.logger else None
    for name in names if isinstance(names, list) else ():
        why = f"KServe {prediction.installation.release} has no {field}, which came with {since(field)}"
        yield Trace(str(name), Fate.LOST, why)


def _unheard(prediction: Prediction, internal: str) -> Iterator[Trace]:
    """Names of the logger's list that an annotation with KServe's own key overrides."""
    logger, pod = prediction.logger, prediction.pod
    if logger is None or pod is None:
        return
    names = logger.metadata_annotations if internal == c.METADATA_ANNOTATIONS else logger.metadata_headers
    heard = pod.annotations.get(internal, "").split(",")
    for name in names or ():
        if name not in heard and name != ",".join(heard) and any(part not in heard for part in name.split(",")):
            yield Trace(name, Fate.LOST, f"the annotation {internal} overrides the list")


def _annotation(key: str, prediction: Prediction, pod: Pod, reading: Reading) -> Trace:
    sources = tuple((layer.source, layer.annotations[key]) for layer in pod.layers if key in layer.annotations)
    if key not in pod.annotations:
        removed = [layer.removed[key] for layer in pod.layers if key in layer.removed]
        if removed:
            return Trace(key, Fate.FILTERED, removed[-1])
        return Trace(key, Fate.MISSING, _missing(key, pod))
    if prediction.settings is None:
        return Trace(key, Fate.LOST, "no logger runs", sources=sources)
    written = pod.annotations[key]
    value = prediction.settings.annotations.get(key)
    if value is None:
        return Trace(key, Fate.LOST, _loss(key, reading, pod), sources=sources)
    if value != written:
        return Trace(key, Fate.ALTERED, _alteration(key, written, prediction, reading, pod), value, sources)
    if len({text for _, text in sources}) > 1:
        why = f"{sources[-1][0]} wins over {sources[-2][0]}"
        return Trace(key, Fate.OVERRIDDEN, why, value, sources)
    return Trace(key, Fate.CARRIED, "", value, sources)


def _missing(key: str, pod: Pod) -> str:
    if not key:
        return "an empty name never matches"
    near = [name for name in pod.annotations if name.casefold() == key.strip().casefold()]
    if not near:
        from difflib import get_close_matches

        near = get_close_matches(key, [name for name in pod.annotations if not name.startswith(c.INTERNAL)], n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"the pod has no such annotation{hint}"


def _last(key: str, reading: Reading) -> Item | None:
    """The item that decides, since later ones win."""
    return next((item for item in reversed(reading.items) if item.key == key), None)


def _owner(key: str, reading: Reading, pod: Pod) -> str:
    item = _last(key, reading)
    return logged_pairs(pod.annotations)[item.pair][0] if item else ""


def _alteration(key: str, written: str, prediction: Prediction, reading: Reading, pod: Pod) -> str:
    owner = _owner(key, reading, pod)
    if owner != key:
        return f"a comma in {owner!r} overrides it"
    expanded = expand(written, prediction.environment)
    item = _last(key, reading)
    if item is not None and item.value == expanded:
        return _expansion(written)
    if item is not None and reading.items[-1] == item and reading.last == item.pair:
        return "the agent reads only up to the first line break"
    if written.endswith("\r"):
        return "the agent drops the carriage return at the end of its list"
    return "the agent splits the list at commas"


def _expansion(written: str) -> str:
    secrets = [name for name in SECRETS if f"$({name})" in written]
    if secrets:
        return f"the kubelet puts the secret {secrets[0]} in its place, and it leaves the cluster with every event"
    return "the kubelet expands $(NAME) and $$ in arguments, and damages a non-ASCII character behind a $"


def _loss(key: str, reading: Reading, pod: Pod) -> str:
    """Why a key of the pod is not in the agent's memory."""
    pairs = logged_pairs(pod.annotations)
    own = max(index for index, (name, _) in enumerate(pairs) if name == key)
    if reading.last < own:
        return f"the agent reads only up to the line break in {pairs[reading.last][0]!r}"
    around = [item.pair for item in reading.items if item.pair <= own]
    return f"it lies inside a quoted part of {pairs[around[-1]][0]!r}" if around else "the agent does not read it"


def culprit(prediction: Prediction) -> str:
    """The annotation that keeps the agent from starting, or the empty string where it is something else."""
    startup, pod = prediction.startup, prediction.pod
    if startup is None or pod is None or startup.runs:
        return ""
    pairs = logged_pairs(pod.annotations)
    in_list = startup.flag == "metadata-annotations"
    if startup.cause is Cause.PAIR or (startup.cause is Cause.FLAG and in_list):
        reading = read(pairs, prediction.environment)
        if reading.broken is not None:
            return pairs[reading.broken][0]
        return next((pairs[item.pair][0] for item in reading.items if item.value is None), "")
    if startup.cause is Cause.TOO_LONG and in_list:
        return max(pairs, key=lambda pair: len(pair[1]))[0]
    if startup.cause is Cause.NUL and in_list:
        return next((name for name, value in pairs if "\0" in value), "")
    return ""


def header_traces(
    prediction: Prediction, metadata: Mapping[str, tuple[str, ...]] | None, *, delivered: bool = True
) -> Iterator[Trace]:
    """The fate of every listed header in the exchange whose first event carries `metadata`."""
    yield from _pruned(prediction, "metadataHeaders")
    yield from _unheard(prediction, c.METADATA_HEADERS)
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
    if canonical in _UNOBSERVABLE:
        return Trace(name, Fate.LOST, f"never matches: {_UNOBSERVABLE[canonical]}")
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
