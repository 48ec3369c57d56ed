"""A secret in the text of a file makes no secret of all other words in there."""

import pytest

from isvclog.redact.gate import SecretRedaction

FLOW = (
    "{kind: InferenceService, metadata: {annotations: {a: 'Bearer oYD9LcdbgUlPPvfeu3PSg1r9Vr96YqoY', b: 'Bearer "
    "qnT3S9mz5aSzIJ3fgLb9lE5uCJJcbKI6'}}, spec: {predictor: {logger: {storage: {}, metadataAnnotations: [a, b]}}}}\n"
)
LONG = FLOW + "x-unrelated: [" + ", ".join(f"word{number}" for number in range(200)) + "]\n"


@pytest.mark.parametrize("text", [FLOW, LONG, LONG.replace("\n", " ")])
def test_other_words_are_shown(text: str) -> None:
    redaction = SecretRedaction(texts=[text])
    told = "`storage` has no effect: the logger's metadataAnnotations of this InferenceService"
    assert redaction.sentence(told) == redaction.text(told) == told


def test_a_comment_of_two_words_is_hidden() -> None:
    redaction = SecretRedaction(texts=[LONG + "# Bearer sYD9LcdbgUlPPvfeu3PSg1r9Vr96Yqo7\n"])
    assert redaction.text("it was sYD9LcdbgUlPPvfeu3PSg1r9Vr96Yqo7") == "it was ***"


def test_two_secrets_of_two_words_in_a_line() -> None:
    shown = SecretRedaction().text(
        "a: Bearer oYD9LcdbgUlPPvfeu3PSg1r9Vr96YqoY b: Bearer qnT3S9mz5aSzIJ3fgLb9lE5uCJJcbKI6"
    )
    assert shown == "a: *** b: ***"
