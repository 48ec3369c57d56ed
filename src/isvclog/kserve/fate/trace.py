"""What becomes of one listed name between the manifest and the event: the words for it."""

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from isvclog.kserve import constants as c
from isvclog.kserve.prediction import Prediction
from isvclog.kserve.releases import since


class Fate(Enum):
    """In the words the text output shows."""

    CARRIED = "carried"
    OVERRIDDEN = "overridden"
    ALTERED = "altered"
    INJECTED = "injected"
    FILTERED = "filtered"
    MISSING = "missing"
    LOST = "lost"


class Turn(Enum):
    """What brought an annotation to its fate."""

    PRUNED = "the release has no such field"
    UNHEARD = "an internal annotation overrides the list"
    ABSENT = "no source of the pod's annotations has it"
    KEPT = "KServe or Knative keeps it from the pod"
    COMPONENT = "the component's own annotation wins"
    SPLIT = "a comma in its value ends it"
    INJECTED = "a comma in another value makes it"
    OVERRULED = "a comma in another value overrides it"
    CUT = "a line break in its value ends it"
    BEHIND_CUT = "a line break in another value ends the list before it"
    SWALLOWED = "a quoted part of another value holds it"
    EXPANDED = "the kubelet expands it"
    TRIMMED = "a carriage return at its end is dropped"
    SILENT = "no logger runs, or the event is never sent"


class Trace(NamedTuple):
    """One listed name. `value` is what the event carries or None; `sources` are (where, value) in merge order."""

    name: str
    fate: Fate
    why: str = ""
    value: str | None = None
    sources: tuple[tuple[str, str], ...] = ()
    possible: bool = False
    """Whether a header is only missing because this request has none."""
    turn: Turn | None = None
    by: str = ""
    """The annotation whose value does it, where it is another one."""


def pruned(prediction: Prediction, field: str) -> Iterator[Trace]:
    """Names in a list that the release does not have."""
    names = prediction.logger.pruned.get(field) if prediction.logger else None
    for name in names if isinstance(names, list) else ():
        why = f"KServe {prediction.installation.release} has no {field}, which came with {since(field)}"
        yield Trace(str(name), Fate.LOST, why, turn=Turn.PRUNED)


def unheard(prediction: Prediction, internal: str) -> Iterator[Trace]:
    """Names of the logger's list that an annotation with KServe's own key overrides."""
    logger, pod = prediction.logger, prediction.pod
    if logger is None or pod is None:
        return
    names = logger.metadata_annotations if internal == c.METADATA_ANNOTATIONS else logger.metadata_headers
    text = pod.annotations.get(internal, "")
    heard = frozenset(text.split(","))
    for name in names or ():
        if name not in heard and name != text and any(part not in heard for part in name.split(",")):
            yield Trace(name, Fate.LOST, f"the annotation {internal} overrides the list", turn=Turn.UNHEARD)
