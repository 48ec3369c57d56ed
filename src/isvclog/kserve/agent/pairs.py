"""The one argument with all annotations: the pairs that went in, the items that come out, and where each began.

The webhook joins `key=value` pairs with commas and escapes nothing. So a value can end the list, or split or swallow
other values.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from isvclog.kserve.golang.csv import CsvError, locate_record
from isvclog.kserve.webhook.kubelet import expand
from isvclog.records import NamedTuple

Pair = tuple[str, str]

_MANY = 50


class Item(NamedTuple):
    """One item of the agent's list.

    `value` is None without `=`. `pair` is the index of the pair in which the item begins, and `offset` where it begins
    there, in characters of `key=value` after the kubelet's expansion.
    """

    key: str
    value: str | None
    pair: int
    offset: int = 0


class Reading(NamedTuple):
    """The result of reading the list. `items` are in order.

    `last` is the index of the pair that ends the list, or the number of pairs if none does. `broken` is the index of
    the pair that cannot be read at all; then there are no items. `inside` are the indexes of the items that begin
    inside a value, after a comma. `cut` is True if a line break in the last pair ends the list.
    """

    items: tuple[Item, ...] = ()
    last: int = 0
    broken: int | None = None
    inside: frozenset[int] = frozenset()
    cut: bool = False


def read_pairs(pairs: Sequence[Pair], environment: Mapping[str, str]) -> Reading:
    """Read the pairs as the agent does, after the kubelet's expansion."""
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
        items.append(Item(key, value if equals else None, pair, start - starts[pair]))
        if start != starts[pair]:
            inside.add(index)
    cut = end < size
    last = _pair_at(starts, end) if cut else len(pairs)
    return Reading(tuple(items), last, inside=frozenset(inside), cut=cut)


def comma_before(item: Item, pairs: Sequence[Pair]) -> int:
    """Find the comma before an item that begins inside a value, by its index in that value; -1 if it has none.

    Where the kubelet changes the text, it is the first comma.
    """
    key, value = pairs[item.pair]
    index = item.offset - len(key) - 2
    if item.offset and "$" not in value and "\r" not in value and value[index : index + 1] == ",":
        return index
    return value.find(",")


def read_all_pairs(pairs: Sequence[Pair], environment: Mapping[str, str]) -> list[Reading]:
    """Read the pairs, and continue after each pair that cannot be read or ends the list, as if that pair were fixed.

    Returns one reading for each part. All indexes of pairs count from the very first pair. If there are many such
    pairs, only the first ones are reported.
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
