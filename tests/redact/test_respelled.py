"""Known secrets in the spellings that fixes and KServe give them."""

import pytest

from isvclog.redact.places.place import without_places
from isvclog.redact.respelled import Respelled


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        ("Hunter-Correct", "Write `hunter-correct`.", "Write `***`."),
        ("hun\x00ter-Correct", "Write `hunter-Correct`.", "Write `***`."),
        ("hunter$(A)Correct", "Write `hunter$$(A)Correct`.", "Write `***`."),
        ("hunter-Correct\n", '"hunter-\\x7fCorrect"', '"***"'),
        ("hunter-Correct", "a hunter-correction", "a ***ion"),
        ("hun\x7fter", "a hunter", "a ***"),
        ("hun\x7fter", "a hunters", "a hunters"),
        ("hun\x7ft", "a hunt", "a hunt"),
        ("log ger", "the logger", "the logger"),
        ("hunter-Correct", "hunter Correct", "hunter Correct"),
        ("hunter-Correct", "hunter-Corr", "hunter-Corr"),
        ("hunter-Correct", "\u0130 hunter-Correct", "\u0130 hunter-Correct"),
    ],
)
def test_spellings(secret: str, text: str, shown: str) -> None:
    assert without_places(text, [*Respelled([secret]).places(text)]) == shown
