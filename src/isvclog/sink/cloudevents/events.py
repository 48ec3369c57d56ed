"""Events as they were received."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from isvclog.httpserver import HttpRequest
from isvclog.kserve.logger.events import REQUEST, RESPONSE
from isvclog.records import NamedTuple

Value: TypeAlias = str | int | bool
"""The value of an attribute; binary mode knows only text."""


class SinkEvent(NamedTuple):
    """A valid event.

    `mode` is binary, structured or batched. `data` is None if the event has none. `request` is what brought the event,
    `received_ns` when, in Unix nanoseconds. `notes` are sentences about what is valid or tolerated, and surprising.
    """

    mode: str
    attributes: Mapping[str, Value]
    data: bytes | None
    request: HttpRequest
    received_ns: int = 0
    notes: Sequence[str] = ()

    def text(self, name: str) -> str:
        """Return an attribute as text; empty if the event does not have it."""
        return canonical(self.attributes.get(name, ""))

    @property
    def half(self) -> str:
        """`request` or `response` for an event of KServe's logger, else empty."""
        return {REQUEST: "request", RESPONSE: "response"}.get(self.text("type"), "")

    @property
    def annotations(self) -> Mapping[str, Any]:
        """The annotations of the InferenceService that the event carries."""
        return _object(self.text("annotations"))

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The request headers that the event carries, each with its values."""
        return _object(self.text("metadata"))

    def json_data(self) -> Any:
        """Decode the data as JSON. Raises ValueError if it is something else."""
        return load_json((self.data or b"").decode())


def canonical(value: Value) -> str:
    """Convert the value of an attribute to its canonical text (CloudEvents 1.0.2, section Type System)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def load_json(text: str, **hooks: Any) -> Any:
    """Decode JSON. Raises ValueError for anything else, also for NaN and for data too deep to decode."""
    try:
        return json.loads(text, parse_constant=_no_constant, **hooks)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _object(text: str) -> Mapping[str, Any]:
    try:
        decoded = load_json(text)
    except ValueError:
        return {}
    return decoded if isinstance(decoded, dict) else {}
