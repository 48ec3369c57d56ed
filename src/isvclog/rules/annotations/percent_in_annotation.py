"""A listed annotation that looks percent-encoded, so receivers may decode it.

The event contains the annotations in its header `Ce-Annotations`. The CloudEvents specification requires
percent-encoding there, and a receiver that follows the specification decodes `%41` to `A`. KServe's agent does not
encode the value. If something in it looks like an encoded character, such receivers change it. In object storage the
value is correct.

Instead: Write the value without a percent sign before two hexadecimal digits.

    # before
    metadata:
      annotations:
        example.com/query: team%3Dresearch
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/query]

    # after
    metadata:
      annotations:
        example.com/query: team=research
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/query]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.patterns import late_pattern
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule

_ENCODED = late_pattern("%[0-9A-Fa-f]{2}")


@rule("percent-in-annotation", Severity.WARNING, since="metadataAnnotations", applies_to="annotations")
def percent_in_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        for key, value in logger.pairs:
            encoded = _ENCODED.search(value) if "%" in value else None
            if encoded and logger.sends_events:
                message = (
                    f"The value of {code(key)} looks percent-encoded, and the agent sends it as it is: "
                    "receivers that follow the CloudEvents specification decode it."
                )
                index = logger.character(key, encoded.start())
                yield Issue(
                    logger.value_path(key), message, "Write the characters themselves.", at_key=True, character=index
                )
