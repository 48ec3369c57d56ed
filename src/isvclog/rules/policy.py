"""Requirements of an installation beyond what KServe does: the project's configuration, as rules read it."""

from isvclog.records import NamedTuple
from isvclog.redact.words import Vocabulary

SINK_LIMITS = {
    "nginx": 8 * 1024,
    "tomcat": 8 * 1024,
    "node": 16 * 1024,
    "uvicorn": 16 * 1024,
    "alb": 16 * 1024,
    "quarkus": 20 * 1024,
    "istio": 60 * 1024,
    "knative": 1024 * 1024,
}
"""Bytes of header that a kind of sink accepts, by the names of `--sink-profile`."""

DEFAULT_SINK = "nginx"


class Policy(NamedTuple):
    """The project's requirements. The lists contain shell patterns.

    `sink_limit` is the number of header bytes that the sink accepts, and `sink` names its kind. `sensitive_keys` are
    words or patterns of annotations that are secret here, `sensitive_allowed` keys and header names that are not,
    whatever they look like. `allowed_sinks` are URLs; None allows every one.
    """

    sink: str = DEFAULT_SINK
    sink_limit: int = SINK_LIMITS[DEFAULT_SINK]
    required_annotations: tuple[str, ...] = ()
    forbidden_annotations: tuple[str, ...] = ()
    allowed_sinks: tuple[str, ...] | None = None
    sensitive_keys: tuple[str, ...] = ()
    sensitive_allowed: tuple[str, ...] = ()

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that are secret here, for `isvclog.redact`."""
        return Vocabulary(self.sensitive_keys, self.sensitive_allowed)
