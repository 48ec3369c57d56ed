"""Listed annotations that make an event header too long for the sink.

The event contains all listed annotations in one HTTP header, `Ce-Annotations`, as JSON. Most servers accept 8 KiB of
headers, some accept 16 KiB or more, and Go accepts 1 MiB. If the headers are longer, the server answers with status 431
or 400 and the event is lost. Only the agent's log reports this. The option `--sink-profile` selects the limit to check.
The listed request headers need additional space.

Instead: List fewer or shorter annotations, or choose the profile of the server that really receives the events.

    # isvclog lint --sink-profile custom=64
    # before
    metadata:
      annotations:
        example.com/model-card: Trained on loans of 2019 to 2024. Not for use outside Europe.
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/model-card]

    # after
    metadata:
      annotations:
        example.com/card: "4711"
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/card]
"""

from collections.abc import Iterator, Mapping

from isvclog.findings import Severity, code
from isvclog.kserve.golang.strings import to_bytes
from isvclog.rules.context import LintContext, LoggerContext
from isvclog.rules.rule import Issue, rule

# JSON escapes a byte with at most six.
_GROWTH = 6


@rule("oversized-header", Severity.WARNING, since="metadataAnnotations", applies_to="annotations")
def oversized_header(context: LintContext) -> Iterator[Issue]:
    limit = context.policy.sink_limit
    for logger in context.loggers:
        characters = sum([len(key) + len(value) + 6 for key, value in logger.pairs])
        if _GROWTH * characters > limit and logger.sends_events:
            from isvclog.kserve.logger.events import annotations_header

            annotations = _sent_annotations(logger)
            size = len(to_bytes(annotations_header(annotations)))
            if size > limit:
                yield _issue(logger, annotations, size)


def _sent_annotations(logger: LoggerContext) -> Mapping[str, str]:
    """Return the annotations that the agent has in memory, or would have if it started."""
    settings = logger.prediction.settings
    return dict(logger.pairs) if settings is None else settings.annotations


def _issue(logger: LoggerContext, annotations: Mapping[str, str], size: int) -> Issue:
    policy = logger.context.policy
    largest = max(annotations, key=lambda key: len(annotations[key]))
    message = (
        f"The listed annotations, above all {code(largest)}, make a header of {size:,} bytes: "
        f"a sink that accepts {policy.sink_limit:,} ({policy.sink}) rejects every event."
    )
    remedy = "List fewer or shorter annotations, or give the kind of sink with `--sink-profile`."
    return Issue(logger.value_path(largest), message, remedy, at_key=True)
