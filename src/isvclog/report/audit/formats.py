"""Table of the output formats for an audit; a format is imported only when it is used."""

from collections.abc import Callable
from functools import partial

from isvclog.audit.model import Format
from isvclog.report.findings.formats import FormatSettings


def _text(settings: FormatSettings) -> Format:
    from isvclog.report.audit.text import text
    from isvclog.report.color import painter

    return partial(text, paint=painter(settings.color), width=settings.width, summary=settings.summary)


def _json(settings: FormatSettings) -> Format:
    from isvclog.report.audit.json import as_json

    return as_json


def _csv(settings: FormatSettings) -> Format:
    from isvclog.report.audit.csv import as_csv

    return as_csv


def _markdown(settings: FormatSettings) -> Format:
    from isvclog.report.audit.markdown import markdown

    return markdown


def _sarif(settings: FormatSettings) -> Format:
    from isvclog.report.audit.sarif import sarif

    return partial(sarif, describe=settings.describe)


FORMATS: dict[str, Callable[[FormatSettings], Format]] = {
    "text": _text,
    "json": _json,
    "csv": _csv,
    "markdown": _markdown,
    "sarif": _sarif,
}
