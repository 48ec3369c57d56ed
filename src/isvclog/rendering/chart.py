"""The template and the values that a document of `helm template` comes from."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress

from isvclog.findings import Span
from isvclog.records import NamedTuple
from isvclog.rendering.folders import Charts
from isvclog.rendering.key_lines import KeyLine
from isvclog.rendering.sources import RenderedLine, SourceText, source_text

_VALUES = "values.yaml"
_SUBCHARTS = "charts"
_REFERENCE = re.compile(r"\.Values\.([A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,30})")
_PRINTED = re.compile(r"\{\{-?\s*\.Values\.[\w.]+\s*(?:\|\s*quote\s*)?-?\}\}")
_LIST = "toYaml"
_INCLUDES = ("include ", "template ")
_HELPERS = (".tpl", ".yaml", ".yml")
_MOST_HELPERS = 50
_MOST_SUBCHARTS = 50
_LONGEST = 4096


class Template(NamedTuple):
    """The template of a document: its file, the folder of its chart, and the parent charts with their folders.

    `parents` are pairs of a folder and the keys below which its values have those of the chart, the nearest first.
    """

    file: str
    chart: str
    parents: tuple[tuple[str, tuple[str, ...]], ...] = ()


def find_template(path: str, charts: Charts) -> Template | None:
    """Find the file behind `# Source: CHART/templates/FILE`; None if there is none, or more than one.

    The path of a subchart is `CHART/charts/SUBCHART/templates/FILE`. It is in that folder, or elsewhere below the root
    if the chart depends on it with `file://`.
    """
    parts = path.split("/")
    if len(parts) < 2 or any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        return None
    if found := _template(parts, charts):
        return found
    if len(parts) > 3 and parts[1] == _SUBCHARTS:
        return find_template("/".join(parts[2:]), charts)
    return None


def _template(parts: Sequence[str], charts: Charts) -> Template | None:
    found = []
    for folder in charts.charts.get(parts[0], ()):
        if file := charts.inside(folder, *parts[1:]):
            found.append(Template(file, *_chart_of(folder, parts[1:])))
    return found[0] if len(found) == 1 else None


def _chart_of(folder: str, parts: Sequence[str]) -> tuple[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Follow `charts/NAME` from the outer chart to the one that the template is in."""
    parents: list[tuple[str, tuple[str, ...]]] = []
    while len(parts) > 2 and parts[0] == _SUBCHARTS:
        name = parts[1]
        parents = [(folder, (name,)), *((outer, (*keys, name)) for outer, keys in parents)]
        folder, parts = f"{folder}/{_SUBCHARTS}/{name}", parts[2:]
    return folder, tuple(parents)


def helpers_of(template: Template, charts: Charts) -> list[SourceText]:
    """Read the helpers of a chart, `templates/_*`, if a template includes any, and then those of its subcharts.

    Helm has one set of helpers for all charts, and a library chart has nothing else.
    """
    if not any(word in line for line in source_text(template.file).lines for word in _INCLUDES):
        return []
    subcharts = os.path.join(template.chart, _SUBCHARTS)
    folders = [template.chart, *(os.path.join(subcharts, name) for name in _names(subcharts)[:_MOST_SUBCHARTS])]
    files = [file for folder in folders for file in _helper_files(os.path.join(folder, "templates"), charts)]
    return list(map(source_text, files[:_MOST_HELPERS]))


def _helper_files(folder: str, charts: Charts) -> Iterator[str]:
    for name in _names(folder):
        if name.startswith("_") and name.endswith(_HELPERS) and (file := charts.inside(folder, name)):
            yield file


def is_own_helper(text: SourceText, template: Template) -> bool:
    """Check whether a helper is of the chart of a template, and not of a subchart."""
    return os.path.dirname(text.file) == os.path.normpath(os.path.join(template.chart, "templates"))


def _names(folder: str) -> list[str]:
    with suppress(OSError):
        return sorted(os.listdir(folder))
    return []


def value_place(
    template: Template, text: SourceText, key: KeyLine, wanted: RenderedLine, charts: Charts, given: Sequence[str]
) -> tuple[str, Span] | None:
    """Find the line of the values file that a line of a template, or of a helper of it, takes its only value from.

    The files of `given` come first, the last of them before the others, then the values of parent charts and of the
    chart itself. Where the template prints the value as it is, a file with another value is not the one.
    """
    written, is_printed, is_list = _written(text, key, wanted)
    references = set(_REFERENCE.findall(written[:_LONGEST]))
    if len(references) != 1:
        return None
    names = tuple(references.pop().split("."))
    shown = (wanted.item or wanted.value) if is_list or is_printed else None
    for file, prefix in _values_files(template, charts, given):
        if place := _place_in(source_text(file), (*prefix, *names), wanted, shown, is_list):
            return file, place
    return None


def _place_in(
    values: SourceText, chain: tuple[str, ...], wanted: RenderedLine, shown: str | None, is_list: bool
) -> Span | None:
    """Find the only line with a chain of keys in a values file; `shown` is its value or item, None for any."""
    for found in _only(values.with_chain(chain)):
        if values.has_item(found, shown or "") if is_list else shown in (None, found.value):
            return values.span_of(found, wanted.item)
    for found in _only(values.around_flow(chain, shown or "")):
        return found.span
    return None


def _only(found: Sequence[KeyLine]) -> Sequence[KeyLine]:
    return found if len(found) == 1 else ()


def _written(text: SourceText, key: KeyLine, wanted: RenderedLine) -> tuple[str, bool, bool]:
    """Return the text of a template that makes a value, and whether it prints the value, and a list, as they are.

    It is the line of the key; for an item of a list below it the line that makes the item, or the `range` around that.
    It is empty if the item is in the template, or may be.
    """
    line = text.lines[key.line - 1]
    if wanted.item is None and key.value.startswith("[") and "," in key.value:
        return "", False, False  # one of several items, and it is not known which
    if wanted.item is None:
        return line, _PRINTED.fullmatch(key.value) is not None, False
    if text.has_item(key, wanted.item):
        return "", False, False
    made = text.made_below(key)
    if made is None:
        return line, False, _LIST in line
    if _REFERENCE.search(made.text):
        return made.text, _PRINTED.fullmatch(made.text.strip()) is not None, _LIST in made.text
    return "\n".join(made.above), False, True


def literal_value(
    template: Template, wanted: RenderedLine, charts: Charts, given: Sequence[str]
) -> tuple[str, Span] | None:
    """Find a key that is not in the template in the values: a template may print a mapping of them as a whole.

    Only a key with the same value counts, and only if it is written once below the same parent or at no other place.
    """
    for file, _ in _values_files(template, charts, given):
        same = source_text(file).with_value(wanted)
        near = [line for line in same if line.chain[-2:-1] == wanted.names[-2:-1]]
        if len(chosen := near or same) == 1:
            return file, source_text(file).span_of(chosen[0], wanted.item)
    return None


def _values_files(template: Template, charts: Charts, given: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    outermost = template.parents[-1][1] if template.parents else ()
    yield from ((file, outermost) for file in reversed(given))
    for folder, keys in (*reversed(template.parents), (template.chart, ())):
        if file := charts.inside(folder, _VALUES):
            yield file, keys
