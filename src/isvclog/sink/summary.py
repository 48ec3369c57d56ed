"""The summary of a sink in one sentence."""

from isvclog.findings import counted, enumerated
from isvclog.sink.engine import EventSink

_TOLD = {
    "invalid": "invalid",
    "oversized": "too large",
    "unreadable": "unreadable",
    "refused": "refused",
    "different": "not as expected",
    "missing request": "without a request",
    "missing response": "without a response",
}


def summarize(sink: EventSink) -> str:
    """Summarize what a sink received."""
    counts = sink.counts
    parts = [counted(counts["accepted"], "event")]
    if sink.pairing.pairs:
        parts.append(counted(sink.pairing.pairs, "pair"))
    parts += [f"{count:,} {said}" for kind, said in _TOLD.items() if (count := counts[kind])]
    if len(sink.pairing):
        parts.append(f"{len(sink.pairing):,} still waiting for the other half")
    return f"received {enumerated(parts)}."
