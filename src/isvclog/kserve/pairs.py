"""The one argument that carries all annotations: which pairs went in, which items come out, and where each began.

The webhook joins `key=value` pairs with commas and escapes nothing, so a value can end the list, or split or swallow
others.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from isvclog.kserve.golang.csv import CsvError, locate_record
from isvclog.kserve.kubelet import expand

Pair = tuple[str, str]

_MANY = 50


class Item(NamedTuple):
    """One item of the agent's list; `value` is None without `=`, `pair` the index of the pair it begins in."""

    key: str
    value: str | None
    pair: int


class Reading(NamedTuple):
    """`items` in order; `last` is the index of the pair that ends the list, the number of pairs where none does.

    `broken` is the index of the pair that cannot be read at all; then there are no items. `inside` are the indexes of
    the items that begin inside a value, behind a comma. `cut` says whether a line break in the last pair ends the list.
    """

    items: tuple[Item, ...] = ()
    last: int = 0
    broken: int | None = None
    inside: frozenset[int] = frozenset()
    cut: bool = False


def read_pairs(pairs: Sequence[Pair], environment: Mapping[str, str]) -> Reading:
    """What the agent makes of the pairs, after the kubelet's expansion."""
    if not pairs:
        return Reading()
    texts = [expand(f"{key}={value}", environment) for key, value in pairs]
    text = ",".join(texts)
    # Offsets count in the text as the agent reads it, where \r\n became \n.
    lengths = [len(text) - text.count("\r\n") for text in texts]
    starts = [0, *accumulate(length + 1 for length in lengths[:-1])]
    size = starts[-1] + lengths[-1] - text.endswith("\r")
    try:
        fields, end = locate_record(text)
    except CsvError as error:
        return Reading(broken=_pair_at(starts, error.position))
    items, inside = [], set()
    for index, (start, field) in enumerate(fields):
        key, equals, value = field.partition("=")
        pair = _pair_at(starts, start)
        items.append(Item(key, value if equals else None, pair))
        if start != starts[pair]:
            inside.add(index)
    cut = end < size
    last = _pair_at(starts, end) if cut else len(pairs)
    return Reading(tuple(items), last, inside=frozenset(inside), cut=cut)


def read_all_pairs(pairs: Sequence[Pair], environment: Mapping[str, str]) -> list[Reading]:
    """`read`, and again what lies behind a pair that cannot be read or that ends the list, as if that were mended.

    All indexes of pairs count from the first pair of all. Of many such pairs the first ones are enough.
    """
    readings: list[Reading] = []
    start = 0
    while start < len(pairs) and len(readings) < _MANY:
        reading = read_pairs(pairs[start:], environment)
        if reading.broken is None:
            end = start + reading.last
        else:
            end = start + reading.broken
            if reading.broken:
                readings.append(_moved(read_pairs(pairs[start:end], environment), start))
            reading = Reading(broken=reading.broken)
        readings.append(_moved(reading, start))
        start = end + 1
    return readings


def _moved(reading: Reading, by: int) -> Reading:
    if not by:
        return reading
    items = tuple(item._replace(pair=item.pair + by) for item in reading.items)
    broken = None if reading.broken is None else reading.broken + by
    return reading._replace(items=items, last=reading.last + by, broken=broken)


def _pair_at(starts: Sequence[int], offset: int) -> int:
    return max(0, bisect_right(starts, offset) - 1)
