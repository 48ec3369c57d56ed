"""Expansion of arguments. The table was measured with Kubernetes v1.34.0's own package."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isvclog.kserve.webhook.kubelet import DollarKind, dollars, expand

ENVIRONMENT = {"A": "1", "": "empty"}


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("$é", "$Ã\udca9"),
        ("$$", "$"),
        ("$$(A)", "$(A)"),
        ("$(A)", "1"),
        ("$(B)", "$(B)"),
        ("$(A", "$(A"),
        ("$A", "$A"),
        ("$", "$"),
        ("$$$(A)", "$1"),
        ("$()", "empty"),
        ("$(é)", "$(é)"),
        ("x$(A)$(A)y$", "x11y$"),
        ("$($(A))", "$($(A))"),
    ],
)
def test_expand(text: str, expanded: str) -> None:
    assert expand(text, ENVIRONMENT) == expanded


@given(st.text())
def test_text_without_a_dollar_stays(text: str) -> None:
    text = text.replace("$", "")
    assert expand(text, ENVIRONMENT) == text


@given(st.text(alphabet="$()AB1é"))
def test_escaped_text_comes_out_as_it_was(text: str) -> None:
    assert expand(text.replace("$", "$$"), ENVIRONMENT) == text


def test_dollars() -> None:
    found = [(dollar.kind, dollar.start, dollar.name) for dollar in dollars("$x $(A) $$(B) $\u00e9 $(C")]
    assert found == [(DollarKind.REFERENCE, 3, "A"), (DollarKind.ESCAPE, 8, ""), (DollarKind.DAMAGE, 14, "")]
