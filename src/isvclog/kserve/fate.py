"""What becomes of each listed annotation and header between the manifest and the event, and why.

Nothing is parsed again here: a fate is the difference between what the author listed and what the prediction holds.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from isvclog.kserve import constants as c
from isvclog.kserve.agent import start
from isvclog.kserve.controller import Pod
from isvclog.kserve.golang.csv import CsvError, read_record
from isvclog.kserve.golang.http import canonical_header
from isvclog.kserve.kubelet import expand
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


def annotation_traces(prediction: Prediction) -> Iterator[Trace]:
    """The fate of every listed annotation in list order, then of keys that nobody listed."""
    pod, logger = prediction.pod, prediction.logger
    yield from _pruned(prediction, "metadataAnnotations")
    listed = (logger.metadata_annotations if logger else None) or ()
    if pod is None:
        yield from (Trace(name, Fate.LOST, prediction.reason) for name in listed)
        return
    for entry in listed:
        for key in entry.split(","):
            trace = _annotation(key, prediction, pod)
            if key != entry and not trace.why:
                trace = Trace(key, trace.fate, f"KServe splits {entry!r} at its commas", trace.value, trace.sources)
            yield trace
    settings = prediction.settings
    expected = {key for key, _ in logged_pairs(pod.annotations)}
    for key in (settings.annotations if settings else {}).keys() - expected:
        why = _injector(key, prediction, pod)
        yield Trace(key, Fate.INJECTED, why, settings.annotations[key] if settings else None)


def _pruned(prediction: Prediction, field: str) -> Iterator[Trace]:
    names = prediction.logger.pruned.get(field) if prediction.logger else None
    for name in names if isinstance(names, list) else ():
        why = f"KServe {prediction.installation.release} has no {field}, which came with {since(field)}"
        yield Trace(str(name), Fate.LOST, why)


def _annotation(key: str, prediction: Prediction, pod: Pod) -> Trace:
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
        return Trace(key, Fate.LOST, _loser(key, pod), sources=sources)
    if value != written:
        return Trace(key, Fate.ALTERED, _alteration(key, written, value, prediction, pod), value, sources)
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


def _alteration(key: str, written: str, value: str, prediction: Prediction, pod: Pod) -> str:
    if expand(written, prediction.environment) != written and value == expand(written, prediction.environment):
        return "the kubelet expands $(NAME) and $$ in arguments, and a $ before a non-ASCII character damages it"
    others = [name for name, text in logged_pairs(pod.annotations) if name != key and f",{key}=" in text]
    if others:
        return f"a comma in {others[0]!r} overrides it"
    if "\n" in written:
        return "the agent reads only up to the first line break"
    return "the agent splits the list at commas"


def _loser(key: str, pod: Pod) -> str:
    """Why a key of the pod is not in the agent's memory: the annotation whose line break ends the list."""
    for name, text in logged_pairs(pod.annotations):
        if name == key:
            break
        if "\n" in text or '"' in text:
            return f"the agent reads only up to the line break in {name!r}"
    return "the agent reads it as part of another annotation"


def _injector(key: str, prediction: Prediction, pod: Pod) -> str:
    for name, text in logged_pairs(pod.annotations):
        if f",{key}=" in expand(text, prediction.environment) or f',"{key}=' in text:
            return f"a comma in {name!r} makes it"
    return "the agent's parser makes it"


def culprit(prediction: Prediction) -> str:
    """The annotation that keeps the agent from starting, or the empty string where it is something else.

    Each pair is tried alone first, then the list is grown pair by pair until the agent fails as it does with all.
    """
    startup, pod = prediction.startup, prediction.pod
    if startup is None or pod is None or startup.runs or "--metadata-annotations" not in prediction.args:
        return ""
    pairs = [f"{key}={value}" for key, value in logged_pairs(pod.annotations)]
    names = [key for key, _ in logged_pairs(pod.annotations)]
    if _exit_with(prediction, "") == (startup.exit, startup.exec_error):
        return ""
    for name, pair in zip(names, pairs, strict=True):
        if _exit_with(prediction, pair)[0] is not None:
            return name
    for count, name in enumerate(names, 1):
        if _exit_with(prediction, ",".join(pairs[:count])) == (startup.exit, startup.exec_error):
            return name
    return ""


def _exit_with(prediction: Prediction, pairs: str) -> tuple[int | None, str | None]:
    args = list(prediction.args)
    args[args.index("--metadata-annotations") + 1] = expand(pairs, prediction.environment)
    startup = start(args, prediction.environment, prediction.installation.release)
    return startup.exit, startup.exec_error


def header_traces(prediction: Prediction, metadata: Mapping[str, tuple[str, ...]] | None) -> Iterator[Trace]:
    """The fate of every listed header in the exchange whose `metadata` the request event carries."""
    logger, settings = prediction.logger, prediction.settings
    yield from _pruned(prediction, "metadataHeaders")
    for entry in (logger.metadata_headers if logger else None) or ():
        if settings is None:
            yield Trace(entry, Fate.LOST, prediction.reason or "no logger runs")
        else:
            for name in _names(entry):
                yield _header(name, settings.metadata_headers or (), metadata or {}, prediction)


def _names(entry: str) -> list[str]:
    try:
        return read_record(entry) if entry else [""]
    except CsvError:
        return [entry]


def _header(
    name: str, known: tuple[str, ...], metadata: Mapping[str, tuple[str, ...]], prediction: Prediction
) -> Trace:
    canonical = canonical_header(name.strip())
    if name not in known:
        return Trace(name, Fate.LOST, f"the agent reads the list as {', '.join(map(repr, known)) or 'nothing'}")
    if name in metadata:
        return Trace(name, Fate.CARRIED, "", ", ".join(metadata[name]))
    if canonical in _UNOBSERVABLE:
        return Trace(name, Fate.LOST, f"never matches: {_UNOBSERVABLE[canonical]}")
    if name != canonical:
        return Trace(
            name, Fate.LOST, f"never matches: the agent compares letter by letter, and Go writes {canonical!r}"
        )
    behind = prediction.component.name == c.PREDICTOR and c.TRANSFORMER in prediction.service.components
    if behind and name not in FORWARDED_BY_PYTHON:
        return Trace(name, Fate.MISSING, "this request has none, and a KServe transformer does not pass it on")
    why = "this request has none; the event carries it where a client sends it"
    return Trace(name, Fate.MISSING, why, possible=True)
