"""Places of an edited text in the text before, for any edit: what did not change is found where it was."""

from hypothesis import given
from hypothesis import strategies as st

from isvclog.edit.places import OldPlaces
from isvclog.edit.plan import EditPlan
from isvclog.findings import Edit, Span
from isvclog.manifest import live_object
from isvclog.manifest.syntax.positions import Positions

TEXTS = st.text("ab\n\réx", max_size=8)


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5), st.text("uvw\n", min_size=1, max_size=8), st.data())
def test_unchanged_text_is_found_and_nothing_else(
    changes: list[tuple[str, str]], kept: str, data: st.DataObject
) -> None:
    """`changes` are pairs of old and new text, with unchanged text between them."""
    old = new = kept
    edits: list[tuple[int, int, str]] = []
    same: dict[int, int] = {index: index for index in range(len(kept))}
    for before, after in changes:
        edits.append((len(old), len(old) + len(before), after))
        old, new = old + before, new + after
        same.update({len(new) + index: len(old) + index for index in range(len(kept))})
        old, new = old + kept, new + kept
    places, new_places = Positions(old, 1), Positions(new, 1)
    plan = EditPlan(live_object("x", {}), edits=tuple(Edit(places.span(*edit[:2]), edit[2]) for edit in edits))
    found = OldPlaces(old.encode(), new.encode(), [plan])
    index = data.draw(st.integers(0, len(new) - 1))
    expected: Span | None = None
    if index in same:
        expected = places.span(same[index], same[index] + 1)
    assert found.span(new_places.span(index, index + 1)) == expected
