"""The metadata in the sidecar's memory: one generation after another, each swapped in whole."""

from isvclog.errors import IsvclogError
from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.logger.encoder import EventEncoder


class Generation:
    """The metadata and the settings that every event of one generation has.

    An exchange keeps the generation with which it began, so both of its events have the same metadata. `number` counts
    from 1; `metadata_bytes` is the size of the annotations. `logs_http2` is False if the agent is too old to log gRPC.
    """

    __slots__ = ("encoder", "logs_http2", "metadata_bytes", "number", "settings")

    def __init__(self, number: int, settings: AgentSettings) -> None:
        self.number = number
        self.settings = settings
        self.logs_http2 = settings.release.has("grpc-logging")
        self.encoder = EventEncoder(settings)
        self.metadata_bytes = metadata_size(settings)


def metadata_size(settings: AgentSettings) -> int:
    """Count the bytes of the annotations: keys and values."""
    return sum(len(to_bytes(key + value)) for key, value in settings.annotations.items())


def check_size(settings: AgentSettings | None, most: int) -> None:
    """Raise IsvclogError if the annotations have more than `most` bytes."""
    size = metadata_size(settings) if settings is not None else 0
    if size > most:
        raise IsvclogError(
            f"the listed annotations have {size:,} bytes, and --max-metadata allows {most:,}: list fewer, shorten "
            "their values, or allow more with --max-metadata."
        )
