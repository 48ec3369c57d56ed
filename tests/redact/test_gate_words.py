"""Secrets that are encoded in a word of a message: names of services may be anything."""

import pytest

from isvclog.redact.gate import SecretRedaction

DOTENV = "ZXhwb3J0IEFQSV9UT0tFTj15MG85dm05eWk0Y3J1YzNuaThxMQ=="
JSON = "eyJ1c2VyIjogImJvYiIsICJwYXNzd29yZCI6ICJsc2Z6ZGNoY3YzandiNGxscjZiNSJ9"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"matches: a.yaml:3: InferenceService/{DOTENV}/fraud", "matches: a.yaml:3: InferenceService/***/fraud"),
        (f"there are `{JSON}` and `churn`.", "there are `***` and `churn`."),
        ("a-service-with-a-long-name-predictor-00001 `bW9kZWwtdHJhaW5lZC1vbi1tb25kYXk=`",) * 2,
    ],
)
def test_an_encoded_word(text: str, shown: str) -> None:
    redaction = SecretRedaction()
    assert redaction.text(text) == redaction.sentence(text) == shown


def test_the_name_of_a_secret_stays_where_an_argument_has_both() -> None:
    """An e-mail address may contain `/` and `=`, so the name in front of one would be masked as a part of it."""
    redaction = SecretRedaction([{"owner": "jane.doe@acme.example"}, ["acme.io/owner=jane.doe@acme.example,a=b"]])
    assert not redaction.is_part("acme.io/owner=")
    assert redaction.text("its owner is jane.doe@acme.example") == "its owner is ***"
