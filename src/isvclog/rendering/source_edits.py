"""Edits of rendered text, made in the template of the chart or the file of the overlay that has the text literally."""

import codecs
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from isvclog.changes import Append, Change, Insert, Replace, SetCollection, to_data
from isvclog.errors import IsvclogError
from isvclog.findings import Edit, Finding, enumerated
from isvclog.keypath import KeyPath, dotted
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.write import write_file
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.files import Source, read_file
from isvclog.manifest.syntax.objects import Object
from isvclog.manifest.syntax.split import count_lines, split_documents
from isvclog.records import NamedTuple
from isvclog.rendering.actions import TemplateText
from isvclog.rendering.chart import Template
from isvclog.rendering.folders import is_below
from isvclog.rendering.literal import Hunk, LiteralFinder, NotLiteral, RenderedText, apply_hunks, decode_lines
from isvclog.rendering.overlay_edits import edits_in_overlay
from isvclog.rendering.programs import Rendering
from isvclog.rendering.trace import RenderedFrom, Tracer, shown_file
from isvclog.rendering.trial import render_changed, renders_as_intended

_SHOWN = 5


class RenderedEdit(NamedTuple):
    """An edit of a rendered object: changes of its data, and the same as edits of the rendered text."""

    obj: Object
    changes: tuple[Change, ...]
    edits: tuple[Edit, ...]


class SourceHunk(NamedTuple):
    """Lines of a file of a chart or an overlay that are replaced."""

    file: str
    hunk: Hunk


class SourceChange(NamedTuple):
    """A file of a chart or an overlay before and after edits; `file` is its name as users write it."""

    file: str
    old: bytes
    new: bytes


