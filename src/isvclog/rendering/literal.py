"""Edits of rendered lines, made in the template that has the same lines literally."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from isvclog.findings import Edit
from isvclog.manifest.editing.edit_error import EditError
from isvclog.records import NamedTuple
from isvclog.rendering.actions import TemplateText

_MOST_PLACES = 2000
_MOST_LINES = 400
"""Lines around an edit that are compared, until only one place has them."""


class Hunk(NamedTuple):
    """Lines `start` to `end`, counted from 0 and `end` excluded, that are replaced by the lines `new`."""

    start: int
    end: int
    new: tuple[str, ...]


class _Match(NamedTuple):
    """A place of a text at which the line is that an edit is looked for by, and its indentation in addition."""

    line: int
    shift: int


class NotLiteral(EditError):
    """The error for an edit of rendered lines that the template does not have, or has several times."""

    def __init__(self, reason: str = "a template makes this text") -> None:
        super().__init__(reason, "change it by hand")


class RenderedText:
    """The lines of a rendered text."""

    def __init__(self, data: bytes) -> None:
        self.lines = decode_lines(data)

    def hunks(self, edits: Iterable[Edit]) -> list[Hunk]:
        """Convert edits to whole lines, without those that stay the same."""
        found: list[Hunk] = []
        for group in _by_lines(sorted(edits, key=lambda edit: edit.span)):
            start, end = group[0].span.line - 1, max(edit.span.end_line for edit in group)
            found.append(_smallest(start, self.lines[start:end], _edited(self.lines, start, end, group)))
        return found

    def of_documents(self, ranges: Iterable[tuple[int, int]]) -> list[str | None]:
        """Return all lines, but None for those outside of the documents with these lines."""
        found: list[str | None] = [None] * len(self.lines)
        for start, end in ranges:
            found[start:end] = self.lines[start:end]
        return found


def decode_lines(data: bytes) -> list[str]:
    """Split a text at its newlines; the carriage return of CRLF stays. Raise NotLiteral for any other text."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise NotLiteral("the file is not UTF-8") from None
    if "\r" in text.replace("\r\n", ""):
        raise NotLiteral("the file has line breaks of its own kind")
    return text.split("\n")


class LiteralFinder:
    """Finds rendered lines in one template. `rendered` has the lines of the template's documents, None elsewhere."""

    def __init__(self, rendered: Sequence[str | None], template: TemplateText) -> None:
        self._rendered = rendered
        self._template = template
        self._in_rendered = _index(rendered)
        self._in_template = _index(template.plain)

    def find(self, hunk: Hunk, is_checked: bool) -> Hunk:
        """Return the hunk of the template that makes the same change as one of the rendered text.

        The lines and as many around them as it takes are in both texts exactly once, except for their indentation, and
        are part of no action. New lines are below the same key, and beside no action that may make others.
        With `is_checked`, the caller compares what is rendered afterwards; without, they are in
        no block that the line with the object's `kind` is not in. Raise NotLiteral if there is no such place.
        """
        if any("{{" in line for line in hunk.new):
            raise NotLiteral("the new text would be an action of the template")
        anchors = [hunk.start] if hunk.end > hunk.start else [hunk.start - 1, hunk.start]
        for anchor in anchors:
            moved = self._moved_from(hunk, anchor)
            if moved and (is_checked or self._template.is_with_object(moved.start, moved.end)):
                return moved
        raise NotLiteral

    def _moved_from(self, hunk: Hunk, anchor: int) -> Hunk | None:
        """Move a hunk to the template by one of its lines; None if that is nowhere."""
        place = self._place(hunk, anchor)
        if place is None:
            return None
        moved = self._moved(hunk, anchor, place)
        if hunk.end == hunk.start and not self._is_in_literal_block(hunk, moved, place.shift):
            return None
        return moved

    def _place(self, hunk: Hunk, anchor: int) -> _Match | None:
        """Find the only place of the template with the lines around an anchor, a line of the rendered text."""
        text = self._rendered[anchor] if 0 <= anchor < len(self._rendered) else None
        if text is None or not text.strip():
            return None
        key, own = text.lstrip(" "), _indent(text)
        ours = [_Match(line, indent - own) for line, indent in self._in_rendered.get(key, ())]
        theirs = [_Match(line, indent - own) for line, indent in self._in_template.get(key, ())]
        if len(ours) > _MOST_PLACES or len(theirs) > _MOST_PLACES:
            return None
        for offset in range(1, hunk.end - anchor):
            ours, theirs = self._narrowed(ours, theirs, anchor, offset)
        return self._only(ours, theirs, anchor, max(1, hunk.end - anchor))

    def _only(self, ours: list[_Match], theirs: list[_Match], anchor: int, below: int) -> _Match | None:
        above = -1
        for _ in range(_MOST_LINES):
            if len(ours) == len(theirs) == 1 or not theirs:
                break
            further = self._narrowed(ours, theirs, anchor, above)
            if further[1]:
                above -= 1
            else:
                further = self._narrowed(ours, theirs, anchor, below)
                below += 1
            ours, theirs = further
        return theirs[0] if len(ours) == len(theirs) == 1 else None

    def _narrowed(
        self, ours: list[_Match], theirs: list[_Match], anchor: int, offset: int
    ) -> tuple[list[_Match], list[_Match]]:
        """Keep the places with the rendered line at an offset from the anchor, none if that is in no document."""
        at = anchor + offset
        wanted = self._rendered[at] if 0 <= at < len(self._rendered) else None
        if wanted is None:
            return [], []
        return _having(ours, self._rendered, offset, wanted), _having(theirs, self._template.plain, offset, wanted)

    def _moved(self, hunk: Hunk, anchor: int, place: _Match) -> Hunk:
        start = place.line + hunk.start - anchor
        new = tuple(_shifted(line, place.shift) for line in hunk.new)
        return Hunk(start, start + hunk.end - hunk.start, new)

    def _is_in_literal_block(self, hunk: Hunk, moved: Hunk, shift: int) -> bool:
        """Check that new lines are added below the same line in both texts, and not beside what an action makes.

        With other values, an action could make the same key.
        """
        ours = _parent(self._rendered, hunk)
        theirs = _parent(self._template.lines, moved)
        if ours is None or theirs is None or self._template.plain[theirs] is None:
            return False
        if not _is_same(self._template.lines[theirs], self._rendered[ours] or "", shift):
            return False
        indent = min((_indent(line) for line in moved.new if line.strip()), default=0)
        return not any(_is_action(line) for line in self._block_below(theirs, indent))

    def _block_below(self, parent: int, indent: int) -> Iterator[str]:
        """Yield the lines below a key that may be beside new ones with this indentation."""
        lines, around = self._template.lines, self._template.blocks[parent]
        for number in range(parent + 1, min(len(lines), parent + _MOST_LINES)):
            line = lines[number]
            text = line.lstrip(" ")
            if around and not around.contains(self._template.blocks[number]):
                return
            if text.strip() and not text.startswith(("{{", "#")) and _indent(line) < indent:
                return
            if _indent(line) <= indent:
                yield line


