"""Loading of a file's objects, document by document.

A document that cannot be read becomes a finding and does not hide any other document.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

from isvclog.findings import Finding, Severity
from isvclog.manifest.syntax.convert import convert
from isvclog.manifest.syntax.decode import MAX_DOCUMENT_BYTES, check_document, check_file, to_utf8
from isvclog.manifest.syntax.files import Source
from isvclog.manifest.syntax.nodes import Node
from isvclog.manifest.syntax.objects import Document, KindOfPatch, Object, find_objects, no_patch
from isvclog.manifest.syntax.parse_error import TEMPLATED, UNPARSABLE, ParseError, unparsable
from isvclog.manifest.syntax.positions import Positions
from isvclog.manifest.syntax.split import count_lines, may_contain, split_documents
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

ReadNodes = Callable[[str], list[Node]]
"""A function like `read_nodes`."""


class _Wanted(NamedTuple):
    """A search inside documents of other kinds, by the parameters of `load`."""

    kinds: Sequence[str]
    kind_of_patch: KindOfPatch
    skip_mentions: bool


_BRACE = late_pattern(r"\s*\{")
_INNER_BOM = late_pattern("(?:^|(?<=[\r\x85\u2028\u2029]))\ufeff", re.MULTILINE)


def read_nodes(text: str) -> list[Node]:
    """Parse the text to the root node of each document; only a stream of JSON values has more than one.

    Raise ParseError if the text cannot be read. If both readers fail, it is the error of the one that got further.
    """
    if not _BRACE.match(text):
        return _read_yaml(text)
    from isvclog.manifest.syntax.json_text import compose_json

    try:
        return compose_json(text)
    except ParseError as json_problem:
        if json_problem.rule != UNPARSABLE:
            raise
        try:
            return _read_yaml(text)
        except ParseError as yaml_problem:
            # The one that understood more of the text.
            raise max(json_problem, yaml_problem, key=lambda problem: problem.start) from None


def remembering_reader() -> ReadNodes:
    """Create a `read_nodes` that remembers the last text.

    An edit reads each version of a document several times: to plan, to verify and to check the result.
    """
    return lru_cache(maxsize=1)(read_nodes)


def _read_yaml(text: str) -> list[Node]:
    if "\ufeff" in text and (mark := _INNER_BOM.search(text)):
        remedy = "Remove it: it belongs at the start of a file only."
        raise unparsable("a byte order mark is inside the file", remedy, mark.start())
    from isvclog.manifest.syntax.compose import compose

    return compose(text)


def load(
    source: Source,
    keywords: Sequence[bytes],
    read: ReadNodes = read_nodes,
    *,
    also: bytes = b"",
    kinds: Collection[str] | None = None,
    kind_of_patch: KindOfPatch = no_patch,
    skip_mentions: bool = False,
) -> Iterator[Object | Finding]:
    """Yield the objects of every document that may contain one of the keywords.

    Yield a finding for each of these documents that cannot be read. Keywords are ASCII words, such as kinds and names
    of objects. A document that contains none is skipped after a byte search, and no error in it is reported. Without
    keywords, every document is read. With `also`, a document must contain that word, too. One document is in memory at
    a time.

    Objects inside of documents of other kinds follow these: those whose kind contains a word of `kinds`, by default one
    of the keywords, and patches whose kind `kind_of_patch` knows, also a document that is a JSON patch. With
    `skip_mentions`, a document that cannot be read is not reported if it only mentions the words, and has no such kind
    or name, but a text inside a document is if it is the template of such an object.
    """
    data = to_utf8(source.data)
    if also not in data or not may_contain(data, keywords):
        return
    try:
        check_file(source.data, data)
    except ParseError as problem:
        yield _finding(source.name, 1, Positions(data.decode(errors="replace"), 1), problem)
        return
    wanted = _Wanted(
        [word.decode() for word in keywords] if kinds is None else list(kinds), kind_of_patch, skip_mentions
    )
    line, place = 1, 0
    for number, start, end in split_documents(data):
        if may_contain(data, keywords, start, end) and data.find(also, start, end) >= 0:
            line, place = line + count_lines(data, place, start), start
            yield from _load_document(source.name, number, line, data[start:end], read, wanted)


def _load_document(
    file: str, number: int, line: int, data: bytes, read: ReadNodes, wanted: _Wanted
) -> Iterator[Object | Finding]:
    text = data[:MAX_DOCUMENT_BYTES].decode(errors="replace")
    positions = Positions(text, line)
    try:
        check_document(data)
        roots = read(text)
    except ParseError as problem:
        if not wanted.skip_mentions or _may_be(wanted.kinds, text):
            yield _finding(file, number, positions, problem)
        return
    for place, root in enumerate(roots):
        try:
            value, repeated = convert(root)
        except ParseError as problem:
            if not wanted.skip_mentions or _may_be(wanted.kinds, text):
                yield _finding(file, number + place, positions, problem)
        else:
            document = Document(file, number + place, positions, repeated)
            if isinstance(value, list):
                yield from _patched(document, root, value, wanted.kind_of_patch)
            for obj in find_objects(document, root, value):
                yield obj
                yield from _embedded(obj, wanted)


def _patched(document: Document, root: Node, value: Any, kind_of_patch: KindOfPatch) -> Iterator[Object]:
    if kind_of_patch is not no_patch:
        from isvclog.manifest.syntax.embedded import find_patched  # few documents are lists

        yield from find_patched(document, root, value, kind_of_patch)


def _embedded(obj: Object, wanted: _Wanted) -> Iterator[Object | Finding]:
    if not wanted.kinds or any(word in obj.kind for word in wanted.kinds):
        return
    from isvclog.manifest.syntax.embedded import find_embedded  # most files have nothing inside

    for item in find_embedded(obj, wanted.kinds, read_nodes, wanted.kind_of_patch):
        if wanted.skip_mentions or isinstance(item, Object):
            yield item


def _may_be(kinds: Sequence[str], text: str) -> bool:
    """Check whether an unreadable text may be an object of one of the kinds or names, and not only mention it."""
    words = "|".join(map(re.escape, kinds))
    return re.search(rf"(?m)^[^\r\n#]*\b(?:kind|name)[\"']?[ \t]*:[^\r\n#]{{0,60}}(?:{words})", text) is not None


def _finding(file: str, number: int, positions: Positions, problem: ParseError) -> Finding:
    # Only what cannot be read needs its patterns, which take a while to compile.
    from isvclog.manifest.syntax.templates import explain_template

    problem = explain_template(problem, positions.text)
    span = positions.span(problem.start, problem.end)
    # What it becomes when it is rendered may be right.
    severity = Severity.WARNING if problem.rule == TEMPLATED else Severity.ERROR
    return Finding(file, span, severity, problem.rule, problem.message, problem.remedy, document=number)
