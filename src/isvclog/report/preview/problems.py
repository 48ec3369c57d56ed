"""Lines about a logger that sends nothing."""

from collections.abc import Callable, Iterable, Iterator

from isvclog.diagnosis.model import Diagnosis
from isvclog.kserve.agent.startup import Startup
from isvclog.report.preview.layout import Style, row


def failed_start(startup: Startup) -> str:
    """Describe an agent that does not start."""
    code = f"exit code {startup.exit}" if startup.exit is not None else str(startup.exec_error)
    return f"THE AGENT DOES NOT START ({code})"


def problem_rows(
    diagnosis: Diagnosis,
    startup: Startup | None,
    mask: Callable[[str], str],
    style: Style,
    notes: Iterable[str] = (),
) -> Iterator[str]:
    """Yield the cause, the message of an agent that does not start, the effect, the notes and the remedy."""
    rows = (
        ("because", diagnosis.because),
        ("log", "" if startup is None or startup.runs else startup.message),
        ("effect", diagnosis.effect),
        *(("note", note) for note in notes),
        ("remedy", diagnosis.remedy),
    )
    for label, sentence in rows:
        if sentence:
            yield from row(label, mask(sentence), style, _LOOKS.get(label, ""))


_LOOKS = {"remedy": "bold", "note": "yellow"}
