"""Code actions: fixes of findings, all safe fixes at once, and comments that ignore a finding."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from lsprotocol import types

from isvclog.editor.diagnostics import diagnostic
from isvclog.editor.documents import Checked, OpenDocument
from isvclog.editor.edits import edits_to, workspace_edit
from isvclog.editor.pages import Pages
from isvclog.findings import Finding
from isvclog.lint.fixes import fix, fix_until_done
from isvclog.manifest import Source
from isvclog.records import NamedTuple
from isvclog.suppressions import EXPIRED, UNUSED

FIX_ALL = "source.fixAll.isvclog"
_MOST = 10
"""The findings of one place for which there are actions; each action is tried before it is offered."""
_MOST_UNASKED = 128 * 1024
"""The bytes of a document above which all fixes are tried only if the client asks for that."""


class ActionRequest(NamedTuple):
    """A request for code actions. `only` are the kinds that the client wants, empty for all."""

    range: types.Range
    only: Sequence[str]
    versioned: bool

    def wants(self, kind: str) -> bool:
        """Check whether the client wants actions of this kind: it asks for the kind, or for one that contains it."""
        return not self.only or any(kind == each or kind.startswith(f"{each}.") or not each for each in self.only)


def code_actions(
    document: OpenDocument, checked: Checked, request: ActionRequest, pages: Pages
) -> Iterator[types.CodeAction]:
    """Yield the actions for a range of a document, those that are safe first."""
    if checked.source.data.decode("utf-8", "replace") != document.text:
        return  # the text has half a character, and edits would change that, too
    here = list(islice(_at(document, checked, request.range), _MOST))
    is_quick_fix = request.wants(types.CodeActionKind.QuickFix.value)
    if is_quick_fix:
        for pair in sorted(here, key=_is_unsafe):
            yield from _fix(document, checked, pair, request, pages)
    if request.wants(FIX_ALL) and (request.only or _is_quick(checked, here)):
        yield from _fix_all(document, checked, request)
    if is_quick_fix:
        for pair in here:
            yield from _ignore(document, checked, pair, request, pages)


def _is_unsafe(pair: tuple[Finding, Finding]) -> bool:
    return pair[0].fix is not None and not pair[0].fix.safe


def _at(document: OpenDocument, checked: Checked, at: types.Range) -> Iterator[tuple[Finding, Finding]]:
    for found, shown in checked.pairs():
        place = document.lines.first_line(found.span)
        if place.start <= at.end and at.start <= place.end:
            yield found, shown


def _is_quick(checked: Checked, here: Sequence[tuple[Finding, Finding]]) -> bool:
    """Check whether to try all fixes although nobody asked: editors ask for actions whenever the cursor moves."""
    return len(checked.source.data) <= _MOST_UNASKED and any(found.fix and found.fix.safe for found, _ in here)


def _fix(
    document: OpenDocument, checked: Checked, pair: tuple[Finding, Finding], request: ActionRequest, pages: Pages
) -> Iterator[types.CodeAction]:
    """Yield the action that fixes a finding, unless it would change something else."""
    found, shown = pair
    done = fix(checked.source, [found], unsafe=True) if found.fix and found.fix.edits else None
    if not (done and done.applied and found.fix and shown.fix):
        return
    title = shown.fix.title.removesuffix(".")
    edits = edits_to(document, done.data.decode())
    yield types.CodeAction(
        title if found.fix.safe else f"{title} (unsafe: look at the result)",
        types.CodeActionKind.QuickFix,
        [diagnostic(document, found, shown, pages)],
        is_preferred=found.fix.safe,
        edit=workspace_edit(document, edits, versioned=request.versioned),
    )


def _fix_all(document: OpenDocument, checked: Checked, request: ActionRequest) -> Iterator[types.CodeAction]:
    done = fix_until_done(checked.source, checked.result.findings, partial(_again, document, checked), unsafe=False)
    if not done.applied:
        return
    edits = edits_to(document, done.data.decode())
    edit = workspace_edit(document, edits, versioned=request.versioned)
    yield types.CodeAction("Fix everything that isvclog can fix safely", FIX_ALL, edit=edit)


def _again(document: OpenDocument, checked: Checked, source: Source) -> Sequence[Finding]:
    """Find what is left in another state of the document."""
    return document.changed(source.data.decode(), None).check(checked.project).result.findings


def _ignore(
    document: OpenDocument, checked: Checked, pair: tuple[Finding, Finding], request: ActionRequest, pages: Pages
) -> Iterator[types.CodeAction]:
    """Yield the action that ignores a finding by a comment above it, if the comment has this effect and no other."""
    found, shown = pair
    if found.rule in (UNUSED, EXPIRED) or _is_json(document):
        return
    line = (found.key_line or found.span.line) - 1
    text = document.lines.text(line)
    indent = text[: len(text) - len(text.lstrip(" "))]
    comment = f"{indent}# isvclog: ignore[{found.rule}] TODO: say why this is acceptable{document.lines.line_break}"
    at = document.lines.after(line, "")
    after = document.lines.insert(line, comment)
    left = document.changed(after, None).check(checked.project).result.findings
    expected = [each.rule for each in checked.result.findings if not _is_same(each, found)]
    if sorted(each.rule for each in left) != sorted(expected):
        return
    yield types.CodeAction(
        f"Ignore {found.rule} here, with a reason",
        types.CodeActionKind.QuickFix,
        [diagnostic(document, found, shown, pages)],
        edit=workspace_edit(document, [types.TextEdit(types.Range(at, at), comment)], versioned=request.versioned),
    )


def _is_json(document: OpenDocument) -> bool:
    """Check whether other programs will read the document as JSON, which has no comments."""
    return document.name.endswith(".json") or document.text.lstrip("\ufeff \t\r\n").startswith("{")


def _is_same(one: Finding, other: Finding) -> bool:
    """Check whether a comment about one finding ignores another one: it is of the same rule in the same line."""
    lines = {other.span.line, other.key_line or other.span.line}
    return one.rule == other.rule and not lines.isdisjoint((one.span.line, one.key_line or one.span.line))
