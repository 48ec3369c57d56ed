"""Findings of rendered text, with the place of the source that they come from."""

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

from isvclog.findings import Finding, SourcePlace, Span
from isvclog.keypath import KeyPath, pointer
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.files import Source
from isvclog.manifest.syntax.objects import Object
from isvclog.rendering.chart import Template, find_template, helpers_of, literal_value, value_place
from isvclog.rendering.folders import Charts, chart_name, charts_below, root_for
from isvclog.rendering.key_lines import KeyLine, item_of_line, key_of_line
from isvclog.rendering.marks import chart_paths, kustomize_origin
from isvclog.rendering.overlay import find_built_folder, overlay_files
from isvclog.rendering.sources import RenderedLine, SourceText, source_text

_START = Span(1, 1, 1, 1)


class RenderedFrom(NamedTuple):
    """The options of a rendering, as far as they are known.

    Charts and kustomizations are looked for below `root`, by default the repository of the working directory. `chart`
    is the folder that helm rendered, with the `values` files, `built` the folder that the origins of kustomize are
    relative to. Everything that has no other source belongs to the file `fallback`, if it is not empty.
    """

    root: str | None = None
    chart: str | None = None
    values: tuple[str, ...] = ()
    built: str | None = None
    fallback: str = ""


class Tracer:
    """Finds the source of each finding of one rendered text."""

    def __init__(self, source: Source, rendered: RenderedFrom) -> None:
        self._rendered = rendered
        text = to_utf8(source.data)
        self._lines = text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._paths = chart_paths(text)
        self._known: Charts | None = None
        self._templates: dict[str, Template | None] = {}
        self._helpers: dict[str, Sequence[SourceText]] = {}

    @property
    def _charts(self) -> Charts:
        if self._known is None:
            self._known = charts_below(root_for(self._rendered.root))
            if chart := self._rendered.chart:
                charts = {**self._known.charts, chart_name(chart): [os.path.realpath(chart)]}
                self._known = self._known._replace(charts=charts)
        return self._known

    def traced(self, check: Callable[[Object], Sequence[Finding]]) -> Callable[[Object], Sequence[Finding]]:
        """Return the check with the origins of its findings."""
        return lambda obj: self.trace(obj, check(obj))

    def trace(self, item: Object | Finding, findings: Sequence[Finding]) -> Sequence[Finding]:
        """Return the findings of an object, or about a document that cannot be read, with their origins.

        A finding with an origin has no fix: a change of rendered text is lost when it is rendered again.
        """
        if not findings:
            return findings
        files = self._files(item) if isinstance(item, Object) else []
        origins = [self._origin(item, finding, files) for finding in findings]
        return [
            finding._replace(origin=origin, fix=None) if origin else finding
            for finding, origin in zip(findings, origins, strict=True)
        ]

    def _origin(self, item: Object | Finding, finding: Finding, files: Sequence[str]) -> SourcePlace | None:
        """Find the source of a finding; `files` are those of the overlay that the object is of."""
        wanted = self._wanted(item, finding)
        if files:
            return _in_overlay(files, wanted)
        if template := self._template(self._paths.get(item.document, "")):
            return self._in_template(template, wanted)
        return SourcePlace(_shown(self._rendered.fallback), _START) if self._rendered.fallback else None

    def _template(self, path: str) -> Template | None:
        if path and path not in self._templates:
            self._templates[path] = find_template(path, self._charts)
        return self._templates.get(path)

    def _wanted(self, item: Object | Finding, finding: Finding) -> RenderedLine | None:
        """Describe the key that a finding is about: the last one of its path that is in the object."""
        path = _existing(item, finding.path) if isinstance(item, Object) else ()
        to_key = _without_indexes(path)
        if not isinstance(item, Object) or not to_key:
            return self._first_key(item.span(()).line if isinstance(item, Object) else finding.span.line)
        names = tuple(key for key in (*item.root, *to_key) if isinstance(key, str))
        found = key_of_line(self._line(item.key_span(to_key).line))
        text = item_of_line(self._line(item.span(path).line)) if path != to_key else None
        # A key inside of a flow collection is not at the start of a line.
        return RenderedLine(names, found[1] if found and found[0] == names[-1] else "", text, pointer(to_key))

    def _first_key(self, number: int) -> RenderedLine | None:
        found = key_of_line(self._line(number))
        return RenderedLine((found[0],), found[1]) if found else None

    def _line(self, number: int) -> str:
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def _in_template(self, template: Template, wanted: RenderedLine | None) -> SourcePlace:
        given = self._rendered.values
        hits = _hits([source_text(template.file)], wanted) if wanted else []
        if wanted and not hits:
            hits = _hits(self._helpers_of(template), wanted)
        if wanted and len(hits) == 1:
            text, hit = hits[0]
            values = value_place(template, text, hit, wanted, self._charts, given)
            return SourcePlace(_shown(text.file), _place(text, hit, wanted), True, _shown_place(values))
        literal = literal_value(template, wanted, self._charts, given) if wanted and not hits else None
        return SourcePlace(_shown(template.file), _START, False, _shown_place(literal))

    def _helpers_of(self, template: Template) -> Sequence[SourceText]:
        if template.file not in self._helpers:
            self._helpers[template.file] = helpers_of(template, self._charts)
        return self._helpers[template.file]

    def _files(self, item: Object) -> list[str]:
        """List the files of an overlay that an object is merged from; none if it is of no known overlay."""
        origin = kustomize_origin(item.data)
        if origin is None:
            return []
        folder = self._rendered.built or find_built_folder(origin, self._charts)
        return overlay_files(origin, folder, item.name, self._charts) if folder else []


def _in_overlay(files: Sequence[str], wanted: RenderedLine | None) -> SourcePlace:
    texts = list(map(source_text, files))
    hits = _hits(texts, wanted) if wanted else []
    if wanted and not hits:
        hits = [(text, hit) for text in texts for hit in text.operations(wanted.place)]
    if wanted and len(hits) == 1:
        text, hit = hits[0]
        return SourcePlace(_shown(text.file), _place(text, hit, wanted), True)
    return SourcePlace(_shown(files[0]), _START)


def _hits(texts: Sequence[SourceText], wanted: RenderedLine) -> list[tuple[SourceText, KeyLine]]:
    """Find a key in several files."""
    return [(text, hit) for text in texts for hit in text.hits(wanted)]


def _existing(item: Object, path: KeyPath) -> KeyPath:
    """Return the start of a path that leads to a value of the object."""
    while path and not item.has(path):
        path = path[:-1]
    return path


def _without_indexes(path: KeyPath) -> KeyPath:
    """Return the path to the last key of a path, without the indexes of lists behind it."""
    while path and not isinstance(path[-1], str):
        path = path[:-1]
    return path


def _place(text: SourceText, key: KeyLine, wanted: RenderedLine) -> Span:
    """Return the position of a key or, where the finding is about an item below it, of that item."""
    found = text.item_below(key, wanted.item) if wanted.item else None
    if found is None or wanted.item is None:
        return key.span
    line, column = found
    return Span(line, column, line, column + len(wanted.item))


def _shown_place(place: tuple[str, Span] | None) -> tuple[str, Span] | None:
    return place and (_shown(place[0]), place[1])


def _shown(file: str) -> str:
    """Name a file as users do: from the working directory."""
    try:
        return os.path.relpath(file)
    except ValueError:
        return file
