"""The list of symptoms and of rules for people."""

from collections.abc import Iterator, Sequence

from isvclog.report.color import painter
from isvclog.report.columns import wrap_sentence
from isvclog.report.formats import FormatSettings
from isvclog.report.rules import table
from isvclog.rules.catalogue import Description
from isvclog.rules.symptoms import Symptom


def write(pages: Sequence[Description | Symptom], settings: FormatSettings) -> Iterator[str]:
    """Yield the symptoms, then the rules by group, and how to read one of the pages."""
    symptoms = [page for page in pages if isinstance(page, Symptom)]
    yield f"{painter(settings.color)('symptoms', 'bold')}\n"
    width = max(len(symptom.name) for symptom in symptoms)
    for symptom in symptoms:
        lines = wrap_sentence(symptom.title, settings.width, f"  {symptom.name.ljust(width)}  ", " " * (width + 4))
        yield "".join(f"{line}\n" for line in lines)
    yield "\n"
    yield from table.write([page for page in pages if isinstance(page, Description)], settings)
    yield "\n"
    told = "`isvclog explain NAME` explains a symptom or a rule; words find a symptom, too: isvclog explain no events."
    yield "".join(f"{line}\n" for line in wrap_sentence(told, settings.width))
