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
from isvclog.rules.rule import Issue, rule
from isvclog.rules.subject import Subject


@rule("non-ascii-annotation", Severity.WARNING, since="metadataAnnotations", topic="annotations")
def non_ascii_annotation(subject: Subject) -> Iterator[Issue]:
    for part in subject.parts:
        for key, value in part.pairs:
            if not value.isascii() and part.sends_events:
                message = (
                    f"The value of {code(key)} travels in a header as raw UTF-8: "
                    "receivers that read headers as Latin-1 see other characters."
                )
                yield Issue(part.value_path(key), message, "Write it in ASCII.", at_key=True)
