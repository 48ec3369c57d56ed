"""The lines of two texts that are equal, found in time in proportion to the texts."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import pairwise

from isvclog.records import NamedTuple

_MOST_PAIRS = 10_000
"""The maximum number of pairs of equal lines in a section that is compared line by line."""
_PIECE = 64
"""The maximum number of lines, in either text, of a piece of a section that has more pairs."""


class _Section(NamedTuple):
    """Some lines of the old text, and those of the new text that they are compared with."""

    start: int
    end: int
    new_start: int
    new_end: int


class LineMatcher(SequenceMatcher[bytes]):
    """A `SequenceMatcher` that pairs lines which occur equally often in both texts, and compares between these pairs.

    Comparing every line with every other one would be slow: a file with a thousand services has most lines a thousand
    times.
    """

    def __init__(self, before: Sequence[bytes], after: Sequence[bytes]) -> None:
        super().__init__(None, before, after, autojunk=False)
        self._before, self._after = before, after

    def get_matching_blocks(self) -> list[Match]:
        """Find the stretches of equal lines, in order and as long as possible.

        The last one is always empty, as in difflib.
        """
        found = [Match(0, 0, 0)]
        for section in self._sections():
            for start, new_start, size in self._blocks(section):
                last = found[-1]
                if (last.a + last.size, last.b + last.size) == (start, new_start):
                    found[-1] = Match(last.a, last.b, last.size + size)
                else:
                    found.append(Match(start, new_start, size))
        return [*found, Match(len(self._before), len(self._after), 0)]

    def _sections(self) -> Iterator[_Section]:
        """Yield sections that can be compared line by line in a short time.

        The texts are split at lines that occur once. If this is not enough, they are split at lines that occur several
        times, as those of like documents do, and at last anywhere.
        """
        for section in self._split(_Section(0, len(self._before), 0, len(self._after)), 1):
            if self._is_small(section):
                yield section
                continue
            for part in self._split(section, len(self._before)):
                yield from [part] if self._is_small(part) else _pieces(part)

    def _lines(self, section: _Section) -> tuple[Sequence[bytes], Sequence[bytes]]:
        start, end, new_start, new_end = section
        return self._before[start:end], self._after[new_start:new_end]

    def _split(self, section: _Section, most: int) -> Iterator[_Section]:
        start, end, new_start, new_end = section
        anchors = _anchors(*self._lines(section), most)
        places = [(start, new_start), *((start + at, new_start + place) for at, place in anchors), (end, new_end)]
        for (one, new_one), (other, new_other) in pairwise(places):
            yield _Section(one, other, new_one, new_other)

    def _is_small(self, section: _Section) -> bool:
        before, after = self._lines(section)
        if len(before) <= _PIECE and len(after) <= _PIECE:
            return True
        new = Counter(after)
        return sum(new[line] for line in before) <= _MOST_PAIRS

    def _blocks(self, section: _Section) -> Iterator[Match]:
        before, after = self._lines(section)
        if before == after:
            yield Match(section.start, section.new_start, len(before))
            return
        for at, place, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()[:-1]:
            yield Match(section.start + at, section.new_start + place, size)


def _pieces(section: _Section) -> Iterator[_Section]:
    """Cut both texts of a section into equally many pieces."""
    start, end, new_start, new_end = section
    length, new_length = end - start, new_end - new_start
    count = max(length, new_length) // _PIECE + 1
    places = [(start + length * at // count, new_start + new_length * at // count) for at in range(count + 1)]
    for (one, new_one), (other, new_other) in pairwise(places):
        yield _Section(one, other, new_one, new_other)


def _anchors(before: Sequence[bytes], after: Sequence[bytes], most: int) -> list[tuple[int, int]]:
    """Pair the positions of lines that occur equally often in both texts, at most `most` times, in their order.

    Lines that changed their order are left out, as few as possible, so positions rise in both texts.
    """
    old, new = Counter(before), Counter(after)
    places: dict[bytes, list[int]] = {line: [] for line, count in new.items() if count == old[line] <= most}
    for at in reversed(range(len(after))):
        if after[at] in places:
            places[after[at]].append(at)
    pairs = [(at, places[line].pop()) for at, line in enumerate(before) if line in places]
    # The longest rising sequence: of each length, the end of the one that ends lowest, and what leads to each pair.
    ends: list[int] = []
    chosen: list[int] = []
    previous: list[int] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        previous.append(chosen[length - 1] if length else -1)
        ends[length : length + 1], chosen[length : length + 1] = [place], [index]
    found: list[tuple[int, int]] = []
    at = chosen[-1] if chosen else -1
    while at >= 0:
        found.append(pairs[at])
        at = previous[at]
    return found[::-1]
