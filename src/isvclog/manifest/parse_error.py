"""Why a document, or a whole file, cannot be read: what becomes a finding instead of an object."""

UNPARSABLE = "unparsable-manifest"
"""kubectl refuses it: no YAML, no JSON, or what JSON cannot hold."""
TEMPLATED = "templated-manifest"
"""It becomes a manifest when it is rendered or filled in."""
OVERSIZED = "oversized-manifest"
"""Too large, too deep, or too large once its aliases are followed."""
MISENCODED = "misencoded-manifest"
"""Not UTF-8, nor UTF-16 with a byte order mark."""
BINARY = "binary-manifest"
"""Not text, though it holds a word that was looked for."""


class ParseError(Exception):
    """`start` and `end` are character offsets into the text of the document; `rule` is one of the names above.

    Message and remedy are one sentence each and quote nothing of the text, which may be secret.
    """

    def __init__(self, rule: str, message: str, remedy: str, start: int = 0, end: int | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.remedy = remedy
        self.start = start
        self.end = start if end is None else end


def unparsable(reason: str, remedy: str, start: int, end: int | None = None) -> ParseError:
    """What kubectl refuses to read; `reason` goes on after a colon: "could not find expected ':'"."""
    return ParseError(UNPARSABLE, f"kubectl cannot read this document: {reason}.", remedy, start, end)
