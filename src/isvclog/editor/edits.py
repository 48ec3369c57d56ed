"""The difference of two texts as edits of the protocol: small ones, so that cursors and marks stay where they are."""

from lsprotocol import types

from isvclog.editor.documents import OpenDocument
from isvclog.editor.lines import split_lines
from isvclog.report.line_matching import LineMatcher


def edits_to(document: OpenDocument, after: str) -> list[types.TextEdit]:
    """Compute the edits that change the text of a document to another one."""
    before, new = split_lines(document.text), split_lines(after)
    matcher = LineMatcher([line.encode() for line in before], [line.encode() for line in new])
    return [
        _edit(document, first, "".join(before[first:last]), "".join(new[new_first:new_last]))
        for tag, first, last, new_first, new_last in matcher.get_opcodes()
        if tag != "equal"
    ]


def workspace_edit(document: OpenDocument, edits: list[types.TextEdit], *, versioned: bool) -> types.WorkspaceEdit:
    """Build an edit of a document, which names its version if the client can check that."""
    if not versioned:
        return types.WorkspaceEdit(changes={document.uri: edits})
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, edits)])


def _edit(document: OpenDocument, line: int, old: str, new: str) -> types.TextEdit:
    """Build the edit of some lines, without what both texts begin and end with."""
    start = _common(old, new)
    if old[:start].endswith("\r"):  # a line break is not cut
        start -= 1
    most = min(len(old), len(new)) - start
    end = _common(old[::-1][:most], new[::-1][:most])
    if old[len(old) - end :].startswith("\n"):
        end -= 1
    at, until = (document.lines.after(line, old[:length]) for length in (start, len(old) - end))
    return types.TextEdit(types.Range(at, until), new[start : len(new) - end])


def _common(one: str, other: str) -> int:
    """Count the characters that two texts begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (first, second) in pairs if first != second), min(len(one), len(other)))
