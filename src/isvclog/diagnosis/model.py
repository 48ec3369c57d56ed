"""The parts of an explanation: the cause, the effect on the cluster and the remedy."""

from isvclog.records import NamedTuple


class Diagnosis(NamedTuple):
    """One explanation for a logger that sends nothing. `effect` and `remedy` are empty if there is nothing to say."""

    because: str
    effect: str
    remedy: str
