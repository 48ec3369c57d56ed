"""Comments of the sources of rendered text: of templates, also those that Helm drops, and of files of overlays."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from isvclog.manifest.syntax.comments import Comment, find_comments
from isvclog.manifest.syntax.files import Source
from isvclog.records import NamedTuple
from isvclog.rendering.actions import TemplateText, find_actions
from isvclog.rendering.folders import read_text

_START = re.compile(r"\{\{(?:-\s)?\s*/\*\s*")
_PLAIN = re.compile(r"(?<!\S)#[ \t]*")
_NOT_BREAK = re.compile(r"[^\n]")


class SourceComment(NamedTuple):
    """A comment of a source.

    `is_certain` is True if the line that it is about is rendered with its object, whatever the values are.
    """

    comment: Comment
    is_certain: bool


def find_source_comments(file: str, word: str) -> list[SourceComment]:
    """Find the comments of a file that start with the word; `{{/* WORD ... */}}` and `# WORD ...` in a template.

    A comment on a line of its own is about the next line with anything else.
    """
    text = read_text(file).replace("\r\n", "\n").replace("\r", "\n")
    if word not in text:
        return []
    if "{{" not in text:
        return [SourceComment(comment, True) for comment in find_comments(Source(file, text.encode()), word)]
    template = TemplateText(text)
    found = [*_of_actions(text, template.lines, word), *_plain(text, template.lines, word)]
    return [SourceComment(each, _is_certain(template, each.target - 1)) for each in sorted(found)]


def _is_certain(template: TemplateText, line: int) -> bool:
    return line < len(template.lines) and template.plain[line] is not None and template.is_with_object(line, line + 1)


def _of_actions(text: str, lines: list[str], word: str) -> Iterator[Comment]:
    starts = [0]
    for written in lines:
        starts.append(starts[-1] + len(written) + 1)
    targets = _targets(_blanked(text, with_actions=False).split("\n"))
    for action in find_actions(text):
        begin = _START.match(text, action.start) if action.is_comment else None
        if begin and text.startswith(word, begin.end()):
            shown = text[begin.end() : action.end].partition("\n")[0].partition("*/")[0].rstrip()
            line = bisect_right(starts, begin.end()) - 1
            last = bisect_right(starts, max(action.start, action.end - 1)) - 1
            yield Comment(1, line + 1, begin.end() - starts[line] + 1, shown, targets[last] + 1)


def _plain(text: str, lines: list[str], word: str) -> Iterator[Comment]:
    blanked = _blanked(text, with_actions=True).split("\n")
    targets = _targets(blanked)
    for number, line in enumerate(blanked):
        at = line.find(word)
        if at < 0 or not (sign := _PLAIN.search(line)) or sign.end() != at or _is_quoted(line[: sign.start()]):
            continue
        yield Comment(1, number + 1, at + 1, lines[number][at:].rstrip(), targets[number] + 1)


def _is_quoted(text: str) -> bool:
    return text.count('"') % 2 == 1 or text.count("'") % 2 == 1


def _blanked(text: str, *, with_actions: bool) -> str:
    """Replace the comments of a template by blanks and, with `with_actions`, other actions by letters."""
    pieces: list[str] = []
    done = 0
    for action in find_actions(text):
        if action.is_comment or with_actions:
            letter = " " if action.is_comment else "x"
            pieces += (text[done : action.start], _NOT_BREAK.sub(letter, text[action.start : action.end]))
            done = action.end
    return "".join((*pieces, text[done:]))


def _targets(lines: list[str]) -> list[int]:
    """Return for each line the first one from there on that has more than comments."""
    targets = list(range(len(lines) + 1))
    for number in range(len(lines) - 1, -1, -1):
        if not lines[number].strip() or lines[number].lstrip().startswith("#"):
            targets[number] = targets[number + 1]
    return targets
