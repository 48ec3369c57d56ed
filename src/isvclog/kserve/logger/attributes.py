"""The attributes of an agent's CloudEvents by release, as a consumer has to expect them.

Source: pkg/logger/worker.go, as in `events`, which builds them; a test compares both for every release.
"""

from enum import Enum

from isvclog.kserve.apis.releases import Release
from isvclog.records import NamedTuple


class AttributeType(Enum):
    """The type of an attribute in CloudEvents; JSON_TEXT is a string that contains a JSON object."""

    STRING = "string"
    URI_REFERENCE = "uri-reference"
    TIMESTAMP = "timestamp"
    JSON_TEXT = "string with JSON"


class EventAttribute(NamedTuple):
    """One attribute. `is_required` is True if every event of the release has it with a value that is not empty."""

    name: str
    type: AttributeType
    is_required: bool
    sentence: str


_TEXT, _TIME, _JSON = AttributeType.STRING, AttributeType.TIMESTAMP, AttributeType.JSON_TEXT
_ATTRIBUTES = (
    EventAttribute("specversion", _TEXT, True, "The version of CloudEvents, always 1.0."),
    EventAttribute(
        "id",
        _TEXT,
        True,
        "The request's Ce-Id, or a random UUID. The events of a request and of its response share it: count an event "
        "once by id and type.",
    ),
    EventAttribute(
        "source", AttributeType.URI_REFERENCE, True, "The agent's own address, which is the same in every pod."
    ),
    EventAttribute("type", _TEXT, True, "Tells requests from responses."),
    EventAttribute("time", _TIME, True, ""),
    EventAttribute("inferenceservicename", _TEXT, True, "The name of the InferenceService."),
    EventAttribute("namespace", _TEXT, True, "The namespace of the InferenceService."),
    EventAttribute("component", _TEXT, True, "predictor, transformer or explainer."),
    EventAttribute("endpoint", _TEXT, False, "The label `endpoint` of the pod; empty without one."),
    EventAttribute("recordedtime", _TIME, True, "When the agent built the event."),
    EventAttribute("metadata", _JSON, True, "The listed request headers, as a JSON object of lists of values."),
    EventAttribute("annotations", _JSON, False, "The listed annotations, as a JSON object; absent if there are none."),
    EventAttribute("statuscode", _TEXT, False, "The status of a response, with `logAllResponses`."),
    EventAttribute("datacontenttype", _TEXT, False, ""),
)
_ALWAYS = frozenset(
    "specversion id source type time inferenceservicename namespace component endpoint datacontenttype".split()
)


def event_attributes(release: Release) -> tuple[EventAttribute, ...]:
    """List the attributes that events of a release can have, without the payload."""
    known = (item for item in _ATTRIBUTES if item.name in _ALWAYS or release.has(item.name))
    sentences = {"time": _time_sentence(release), "datacontenttype": _content_type_sentence(release)}
    return tuple(item._replace(sentence=sentences.get(item.name, item.sentence)) for item in known)


def _time_sentence(release: Release) -> str:
    if release.has("event-occurrence-time"):
        return "When the request arrived, or the response was complete."
    return "When the event was sent."


def _content_type_sentence(release: Release) -> str:
    if release.has("request-content-type-on-response"):
        return "The content type of the request, also on the event of its response; absent if it has none."
    return "The content type of the request or the response; absent if it has none."
