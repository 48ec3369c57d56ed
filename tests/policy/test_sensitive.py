"""Expressions about names find what lint finds in the lists of names of the tests of redaction."""

from pathlib import Path
from typing import Any

import pytest
from policies import evaluate

from isvclog.kserve.apis.releases import NEWEST
from isvclog.policy.checks.sensitive import sensitive_rules
from isvclog.policy.model import PolicyTarget
from isvclog.rules.policy import Policy

NAMES = Path(__file__).parents[1] / "redact"
RULES = {"headers": ("sensitive-header",), "keys": ("sensitive-annotation-key", "personal-annotation")}
WRONG = {
    ("headers", "true"): {"X-CSRFToken"},  # a word in another word
    ("keys", "true"): {
        *("IDToken", "azureConnectionString", "ownerEmail"),  # words in another word
        *("max-password", "AWS_ACCESS_KEY_ID"),  # a word that mostly makes it harmless
        # `internal-annotation` reports these
        *("kubectl.kubernetes.io/last-applied-configuration", "internal.serving.kserve.io/storage-spec-param"),
    },
    ("headers", "false"): set(),
    ("keys", "false"): {"serving.kserve.io/secretKey"},  # KServe's own name for an entry of a Secret
}
"""Names that the expressions judge otherwise than lint, and why."""


NO_POLICY = Policy()


def found(kind: str, name: str, policy: Policy = NO_POLICY) -> bool:
    logger: dict[str, Any] = {"component": "predictor", "items": [name], "own": {}}
    variables = {"headers": [logger], "listed": [logger], "annotations": {}}
    rules = [rule for rule in sensitive_rules(PolicyTarget(NEWEST, policy)) if rule.rule in RULES[kind]]
    return any(evaluate(rule.found, variables=variables) for rule in rules)


@pytest.mark.parametrize(("kind", "expected"), WRONG)
def test_names(kind: str, expected: str) -> None:
    lines = (NAMES / kind / f"{expected}.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert len(names) > 50
    wrong = {name for name in names if found(kind, name) != (expected == "true")}
    assert wrong == WRONG[kind, expected]


def test_names_that_the_project_allows() -> None:
    assert found("headers", "X-Api-Key")
    assert not found("headers", "X-Api-Key", Policy(sensitive_allowed=("X-Api-*",)))
