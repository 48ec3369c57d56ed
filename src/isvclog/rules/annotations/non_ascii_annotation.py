"""A listed annotation with characters outside ASCII.

Annotations travel in the header `Ce-Annotations` of the event. KServe writes them there as they are, in UTF-8, where
the CloudEvents specification wants them percent-encoded. Receivers in Go read them well; those that read headers as
Latin-1, as most in Python, Java and Node.js do, see `MÃ¼nchen` for `München`. In object storage they are fine.

Instead: Write the value in ASCII, or see to it that receivers read the header as UTF-8.

    # before
    metadata:
      annotations:
        example.com/site: München
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/site]

    # after
    metadata:
      annotations:
        example.com/site: Muenchen
    spec:
      predictor:
        logger:
          metadataAnnotations: [example.com/site]
"""

from collections.abc import Iterator

from isvclog.findings import Severity, code
from isvclog.rules.context import LintContext
from isvclog.rules.rule import Issue, rule


@rule("non-ascii-annotation", Severity.WARNING, since="metadataAnnotations", applies_to="annotations")
def non_ascii_annotation(context: LintContext) -> Iterator[Issue]:
    for logger in context.loggers:
        for key, value in logger.pairs:
            if not value.isascii() and logger.sends_events:
                message = (
                    f"The value of {code(key)} travels in a header as raw UTF-8: "
                    "receivers that read headers as Latin-1 see other characters."
                )
                yield Issue(logger.value_path(key), message, "Write it in ASCII.", at_key=True)
