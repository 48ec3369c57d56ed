"""The error for a change that cannot be made without touching something else."""

from isvclog.errors import IsvclogError
from isvclog.findings import Span


class EditError(IsvclogError):
    """The error for a change that cannot be made without touching something else.

    `reason` and `remedy` are halves of one sentence, without values of the manifest. `span` is the position, if known.
    """

    def __init__(self, reason: str, remedy: str, span: Span | None = None) -> None:
        super().__init__(f"{reason}; {remedy}.")
        self.reason = reason
        self.remedy = remedy
        self.span = span
