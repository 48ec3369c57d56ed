"""The sections of the CloudEvents specification 1.0.2 that an invalid event breaks."""

from isvclog.records import NamedTuple

_BASE = "https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/"
_ANCHORS = {"source": "source-1"}
"""The link targets of attributes whose name is also an earlier heading of the page, as `Source` is."""


class Section(NamedTuple):
    """A section of the specification: how it is called, and where to read it."""

    title: str
    url: str


def core(name: str) -> Section:
    """Name a section of the core specification, whose sections have no numbers."""
    anchor = _ANCHORS.get(name) or name.lower().replace(" ", "-")
    return Section(f"CloudEvents 1.0.2, section {name}", f"{_BASE}spec.md#{anchor}")


def http(number: str, anchor: str) -> Section:
    """Name a section of the HTTP protocol binding."""
    return Section(
        f"CloudEvents HTTP binding 1.0.2, section {number}", f"{_BASE}bindings/http-protocol-binding.md#{anchor}"
    )


def json_format(number: str, anchor: str) -> Section:
    """Name a section of the JSON event format."""
    return Section(f"CloudEvents JSON format 1.0.2, section {number}", f"{_BASE}formats/json-format.md#{anchor}")


class InvalidEvent(Exception):
    """The reason why an event is invalid, in one sentence, and the section that says so. `status` is the answer's."""

    def __init__(self, reason: str, section: Section, status: int = 400) -> None:
        super().__init__(reason)
        self.reason, self.section, self.status = reason, section, status


CONTEXT = core("Context Attributes")
NAMING = core("Naming Conventions")
TYPES = core("Type System")
MODES = http("3", "3-http-message-mapping")
CONTENT_TYPE = http("3.1.1", "311-http-content-type")
HEADER_NAMES = http("3.1.3.1", "3131-http-header-names")
HEADER_VALUES = http("3.1.3.2", "3132-http-header-values")
FORMATS = http("1.4", "14-event-formats")
BATCH_DATA = http("3.3.2", "332-event-data-encoding")
JSON_TYPES = json_format("2.2", "22-type-system-mapping")
JSON_ENVELOPE = json_format("3", "3-envelope")
JSON_PAYLOAD = json_format("3.1.1", "311-payload-serialization")
JSON_DATA = json_format("3.1.2", "312-payload-deserialization")
JSON_BATCH = json_format("4.1", "41-mapping-cloudevents")
