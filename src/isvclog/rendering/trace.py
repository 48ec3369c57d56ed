"""Findings of rendered text, with the place of the source that they come from."""

import os
from collections.abc import Callable, Sequence

from isvclog.findings import Finding, SourcePlace, Span
from isvclog.keypath import KeyPath, pointer
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.files import Source
from isvclog.manifest.syntax.objects import Object
from isvclog.records import NamedTuple
from isvclog.rendering.chart import Template, find_template, helpers_of, is_own_helper, literal_value, value_place
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

        A finding with an origin has no fix, because a change of rendered text is lost when it is rendered again. The
        origin has the fix instead: it may be made in the source.
        """
        if not findings:
            return findings
        files = self.overlay_files(item) if isinstance(item, Object) else []
        origins = [self._origin(item.document, self._wanted_by(item, finding), files) for finding in findings]
        return [
            finding._replace(origin=origin._replace(fix=finding.fix), fix=None) if origin else finding
            for finding, origin in zip(findings, origins, strict=True)
        ]

    def _wanted_by(self, item: Object | Finding, finding: Finding) -> RenderedLine | None:
        return self._wanted(item, finding.path) if isinstance(item, Object) else self._first_key(finding.span.line)

    def files_with(self, item: Object, word: str) -> dict[str, bool]:
        """Map the files that an object comes from and that contain a word to True for a template or helper."""
        template = self.template(item.document)
        files = self.overlay_files(item) if template is None else [template.file]
        files += [helper.file for helper in self.helpers(template)] if template else []
        return {file: template is not None for file in files if any(word in line for line in source_text(file).lines)}

    def place(self, item: Object, path: KeyPath) -> SourcePlace | None:
        """Find the source of the key at a path or, if the object does not have it, of the nearest one around it."""
        return self._origin(item.document, self._wanted(item, path), self.overlay_files(item))

    def _origin(self, document: int, wanted: RenderedLine | None, files: Sequence[str]) -> SourcePlace | None:
        """Find the source of a line of a document; `files` are those of the overlay that its object is of."""
        if files:
            return _in_overlay(files, wanted)
        if template := self.template(document):
            return self._in_template(template, wanted)
        return SourcePlace(shown_file(self._rendered.fallback), _START) if self._rendered.fallback else None

    def template(self, document: int) -> Template | None:
        """Return the template that a document is rendered from; None if it is not known."""
        path = self._paths.get(document, "")
        if path and path not in self._templates:
            self._templates[path] = find_template(path, self._charts)
        return self._templates.get(path)

    def documents(self, template: Template) -> list[int]:
        """List the documents that are rendered from a template."""
        return [document for document in self._paths if self.template(document) == template]

    def _wanted(self, item: Object, path: KeyPath) -> RenderedLine | None:
        """Describe the last key of a path that is in the object."""
        path = _existing(item, path)
        to_key = _without_indexes(path)
        if not to_key:
            return self._first_key(item.span(()).line)
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
        hits = self._template_hits(template, wanted) if wanted else []
        if wanted and len(hits) == 1:
            text, hit = hits[0]
            values = value_place(template, text, hit, wanted, self._charts, given)
            return SourcePlace(shown_file(text.file), text.span_of(hit, wanted.item), True, _shown_place(values))
        literal = literal_value(template, wanted, self._charts, given) if wanted and not hits else None
        return SourcePlace(shown_file(template.file), _START, False, _shown_place(literal))

    def _template_hits(self, template: Template, wanted: RenderedLine) -> list[tuple[SourceText, KeyLine]]:
        """Find a key in a template or else in the helpers of its chart or else in those of subcharts."""
        if hits := _hits([source_text(template.file)], wanted):
            return hits
        hits = _hits(self.helpers(template), wanted)
        return [(text, hit) for text, hit in hits if is_own_helper(text, template)] or hits

    def helpers(self, template: Template) -> Sequence[SourceText]:
        """Read the helpers that a template may include."""
        if template.file not in self._helpers:
            self._helpers[template.file] = helpers_of(template, self._charts)
        return self._helpers[template.file]

    def overlay_files(self, item: Object) -> list[str]:
        """List the files of an overlay that an object is merged from; none if it is of no known overlay."""
        origin = kustomize_origin(item.data)
        if origin is None:
            return []
        folder = self._rendered.built or find_built_folder(origin, self._charts)
        return overlay_files(origin, folder, item.name, self._charts) if folder else []


def _in_overlay(files: Sequence[str], wanted: RenderedLine | None) -> SourcePlace:
    hits = _overlay_hits(list(map(source_text, files)), wanted) if wanted else []
    if wanted and len(hits) == 1:
        text, hit = hits[0]
        return SourcePlace(shown_file(text.file), text.span_of(hit, wanted.item), True)
    return SourcePlace(shown_file(files[0]), _START)


def _overlay_hits(texts: Sequence[SourceText], wanted: RenderedLine) -> list[tuple[SourceText, KeyLine]]:
    """Find a key in the files of an overlay, or the operations of JSON patches that write it.

    Of several lists, those that have the item count or, if none has it, the operations that write it.
    """
    hits = _hits(texts, wanted) or [(text, hit) for text in texts for hit in text.operations(wanted.place)]
    return hits if wanted.item is None else _with_item(texts, hits, wanted.place, wanted.item) or hits


def _with_item(
    texts: Sequence[SourceText], hits: Sequence[tuple[SourceText, KeyLine]], place: str, item: str
) -> list[tuple[SourceText, KeyLine]]:
    having = [(text, hit) for text, hit in hits if text.has_item(hit, item)]
    return having or [(text, hit) for text in texts for hit in text.item_operations(place, item)]


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


def _shown_place(place: tuple[str, Span] | None) -> tuple[str, Span] | None:
    return place and (shown_file(place[0]), place[1])


def shown_file(file: str) -> str:
    """Name a file as users do: from the working directory."""
    try:
        return os.path.relpath(file)
    except ValueError:
        return file
