"""JSON that Go decodes into `interface{}` and encodes again. The batcher's measured exchanges have Go's own answers."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.kserve.golang.json import marshal
from isvclog.kserve.golang.jsondecode import Field, Struct, unmarshal
from isvclog.kserve.golang.jsonitems import encoded_items
from isvclog.kserve.golang.jsonsyntax import JsonError
from isvclog.kserve.golang.strings import from_bytes

REQUEST = Struct("batcher.Request", (Field("instances", "[]interface {}"),))

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(("é", "\u2028", "<&>")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)
members = st.tuples(
    st.sampled_from(("instances", "Instances", "in\u017ftances", "x")), st.lists(values, max_size=4) | values
)


def as_object(pairs: list[tuple[str, object]], ascii_only: bool) -> bytes:
    """Write an object whose names may repeat."""
    written = [f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=ascii_only)}" for name, value in pairs]
    return f"{{{','.join(written)}}}".encode("utf-8", "surrogatepass")


snippets = st.text('[]{}",:0123456789.eE+-ntrufalse\\ud8ae \n\ufeff', max_size=30).map('{"instances":['.__add__)


def outcome(items: Callable[[], list[str]]) -> list[str] | str:
    try:
        return items()
    except JsonError as error:
        return str(error)


@given(st.builds(as_object, st.lists(members, max_size=3), st.booleans()) | snippets.map(str.encode) | st.binary())
def test_the_quick_way_gives_what_go_s_rules_give(data: bytes) -> None:
    expected = outcome(lambda: [marshal(item) for item in unmarshal(from_bytes(data), REQUEST)["instances"] or ()])
    assert outcome(lambda: encoded_items(data, REQUEST)) == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_reads_back(number: float) -> None:
    text = marshal(number)
    assert float(text) == number
    mantissa = abs(number)
    assert ("e" in text) == (mantissa != 0 and not 1e-6 <= mantissa < 1e21)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0"), (-0.0, "-0"), (1.0, "1"), (1e20, "100000000000000000000"), (1e21, "1e+21"), (1.5e300, "1.5e+300"),
        (1e-6, "0.000001"), (1.5e-5, "0.000015"), (9.9e-7, "9.9e-7"), (5e-324, "5e-324"), (0.1, "0.1"),
        (123456789012345678.0, "123456789012345680"),
    ],
)  # fmt: skip
def test_a_float_is_written_as_go_writes_it(number: float, text: str) -> None:
    assert marshal(number) == text


def test_values_that_are_nested_too_deeply_are_refused() -> None:
    with pytest.raises(JsonError, match="exceeded max depth"):
        encoded_items(b'{"instances":[' + b"[" * 5000 + b"]" * 5000 + b"]}", REQUEST)
