"""Removal of entries from a list or mapping.

The rest of an entry's line is removed with the entry, even a comment. Comment lines above and below it stay, because
nobody can tell what they are about; only those between its own lines are removed with it.
"""

from collections.abc import Collection, Iterable, Iterator

from isvclog.manifest.editing.brackets import remove_from_brackets
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.entries import (
    EntrySpan,
    Splice,
    back_over_blanks,
    consecutive_runs,
    entries,
    line_end,
    line_start,
    next_line,
    skip_blanks,
    starts_line,
)
from isvclog.manifest.syntax.nodes import Mapping, Sequence


def remove_entries(node: Sequence | Mapping, indexes: Collection[int], text: str) -> Iterator[Splice]:
    """Yield the splices that remove the entries with these indexes. Raise EditError if none would be left."""
    found = entries(node, text)
    if len(set(indexes)) >= len(found):
        kind = "list" if isinstance(node, Sequence) else "mapping"
        raise EditError(f"nothing would be left of the {kind}", f"remove the whole {kind} by hand")
    if node.flow:
        yield from remove_from_brackets(node, indexes, text)
        return
    for first, last in consecutive_runs(indexes):
        yield from _from_block(found, first, last, text)


def merged_splices(splices: Iterable[Splice], text: str) -> list[Splice]:
    """Merge the removals of several collections.

    If the text has no line break at its end, the last removals may meet and become one.
    """
    found: list[Splice] = []
    for splice in sorted(splices):
        if found and found[-1].end > splice.start and found[-1].end < splice.end == len(text):
            before = found.pop().start
            splice = Splice(_before_blank_lines(before, text), splice.end, "")
        found.append(splice)
    return found


def _from_block(found: list[EntrySpan], first: int, last: int, text: str) -> Iterator[Splice]:
    run = found[first : last + 1]
    if starts_line(text, run[0].start):
        at_end = line_end(text, run[-1].end) == len(text)
        yield from (whole_lines(entry, text, at_end) for entry in run)
        return
    if last + 1 == len(found):
        raise EditError("a line break here is U+0085, U+2028 or U+2029", "write plain line breaks")
    # It is the first of its collection and shares the line of a dash above it.
    following = found[last + 1].start
    gaps = zip([entry.end for entry in run], [*(entry.start for entry in run[1:]), following], strict=True)
    if not any("#" in text[line_end(text, end) : start] for end, start in gaps):
        yield Splice(run[0].start, following, "")
        return
    yield Splice(back_over_blanks(text, run[0].start), line_end(text, run[0].end), "")
    yield from (whole_lines(entry, text, False) for entry in run[1:])


def whole_lines(entry: EntrySpan, text: str, at_end: bool) -> Splice:
    """Build the splice that removes the lines of an entry.

    `at_end` is True if the text ends in the last line of the removed entries, without a line break. Then the line
    breaks before the entry are removed instead of the one behind it. Raise EditError if something else is in the
    entry's last line.
    """
    rest = skip_blanks(text, entry.end)
    end = line_end(text, entry.end)
    if rest < end and text[rest] != "#":
        raise EditError("something else is in the same line", "edit it by hand")
    start = line_start(text, entry.start)
    if not at_end:
        return Splice(start, next_line(text, end), "")
    return Splice(_before_blank_lines(start, text), end, "")


def _before_blank_lines(start: int, text: str) -> int:
    """Find the end of the last line that is not blank, above the line that starts here."""
    while start:
        start -= 2 if text.endswith("\r\n", 0, start) else 1
        if not starts_line(text, start):
            break
        start = line_start(text, start)
    return start
