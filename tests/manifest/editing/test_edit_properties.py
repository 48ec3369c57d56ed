"""Generated documents in many styles, changed at random: refused in a sentence, or exactly what was intended."""

from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st
from styles import Style, styles, write

from isvclog.changes import Change, Insert, Remove, Rename, Replace
from isvclog.keypath import KeyPath, value_at
from isvclog.manifest import Object, Source, load
from isvclog.manifest.editing.apply import Intent, apply, verify
from isvclog.manifest.editing.edit_error import EditError
from isvclog.manifest.editing.editor import text_edits
from isvclog.manifest.editing.intended import apply_changes, difference

WORDS = st.sampled_from(
    ["a", "x-request-id", "true", "12", "", "é: ü", "it's", 'say "x"', "#no", "a, b", "1e3", "~", "l\n m"]
)
KEYS = st.sampled_from(["a", "b", "team", "example.com/key", "yes", "0", "k e y", "c#", "größe"])
VALUES = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers(-5, 99),
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(KEYS, inner, min_size=1, max_size=3),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, min_size=2, max_size=4)


def paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [path, *(inner for step in steps for inner in paths(value[step], (*path, step)))]


@st.composite
def changes(draw: st.DrawFn, data: Any) -> Change:
    path = draw(st.sampled_from(paths(data)))
    value = value_at(data, path)
    kinds: list[Change] = []
    if isinstance(value, dict):
        kinds.append(Insert((*path, draw(KEYS | WORDS.filter(bool))), draw(WORDS)))
    if path and not isinstance(value, dict | list):
        kinds.append(Replace(path, draw(WORDS)))
    if path and len(value_at(data, path[:-1])) > 1:
        kinds.append(Remove(path))
    if path and isinstance(path[-1], str):
        kinds.append(Rename(path, draw(KEYS)))
    assume(kinds)
    return draw(st.sampled_from(kinds))


@given(st.data(), DOCUMENTS, styles())
def test_a_change_is_exact_or_refused(data: st.DataObject, document: Any, style: Style) -> None:
    text = write(document, style)
    before = text.encode()
    obj = next(iter(load(Source("before", before), ())))
    assert isinstance(obj, Object)
    assert difference(document, obj.data) is None
    change = data.draw(changes(document))
    try:
        after = apply(before, text_edits(obj, [change]))
        verify(before, after, [Intent(1, (change,))])
    except EditError as error:
        event(f"refused {type(change).__name__}: {error.reason.rpartition('` ')[2]}")
        assume(not error.reason.endswith("already exists"))
        raise
    again = next(iter(load(Source("after", after), ())))
    assert isinstance(again, Object)
    assert difference(apply_changes(document, [change]), again.data) is None
    assert before.endswith(b"\n") == after.endswith(b"\n")
    assert after.count(b"\r\n") == after.count(b"\r") == after.count(b"\n") * (b"\r" in before)
    check_lines(text, after.decode(), change)


def check_lines(before: str, after: str, change: Change) -> None:
    """Only neighbouring lines differ: one for a name or a value, none removed for an addition, none added else."""
    old, new = before.splitlines(), after.splitlines()
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    common = 0
    while common < min(len(old), len(new)) - start and old[-1 - common] == new[-1 - common]:
        common += 1
    gone, came = len(old) - common - start, len(new) - common - start
    if isinstance(change, Insert):
        assert gone <= 1
        assert came <= 2
    elif isinstance(change, Remove):
        assert came <= 2
    else:
        assert came <= 1
    if not isinstance(change, Remove):
        assert before.count("# note") == after.count("# note")
