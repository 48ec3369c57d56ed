"""Suppressions in comments of the templates and files that rendered text comes from."""

from collections.abc import Collection, Iterator

from isvclog.findings import Finding
from isvclog.records import NamedTuple
from isvclog.suppressions.directives import MARKER, MalformedComment, SuppressionComment, parse_comment
from isvclog.suppressions.issues import malformed_comment, unused_comment

CommentIdentity = tuple[tuple[str, ...], str]
"""The rules of a comment and its reason, or what is wrong with it: the same if Helm keeps the comment."""


class SuppressedSource(NamedTuple):
    """A rule that is suppressed in a file of a chart or overlay: on a line, or in all of it if that is None."""

    file: str
    rule: str
    line: int | None


class _Known(NamedTuple):
    comment: SuppressionComment | MalformedComment
    is_certain: bool


class SourceSuppressions:
    """The suppressions in the sources of rendered text of one run, which may be rendered several times."""

    def __init__(self) -> None:
        self._files: dict[str, list[_Known]] = {}
        self._places: dict[SuppressedSource, SuppressionComment] = {}
        self._used: set[SuppressedSource] = set()

    def read(self, files: Collection[tuple[str, bool]]) -> None:
        """Read the comments of files; with True, a file is a template, whose comments must suppress something."""
        if not files:
            return
        from isvclog.rendering.comments import find_source_comments
        from isvclog.rendering.trace import shown_file

        for file, is_template in files:
            name = shown_file(file)
            if name in self._files:
                continue
            self._files[name] = []
            for comment, is_certain in find_source_comments(file, MARKER):
                if found := parse_comment(comment):
                    self._add(name, found, is_certain and is_template)

    def _add(self, file: str, found: SuppressionComment | MalformedComment, is_certain: bool) -> None:
        if isinstance(found, SuppressionComment):
            is_certain = is_certain or found.line is None
            for rule in found.rules:
                self._places.setdefault(SuppressedSource(file, rule.name, found.line), found)
        self._files[file].append(_Known(found, is_certain))

    def matching(self, finding: Finding) -> list[SuppressedSource]:
        """Find the suppressions of a finding: on the line that it comes from, or in all of the file."""
        if not finding.origin or not self._places:
            return []
        lines = (finding.origin.span.line, None) if finding.origin.is_exact else (None,)
        places = [SuppressedSource(finding.origin.file, finding.rule, line) for line in lines]
        return [place for place in places if place in self._places]

    def use(self, places: Collection[SuppressedSource]) -> list[str]:
        """Count suppressions as used, and return their reasons."""
        self._used.update(places)
        return [self._places[place].reason for place in places]

    def use_same(self, identities: Collection[CommentIdentity]) -> None:
        """Count the comments as used that Helm keeps, and that suppress something in the rendered text."""
        self._used |= {place for place, comment in self._places.items() if identity_of(comment) in identities}

    @property
    def identities(self) -> frozenset[CommentIdentity]:
        """The identities of all comments that were read."""
        return frozenset(identity_of(known.comment) for known in self._known_comments())

    def unused(self, rules: Collection[str], known_rules: Collection[str]) -> Iterator[Finding]:
        """Report comments that cannot be read, and those of rules that ran and suppressed nothing.

        Comments about lines that depend on values are not reported.
        """
        for file, comments in self._files.items():
            for comment, is_certain in comments:
                if isinstance(comment, MalformedComment):
                    yield malformed_comment(file, comment)
                elif is_certain:
                    for rule in comment.rules:
                        runs = rule.name in rules or rule.name not in known_rules
                        if runs and SuppressedSource(file, rule.name, comment.line) not in self._used:
                            yield unused_comment(file, comment.document, rule, known_rules)

    def _known_comments(self) -> Iterator[_Known]:
        for comments in self._files.values():
            yield from comments


def identity_of(comment: SuppressionComment | MalformedComment) -> CommentIdentity:
    """Return what is the same for a comment of a template and for the rendered one."""
    if isinstance(comment, MalformedComment):
        return (), comment.problem
    return tuple(rule.name for rule in comment.rules), comment.reason
