"""Words that escapes of a double-quoted scalar spell are found by the search in bytes."""

import pytest

from isvclog.manifest.syntax.split import may_contain


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (rb'kind: "Inference\x53ervice"', True),
        (rb'kind: "Inference\u0053ervice"', True),
        (rb'kind: "Inference\x-1ervice"', False),
        (rb'kind: "Inference\x+3ervice"', False),
        (rb'kind: "\uD800\U00110000\x53ervice"', False),
    ],
)
def test_escapes_are_read(text: bytes, found: bool) -> None:
    assert may_contain(text, [b"InferenceService"]) is found
