"""Code lenses, which say how much a logger sends, and links from the names of rules to their documentation."""

import re
from collections.abc import Iterator

from lsprotocol import types

from isvclog.config import NAME
from isvclog.editor.documents import OpenDocument
from isvclog.editor.pages import Pages
from isvclog.editor.previews import Previews
from isvclog.findings import Span
from isvclog.rules.registry import all_rules
from isvclog.suppressions import SuppressionComment, find_suppression_comments

PREVIEW = "isvclog.preview"
_MOST = 500
_WORD = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")


def lenses(document: OpenDocument, previews: Previews) -> Iterator[types.CodeLens]:
    """Yield a lens above each logger that a service writes, each canary, and each service that is rejected."""
    for index, item in enumerate(previews.services[:_MOST]):
        arguments = [document.uri, index, ""]
        if previews.of(index).rejected is not None:
            yield _lens(document, item.span(()), "rejected: nothing is deployed", arguments)
        for logger in previews.loggers(index):
            yield _lens(document, item.key_span(logger.path), logger.summary(), [document.uri, index, logger.canary])


def links(document: OpenDocument, pages: Pages) -> Iterator[types.DocumentLink]:
    """Yield a link for each rule that a comment ignores or the project file names."""
    for name, span in _rules(document):
        if name in all_rules() and (target := pages.rule(name)):
            yield types.DocumentLink(document.lines.range(span), target, f"The documentation of {name}")


def _lens(document: OpenDocument, span: Span, title: str, arguments: list[object]) -> types.CodeLens:
    command = types.Command(title, PREVIEW, arguments=arguments)
    return types.CodeLens(document.lines.first_line(span), command)


def _rules(document: OpenDocument) -> Iterator[tuple[str, Span]]:
    if document.path and document.path.endswith(NAME):
        for number in range(len(document.lines)):
            for found in _WORD.finditer(document.lines.text(number)):
                yield found[0], Span(number + 1, found.start() + 1, number + 1, found.end() + 1)
        return
    for comment in find_suppression_comments(document.source):
        if isinstance(comment, SuppressionComment):
            yield from comment.rules
