"""Table of the output formats for findings; a format is imported only when it is used."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from isvclog.findings import Severity
from isvclog.lint.results import Format

if TYPE_CHECKING:
    from isvclog.rules.catalogue import Description


class FormatSettings(NamedTuple):
    """Options of all reports; each format uses those that concern it.

    `color` and `width` (in columns, or None) describe the terminal. `summary` is True if text for people ends with a
    line of totals. `fail_on` is the mildest severity that fails a test case. `describe` returns the description of a
    rule by name, or None.
    """

    color: bool = False
    width: int | None = None
    summary: bool = True
    fail_on: Severity = Severity.ERROR
    describe: "Callable[[str], Description | None]" = lambda rule: None


def _text(settings: FormatSettings) -> Format:
    from isvclog.report.color import painter
    from isvclog.report.findings.text import text

    return partial(text, paint=painter(settings.color), width=settings.width, summary=settings.summary)


def _concise(settings: FormatSettings) -> Format:
    from isvclog.report.findings.concise import concise

    return concise


def _json(settings: FormatSettings) -> Format:
    from isvclog.report.findings.json import as_json

    return as_json


def _sarif(settings: FormatSettings) -> Format:
    from isvclog.report.findings.sarif import sarif

    return partial(sarif, describe=settings.describe)


def _github(settings: FormatSettings) -> Format:
    from isvclog.report.findings.github import github

    return partial(github, summary=settings.summary)


def _gitlab(settings: FormatSettings) -> Format:
    from isvclog.report.findings.gitlab import gitlab

    return gitlab


def _junit(settings: FormatSettings) -> Format:
    from isvclog.report.findings.junit import junit

    return partial(junit, fail_on=settings.fail_on)


FORMATS: dict[str, Callable[[FormatSettings], Format]] = {
    "text": _text,
    "concise": _concise,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "junit": _junit,
}

NEEDS_DATA = frozenset({"text"})
"""Formats that show lines of the files; the others do not use `Checked.data`."""
