"""Edits applied to the bytes of a file. The byte order mark, line breaks and the end of the file stay as they are."""

import codecs
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from isvclog.changes import Change
from isvclog.findings import Edit, Span
from isvclog.keypath import KeyPath, dotted
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.intended import apply_changes, difference
from isvclog.manifest.editing.ordering import sorted_splices
from isvclog.manifest.syntax.convert import RepeatedKey, convert
from isvclog.manifest.syntax.decode import to_utf8
from isvclog.manifest.syntax.embedded import INSIDE, expand_texts
from isvclog.manifest.syntax.load import ReadNodes, read_nodes
from isvclog.manifest.syntax.lookup import find
from isvclog.manifest.syntax.nodes import extent
from isvclog.manifest.syntax.parse_error import ParseError
from isvclog.manifest.syntax.positions import Positions
from isvclog.manifest.syntax.split import count_lines, split_documents
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

_LINE_BREAK = late_pattern(rb"\r\n?|\n")


class Intent(NamedTuple):
    """The intended changes of one document in a file. `document` counts from 1; paths start at the document."""

    document: int
    changes: tuple[Change, ...]


def apply(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Apply the edits to a file. Raise EditError if edits overlap, or if the file is not UTF-8."""
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    body = data[len(mark) :]
    if to_utf8(data) != body:
        raise EditError("the file is not UTF-8", "save it as UTF-8")
    _check_utf8(body)
    ordered = sorted_splices(edits)
    offsets = _offsets(body, sorted({place for edit in ordered for place in (edit.span[:2], edit.span[2:])}))
    pieces, done = [mark], 0
    for edit in ordered:
        pieces += (body[done : offsets[edit.span[:2]]], edit.text.encode())
        done = offsets[edit.span[2:]]
    return b"".join((*pieces, body[done:]))


def _check_utf8(body: bytes) -> None:
    """Raise EditError, with the place, for bytes that are not UTF-8 in any document: no Kubernetes tool reads them."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        start = max(body.rfind(b"\n", 0, error.start), body.rfind(b"\r", 0, error.start)) + 1
        line, column = 1 + count_lines(body, 0, start), 1 + len(body[start : error.start].decode())
        reason = f"byte {error.start + 1} of the file, 0x{body[error.start]:02x}, is not UTF-8"
        raise EditError(reason, "save the file as UTF-8", Span(line, column, line, column + 1)) from None


def _offsets(body: bytes, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Compute the byte offset of each line and column. `places` must be sorted."""
    found: dict[tuple[int, int], int] = {}
    starts = chain((0,), (match.end() for match in _LINE_BREAK.finditer(body)))
    number, text, column, offset = 0, "", 1, 0
    for place in places:
        if number < place[0]:
            while number < place[0]:
                offset, number = next(starts), number + 1
            end = _LINE_BREAK.search(body, offset)
            text, column = body[offset : end.start() if end else len(body)].decode(), 1
        # From place to place, as all of a JSON file may be one line.
        offset += len(text[column - 1 : place[1] - 1].encode())
        column = place[1]
        found[place] = offset
    return found


def verify(before: bytes, after: bytes, intents: Iterable[Intent], read: ReadNodes = read_nodes) -> None:
    """Parse both versions of a file; raise EditError if anything but the intended changes differs.

    Documents with the same text in both versions are not parsed.
    """
    wanted: dict[int, list[Change]] = {}
    for intent in intents:
        wanted.setdefault(intent.document, []).extend(intent.changes)
    old, new = (list(_documents(to_utf8(data))) for data in (before, after))
    if [number for number, _, _ in old] != [number for number, _, _ in new]:
        raise EditError("the edit would split the file into other documents", "edit it by hand")
    for (number, start, one), (_, _, other) in zip(old, new, strict=True):
        if one != other:
            line = 1 + count_lines(to_utf8(before), 0, start)
            _verify_document(Positions(one.decode(), line), other.decode(), number, wanted, read)


def _documents(data: bytes) -> Iterable[tuple[int, int, bytes]]:
    return ((number, start, data[start:end]) for number, start, end in split_documents(data))


def _verify_document(
    before: Positions, after: str, number: int, wanted: dict[int, list[Change]], read: ReadNodes
) -> None:
    try:
        roots = read(before.text)
        old, new = ([convert(root) for root in each] for each in (roots, read(after)))
    except ParseError as problem:
        raise EditError("the edited document would be unreadable", "edit it by hand") from problem
    if len(old) != len(new):
        raise EditError("the edit would split the document into several", "edit it by hand")
    for place, (root, (data, repeated), (result, repeated_now)) in enumerate(zip(roots, old, new, strict=True)):
        changes = wanted.get(number + place, ())
        _expand(data, result, changes, read)
        try:
            intended = apply_changes(data, changes)
        except (KeyError, IndexError, TypeError):
            raise EditError("the changes exclude each other", "make them one after the other") from None
        unintended = _wrong_value(intended, result) or _repeated_key(repeated, repeated_now)
        if unintended is not None:
            span = before.span(*extent(find(root, unintended.path)[0], before.text))
            raise EditError(unintended.reason, unintended.remedy, span)


def _expand(before: Any, after: Any, changes: Iterable[Change], read: ReadNodes) -> None:
    """Replace the texts that changes lead into by what they contain, before and after an edit.

    Raise EditError if one would be unreadable, or have a key twice.
    """
    if not (paths := [change.path for change in changes if INSIDE in change.path]):
        return
    try:
        repeated, repeated_now = expand_texts(before, paths, read), expand_texts(after, paths, read)
    except ParseError as problem:
        raise EditError("the edited text would be unreadable", "edit it by hand") from problem
    if repeated_now > repeated:
        raise EditError("a key of the edited text would be written twice", "keep one of them")


class _Unintended(NamedTuple):
    """A result of an edit that is not what was intended, and where it would show."""

    path: KeyPath
    reason: str
    remedy: str


def _wrong_value(intended: Any, result: Any) -> _Unintended | None:
    path = difference(intended, result)
    if path is None:
        return None
    shown = path[: path.index(INSIDE)] if INSIDE in path else path
    where = f"`{dotted(shown)}`" if shown else "the document"
    remedy = "write the value out where it is shared by an alias or a merge key, or edit it by hand"
    return _Unintended(path, f"{where} would get another value than intended", remedy)


def _repeated_key(before: Sequence[RepeatedKey], after: Sequence[RepeatedKey]) -> _Unintended | None:
    if len(after) <= len(before):
        return None
    known = {key.path for key in before}
    path = next((key.path for key in after if key.path not in known), after[-1].path)
    return _Unintended(path, f"`{dotted(path)}` would be written twice", "keep one of them")
