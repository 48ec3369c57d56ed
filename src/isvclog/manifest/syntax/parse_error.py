"""Reasons why a document or a whole file cannot be read. Each becomes a finding instead of an object."""

UNPARSABLE = "unparsable-manifest"
"""The rule for text that kubectl cannot read: not YAML, not JSON, or values that JSON cannot represent."""
TEMPLATED = "templated-manifest"
"""The rule for text that becomes a manifest when it is rendered or filled in."""
OVERSIZED = "oversized-manifest"
"""The rule for a document that is too large, nested too deep, or too large when its aliases are followed."""
MISENCODED = "misencoded-manifest"
"""The rule for a file that is neither UTF-8 nor UTF-16 with a byte order mark."""
BINARY = "binary-manifest"
"""The rule for a file that is not text, although it contains a word that was searched for."""


class ParseError(Exception):
    """A reason why a document cannot be read. `rule` is one of the names above.

    `start` and `end` are character offsets into the text of the document. Message and remedy are one sentence each and
    quote nothing of the text, which may be secret.
    """

    def __init__(self, rule: str, message: str, remedy: str, start: int = 0, end: int | None = None) -> None:
        super().__init__(message)
        self.rule = rule
        self.message = message
        self.remedy = remedy
        self.start = start
        self.end = start if end is None else end


def unparsable(reason: str, remedy: str, start: int, end: int | None = None) -> ParseError:
    """Build the error for text that kubectl cannot read. `reason` follows a colon: "could not find expected ':'"."""
    return ParseError(UNPARSABLE, f"kubectl cannot read this document: {reason}.", remedy, start, end)