class SourceEditor:
    """Makes edits of one rendered text where it comes from.

    With `rendering`, what was rendered can be rendered again, to see whether an edit does what is intended. A text of
    which only the chart is known is edited only where a template is certainly rendered once.
    """

    def __init__(self, source: Source, rendered: RenderedFrom, rendering: Rendering | None = None) -> None:
        self._tracer = Tracer(source, rendered)
        self._rendered = rendered
        self._rendering = rendering
        self._data = to_utf8(source.data)
        self._text: RenderedText | None = None
        self._ranges: dict[int, tuple[int, int]] = {}
        self._finders: dict[tuple[Template, str], LiteralFinder] = {}
        self._files: dict[str, bytes] = {}

    def locate(self, edit: RenderedEdit) -> tuple[SourceHunk, ...]:
        """Find the lines of the sources that make an edit. Raise EditError if they do not have its text literally."""
        if template := self._tracer.template(edit.obj.document):
            return tuple(self._in_template(edit, template))
        if self._rendering and (files := self._tracer.overlay_files(edit.obj)):
            return tuple(self._in_overlay(edit, files))
        raise NotLiteral("no source of this text is known that can be changed")

    def changes(self, hunks: Iterable[SourceHunk]) -> list[SourceChange]:
        """Apply located edits to the contents of their files. Raise NotLiteral if they exclude each other."""
        by_file: dict[str, list[Hunk]] = {}
        for found in hunks:
            by_file.setdefault(found.file, []).append(found.hunk)
        return [self._changed(file, own) for file, own in by_file.items()]

    def check(self, changes: Sequence[SourceChange], intended: bytes) -> None:
        """Render a copy with the changes. Raise EditError if that is not the intended text, also not as data.

        A text that cannot be rendered again is not checked.
        """
        if not ((rendering := self._rendering) and changes):
            return
        changed = {os.path.realpath(change.file): change.new for change in changes}
        names = enumerated([change.file for change in changes], _SHOWN)
        try:
            result = render_changed(rendering, changed)
            is_right = renders_as_intended(intended, result, lambda: render_changed(rendering, {}))
        except IsvclogError as error:
            reason = str(error).rstrip(".")
            raise EditError(f"the same change of {names} cannot be tried: {reason}", "change it by hand") from None
        if not is_right:
            raise EditError(f"the same change of {names} would render something else", "change it by hand")

    def traced(self, obj: Object, findings: Sequence[Finding]) -> Sequence[Finding]:
        """Return findings about an object with their sources."""
        return self._tracer.trace(obj, findings)

    def refusal(self, edit: RenderedEdit, error: EditError) -> str:
        """Describe in a sentence where an edit is refused, and what to write there by hand. It may contain secrets."""
        path = edit.changes[0].path if edit.changes else ()
        place = self._tracer.place(edit.obj, path)
        where = f"{place.file}:{place.span.line}" if place else edit.obj.file
        return f"{where}: {error.reason}; by hand, {'; '.join(map(_by_hand, edit.changes))}."

    def _in_template(self, edit: RenderedEdit, template: Template) -> Iterator[SourceHunk]:
        files = [template.file]
        if self._rendering:
            files += [helper.file for helper in self._tracer.helpers(template)]
        for hunk in self._rendered_text().hunks(edit.edits):
            yield self._found(hunk, template, files)

    def _found(self, hunk: Hunk, template: Template, files: Sequence[str]) -> SourceHunk:
        refused: list[NotLiteral] = []
        for file in files:
            try:
                return SourceHunk(file, self._finder(template, file).find(hunk, self._rendering is not None))
            except NotLiteral as error:
                refused.append(error)
        raise refused[0]

    def _finder(self, template: Template, file: str) -> LiteralFinder:
        if (template, file) not in self._finders:
            outermost = template.parents[-1][0] if template.parents else template.chart
            data = self._read(file, self._rendered.chart or outermost)
            ranges = self._line_ranges()
            rendered = self._rendered_text().of_documents(
                ranges[document] for document in self._tracer.documents(template) if document in ranges
            )
            text = TemplateText("\n".join(decode_lines(_body(data))))
            self._finders[template, file] = LiteralFinder(rendered, text)
        return self._finders[template, file]

    def _in_overlay(self, edit: RenderedEdit, files: Sequence[str]) -> Iterator[SourceHunk]:
        edits: dict[str, list[Edit]] = {}
        for file, own in edits_in_overlay(edit.obj, edit.changes, files):
            edits.setdefault(file, []).append(own)
        for file, found in edits.items():
            data = self._read(file, self._rendered.root or os.curdir)
            yield from (SourceHunk(file, hunk) for hunk in RenderedText(_body(data)).hunks(found))

    def _read(self, file: str, folder: str) -> bytes:
        """Read a file that may be written. Raise NotLiteral if it is a link to a place outside of a folder."""
        real = os.path.realpath(file)
        if not is_below(real, os.path.realpath(folder)):
            raise NotLiteral(f"{shown_file(file)} is a link to {real}, which is not in {shown_file(folder)}")
        if file not in self._files:
            self._files[file] = read_file(file).data
        return self._files[file]

    def _changed(self, file: str, hunks: Sequence[Hunk]) -> SourceChange:
        old = self._files[file]
        body = _body(old)
        new = "\n".join(apply_hunks(decode_lines(body), hunks)).encode()
        return SourceChange(shown_file(file), old, old[: len(old) - len(body)] + new)

    def _rendered_text(self) -> RenderedText:
        if self._text is None:
            self._text = RenderedText(self._data)
        return self._text

    def _line_ranges(self) -> dict[int, tuple[int, int]]:
        """Count the lines of the documents: first and end, from 0."""
        if not self._ranges:
            line = place = 0
            for number, start, end in split_documents(self._data):
                line += count_lines(self._data, place, start)
                last = line + count_lines(self._data, start, end)
                self._ranges[number] = (line, last + (end == len(self._data)))
                line, place = last, end
        return self._ranges


def write_changes(changes: Iterable[SourceChange]) -> None:
    """Write the files, each atomically. Raise IsvclogError if one cannot be written, or was changed meanwhile.

    Then, and after Ctrl-C, those that are written already get their old contents again.
    """
    written: list[SourceChange] = []
    try:
        for change in changes:
            write_file(change.file, change.old, change.new)
            written.append(change)
    except (IsvclogError, KeyboardInterrupt):
        for change in written:
            with suppress(IsvclogError):
                write_file(change.file, change.new, change.old)
        raise


def _body(data: bytes) -> bytes:
    return data.removeprefix(codecs.BOM_UTF8)


def _by_hand(change: Change) -> str:
    """Describe a change as what to write in a file."""
    where = f"`{dotted(change.path)}`"
    match change:
        case Append(values=values):
            return f"add {enumerated([f'`{value}`' for value in values], _SHOWN)} to {where}"
        case Insert(value=value) | SetCollection(value=value) | Replace(value=value):
            return f"write `{_shown_value(change.path, to_data(value))}` as {where}"
    return f"{'rename' if hasattr(change, 'key') else 'remove'} {where}"


def _shown_value(path: KeyPath, data: object) -> str:
    if isinstance(data, dict):
        return ", ".join(f"{key}: {value}" for key, value in data.items())
    return ", ".join(map(str, data)) if isinstance(data, list) else str(data)