def apply_hunks(lines: Sequence[str], hunks: Iterable[Hunk]) -> list[str]:
    """Replace lines; the same hunk twice counts once. Raise NotLiteral if two of them overlap."""
    ordered = sorted(dict.fromkeys(hunks), key=lambda hunk: (hunk.start, hunk.end))
    pieces: list[Sequence[str]] = []
    done = 0
    for hunk in ordered:
        if hunk.start < done:
            raise NotLiteral("two changes of the same lines exclude each other")
        pieces += (lines[done : hunk.start], hunk.new)
        done = hunk.end
    return list(chain(*pieces, lines[done:]))


def _by_lines(edits: Sequence[Edit]) -> list[list[Edit]]:
    """Group the edits that touch the same lines."""
    groups: list[list[Edit]] = []
    last = 0
    for edit in edits:
        if groups and edit.span.line <= last:
            groups[-1].append(edit)
        else:
            groups.append([edit])
        last = max(last, edit.span.end_line)
    return groups


def _edited(lines: Sequence[str], start: int, end: int, edits: Sequence[Edit]) -> list[str]:
    text = "\n".join(lines[start:end])
    starts = [0]
    for line in lines[start:end]:
        starts.append(starts[-1] + len(line) + 1)
    pieces: list[str] = []
    done = 0
    for edit in edits:
        span = edit.span
        pieces += (text[done : starts[span.line - 1 - start] + span.column - 1], edit.text)
        done = starts[span.end_line - 1 - start] + span.end_column - 1
    return "".join((*pieces, text[done:])).split("\n")


def _smallest(start: int, old: Sequence[str], new: Sequence[str]) -> Hunk:
    """Build a hunk without the lines at its start and end that stay the same."""
    least = min(len(old), len(new))
    first = next((index for index in range(least) if old[index] != new[index]), least)
    least -= first
    last = next((index for index in range(least) if old[-1 - index] != new[-1 - index]), least)
    return Hunk(start + first, start + len(old) - last, tuple(new[first : len(new) - last]))


def _parent(lines: Sequence[str | None], hunk: Hunk) -> int | None:
    """Find the line that new lines are below, by its indentation; a list may be indented as much as its key."""
    first = next((line for line in hunk.new if line.strip()), "")
    is_item, indent = first.lstrip(" ").startswith("- "), _indent(first)
    for number in range(hunk.start - 1, -1, -1):
        line = lines[number]
        if line is None:
            return None
        if _is_above(line, indent, is_item):
            return number
    return None


def _is_action(line: str) -> bool:
    """Check whether a line begins with an action that is no comment."""
    text = line.lstrip(" ")
    return text.startswith("{{") and not text.startswith(("{{/*", "{{- /*", "{{ /*"))


def _is_above(line: str, indent: int, is_item: bool) -> bool:
    text = line.lstrip(" ")
    if not text.strip() or text.startswith(("#", "{{")):
        return False
    own = len(line) - len(text)
    return own < indent or (is_item and own == indent and not text.startswith("-"))


def _index(lines: Sequence[str | None]) -> dict[str, list[tuple[int, int]]]:
    """Map each text to its lines and their indentation."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(lines):
        if line is not None and line.strip():
            found.setdefault(line.lstrip(" "), []).append((number, _indent(line)))
    return found


def _having(places: Iterable[_Match], lines: Sequence[str | None], offset: int, wanted: str) -> list[_Match]:
    return [
        place
        for place in places
        if 0 <= (at := place.line + offset) < len(lines) and _is_same(lines[at], wanted, place.shift)
    ]


def _is_same(line: str | None, wanted: str, shift: int) -> bool:
    if line is None or not wanted.strip():
        return line is not None and not line.strip()
    return line.lstrip(" ") == wanted.lstrip(" ") and _indent(line) - _indent(wanted) == shift


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _shifted(line: str, shift: int) -> str:
    if not line.strip():
        return line
    if -shift > _indent(line):
        raise NotLiteral
    return " " * shift + line[max(0, -shift) :]
