"""An argument of the agent that is longer than Linux allows.

All listed annotations become one argument of the agent's container, as `key=value` pairs joined with commas. The listed
headers become one argument too. Linux allows 131,071 bytes in one argument, half of what Kubernetes allows in
annotations. With a longer argument the container never starts ("argument list too long").

Instead: List fewer or shorter annotations. Store large content somewhere else, and write its address into the
annotation.

    # before
    metadata:
      annotations:
        example.com/model-card: "… (more than 131071 bytes)"
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/model-card]

    # after
    metadata:
      annotations:
        example.com/model-card: https://models.example.com/iris/card
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/model-card]
"""

from collections.abc import Iterator
from itertools import pairwise

from isvclog.findings import Severity, code
from isvclog.kserve.agent.startup import MAX_ARGUMENT_BYTES
from isvclog.kserve.golang.strings import to_bytes
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

_FIELDS = {
    "--log-url": ("url",),
    "--metadata-headers": ("metadataHeaders",),
    "--log-store-path": ("storage", "path"),
    "--log-marshaller-url": ("marshallerUrl",),
}
# No character takes more bytes in UTF-8.
_SURELY_SHORT = MAX_ARGUMENT_BYTES // 4


@rule("oversized-argument", Severity.ERROR)
def oversized_argument(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        for flag, arg in pairwise(logger.prediction.args):
            if len(arg) > _SURELY_SHORT and (size := len(to_bytes(arg))) > MAX_ARGUMENT_BYTES:
                yield (
                    _of_annotations(logger, size) if flag == "--metadata-annotations" else _of_field(logger, flag, size)
                )


def _of_annotations(logger: LoggerContext, size: int) -> Issue:
    largest = max(logger.pairs, key=lambda pair: len(pair[1]))[0]
    message = f"The listed annotations, above all {code(largest)}, make {_too_long(size)}"
    return Issue(logger.value_path(largest), message, "List fewer or shorter annotations.", at_key=True)


def _of_field(logger: LoggerContext, flag: str, size: int) -> Issue:
    path = logger.field(*_FIELDS.get(flag, ()))
    return Issue(path, f"`{path[-1]}` makes {_too_long(size)}", "Shorten it.", at_key=True)


def _too_long(size: int) -> str:
    limit = f"Linux allows {MAX_ARGUMENT_BYTES:,}"
    return f"an argument of {size:,} bytes, and {limit}: the agent's container never starts."
