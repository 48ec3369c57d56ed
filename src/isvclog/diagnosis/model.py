"""What an explanation consists of."""

from isvclog.records import NamedTuple


class Diagnosis(NamedTuple):
    """One explanation for a logger that sends nothing. `effect` and `remedy` are empty if there is nothing to say."""

    because: str
    effect: str
    remedy: str
