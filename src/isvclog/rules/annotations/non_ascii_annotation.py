"""A listed annotation with non-ASCII characters.

The event contains the annotations in its header `Ce-Annotations`. KServe writes them there as raw UTF-8, but the
CloudEvents specification requires percent-encoding. Receivers in Go read them correctly. Receivers that read headers as
Latin-1, as most in Python, Java and Node.js do, see `MÃ¼nchen` instead of `München`. In object storage the value is
correct.

Instead: Write the value in ASCII, or make sure that receivers read the header as UTF-8.

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
                    f"The value of {code(key)} is not ASCII, and the agent sends it as raw UTF-8: "
                    "receivers that read headers as Latin-1 see other characters."
                )
                index = logger.character(key, next(at for at, char in enumerate(value) if not char.isascii()))
                yield Issue(logger.value_path(key), message, "Write it in ASCII.", at_key=True, character=index)
