"""Parser of `# isvclog: ignore[rule-a, rule-b] reason` and `# isvclog: ignore-file[rule] reason`."""

from collections.abc import Iterator

from isvclog.findings import Span, code
from isvclog.manifest import Source
from isvclog.manifest.syntax.comments import Comment, find_comments
from isvclog.patterns import late_pattern
from isvclog.records import NamedTuple

MARKER = "isvclog:"

_DIRECTIVE = late_pattern(r"isvclog:[ \t]+ignore(-file)?\[([^\[\]]*)\](?!\])[ \t]*(.*)")
_RULE = late_pattern(r"[^,]+")
_WORD = late_pattern(r"isvclog:[ \t]*([^\s\[\](){}:,]*)[ \t]*([\[({:]?)")
_WORDS = ("ignore", "ignore-file")
_FORM = "# isvclog: {}[rule] reason"


class RuleName(NamedTuple):
    """One name between the brackets, and its position."""

    name: str
    span: Span


class SuppressionComment(NamedTuple):
    """One suppression in a comment: rules that are silent on line `line`, or in the whole file if that is None."""

    document: int
    rules: tuple[RuleName, ...]
    reason: str
    line: int | None


class MalformedComment(NamedTuple):
    """A comment that looks like a suppression but is not one; `problem` and `remedy` are a sentence each."""

    document: int
    span: Span
    problem: str
    remedy: str


def find_suppression_comments(source: Source) -> list[SuppressionComment | MalformedComment]:
    """Find the suppressions in the comments of a file, in text order; a file without any costs one byte search."""
    return [found for comment in find_comments(source, MARKER) if (found := parse_comment(comment)) is not None]


def parse_comment(comment: Comment) -> SuppressionComment | MalformedComment | None:
    """Parse a comment that starts with `isvclog:`; return None if it is prose."""
    match = _DIRECTIVE.match(comment.text)
    if match is None:
        return _malformed(comment)
    rules = tuple(_rules(comment, match.start(2), match.end(2)))
    if not rules:
        return _broken(comment, "names no rule", match[1] or "")
    return SuppressionComment(comment.document, rules, match[3].strip(), None if match[1] else comment.target)


def _rules(comment: Comment, start: int, end: int) -> Iterator[RuleName]:
    for match in _RULE.finditer(comment.text, start, end):
        if name := match[0].strip():
            begin = match.start() + match[0].index(name)
            yield RuleName(name, _span(comment, begin, begin + len(name)))


def _malformed(comment: Comment) -> MalformedComment | None:
    from difflib import get_close_matches

    match = _WORD.match(comment.text)
    word, bracket = (match[1], match[2]) if match else ("", "")
    lowered = word.lower().replace("_", "-")
    close = get_close_matches(lowered, _WORDS, 1, 0.8)
    if not (close or bracket in ("[", "(", "{") or lowered.startswith("ignore")):
        return None
    suffix = "-file" if "file" in lowered else ""
    if word not in _WORDS:
        what = f"says {code(word)}, which isvclog does not know" if word else "does not say what to do"
    elif comment.text.startswith(MARKER + word):
        what = "has no space after `isvclog:`"
    elif comment.text[len(MARKER) :].lstrip()[len(word) :].startswith("["):
        what = "has brackets that do not match"
    else:
        what = f"has no bracket directly after {code(word)}"
    return _broken(comment, what, suffix)


def _broken(comment: Comment, what: str, suffix: str) -> MalformedComment:
    form = code(_FORM.format("ignore" + suffix))
    problem = f"This comment {what}: it ignores nothing."
    return MalformedComment(comment.document, _span(comment, 0, len(comment.text)), problem, f"Write {form}.")


def _span(comment: Comment, start: int, end: int) -> Span:
    return Span(comment.line, comment.column + start, comment.line, comment.column + end)
