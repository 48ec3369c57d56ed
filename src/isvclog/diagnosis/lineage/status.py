"""The status of one listed name between the manifest and the event, and the words for it."""

from collections.abc import Iterable, Iterator
from enum import Enum

from isvclog.kserve.apis import constants as c
from isvclog.kserve.apis.releases import since
from isvclog.kserve.prediction import Prediction
from isvclog.records import NamedTuple


class Status(Enum):
    """The status of one listed name. The values are the words that the text output shows."""

    CARRIED = "carried"
    OVERRIDDEN = "overridden"
    ALTERED = "altered"
    INJECTED = "injected"
    FILTERED = "filtered"
    MISSING = "missing"
    LOST = "lost"
    UNKNOWN = "unknown"


class Reason(Enum):
    """The reason why a listed name has its status: one word for programs, as in the conditions of Kubernetes."""

    FIELD_PRUNED = "FieldPruned"
    LIST_OVERRIDDEN = "ListOverridden"
    NO_LOGGER = "NoLogger"
    EVENT_NOT_SENT = "EventNotSent"

    NOT_ON_POD = "NotOnPod"
    REMOVED_BY_PLATFORM = "RemovedByPlatform"
    COMPONENT_WINS = "ComponentWins"
    SPLIT_BY_COMMA = "SplitByComma"
    INJECTED_BY_COMMA = "InjectedByComma"
    OVERWRITTEN_BY_COMMA = "OverwrittenByComma"
    CUT_BY_LINE_BREAK = "CutByLineBreak"
    AFTER_LINE_BREAK = "AfterLineBreak"
    QUOTED_INTO_OTHER = "QuotedIntoOther"
    EXPANDED_BY_KUBELET = "ExpandedByKubelet"
    CARRIAGE_RETURN_DROPPED = "CarriageReturnDropped"
    NOT_READ = "NotRead"

    REMOVED_BY_GO = "RemovedByGo"
    MALFORMED_NAME = "MalformedName"
    NOT_CANONICAL = "NotCanonical"
    NO_RESPONSE_METADATA = "NoResponseMetadata"
    REQUEST_EVENT_ONLY = "RequestEventOnly"
    NOT_FORWARDED = "NotForwarded"
    NOT_IN_REQUEST = "NotInRequest"

    NOT_RENDERED = "NotRendered"


class KeyStatus(NamedTuple):
    """One listed annotation or header, and what happens to it on its way to the event.

    `reason` is None where the name is carried as written; `message` says the same for people. `caused_by` is the
    annotation whose value is the cause, empty where it is the name's own. `value` is what the event carries, or None;
    `sources` are (where, value) pairs in merge order. `possible` marks a header that is only missing because this
    request does not have it.
    """

    name: str
    status: Status
    reason: Reason | None = None
    message: str = ""
    caused_by: str = ""
    value: str | None = None
    sources: tuple[tuple[str, str], ...] = ()
    possible: bool = False

    def unsent(self) -> "KeyStatus":
        """Return the status of the same name for an event that never leaves the pod."""
        message = "the event is never sent"
        return KeyStatus(self.name, Status.LOST, Reason.EVENT_NOT_SENT, message, sources=self.sources)


def unlogged_statuses(names: Iterable[str] | None) -> Iterator[KeyStatus]:
    """Yield the names in a list of a component for which no logger runs."""
    for name in names or ():
        yield KeyStatus(name, Status.LOST, Reason.NO_LOGGER, "no logger runs")


def pruned_statuses(prediction: Prediction, field: str) -> Iterator[KeyStatus]:
    """Yield the names in a list that the release does not have. `field` is the name of the list in the manifest."""
    names = prediction.logger.pruned.get(field) if prediction.logger else None
    for name in names if isinstance(names, list) else ():
        message = f"KServe {prediction.installation.release} has no {field}; KServe {since(field)} added it"
        yield KeyStatus(str(name), Status.LOST, Reason.FIELD_PRUNED, message)


def overridden_statuses(prediction: Prediction, internal: str) -> Iterator[KeyStatus]:
    """Yield the names of the logger's list that an annotation with KServe's own key (`internal`) overrides."""
    logger, pod = prediction.logger, prediction.pod
    if logger is None or pod is None:
        return
    names = logger.metadata_annotations if internal == c.METADATA_ANNOTATIONS else logger.metadata_headers
    listed = frozenset(pod.annotations.get(internal, "").split(","))
    for name in names or ():
        if not listed.issuperset(name.split(",")):
            message = f"the annotation {internal} overrides the list"
            yield KeyStatus(name, Status.LOST, Reason.LIST_OVERRIDDEN, message)
