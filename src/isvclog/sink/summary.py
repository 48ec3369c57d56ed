"""The summary of a sink in one sentence."""

from isvclog.findings import counted, enumerated
from isvclog.sink.engine import EventSink

_TOLD = {
    "invalid": "invalid",
    "oversized": "too large",
    "refused": "refused",
    "different": "not as expected",
    "missing request": "without a request",
    "missing response": "without a response",
}


def summarize(sink: EventSink) -> str:
    """Summarize what a sink received."""
    counts = dict(sink.counts)
    parts = [counted(counts.pop("accepted", 0), "event")]
    if sink.pairing.pairs:
        parts.append(counted(sink.pairing.pairs, "pair"))
    parts += [f"{count:,} {said}" for kind, said in _TOLD.items() if (count := counts.pop(kind, 0))]
    if len(sink.pairing):
        parts.append(f"{len(sink.pairing):,} still waiting for the other half")
    parts += [f"{count:,} times {kind}" for kind, count in sorted(counts.items())]
    return f"received {enumerated(parts)}."
