"""Mutating policies make the safe fixes of lint, and nothing that lint would not."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from policies import evaluate
from random_services import random_service

from isvclog.findings import Finding
from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST
from isvclog.lint.engine import lint_object, select_rules
from isvclog.policy.export import export_policies
from isvclog.policy.fixes import fixes
from isvclog.policy.model import PolicyTarget
from isvclog.redact.headers import is_sensitive_header
from isvclog.redact.wordlists import PERSONAL, SECRET
from isvclog.rules.policy import Policy
from isvclog.rules.registry import all_rules
from oracles.admission.services import services_of, without_nulls

FIXED = {fix.rule for fix in fixes()}
SETTINGS = select_rules(Installation(), Policy())


@cache
def exported_policy() -> Any:
    return export_policies("map", PolicyTarget(NEWEST), "warn", frozenset(all_rules()))[0].data["spec"]


def mutated(service: dict[str, Any]) -> dict[str, Any]:
    """The service after the patches of the policy. `JSONPatch` is a type of Kubernetes, so its parts are read here."""
    policy = exported_policy()
    data: dict[str, Any] = {"object": service, "oldObject": None, "params": None, "variables": {}}
    result = copy.deepcopy(service)
    if not all(evaluate(condition["expression"], **data) for condition in policy["matchConditions"]):
        return result
    for variable in policy["variables"]:
        data["variables"][variable["name"]] = evaluate(variable["expression"], **data)
    for fix in fixes():
        for change in data["variables"][fix.name]:
            _, *way, field = change["path"].split("/")
            place: Any = result
            for key in way:
                place = place[key]
            assert (field in place) != fix.is_new
            place[field] = change["value"]
    return result


def findings(service: dict[str, Any]) -> list[Finding]:
    (obj,) = services_of("service.yaml", json.dumps(service).encode())
    return list(lint_object(obj, SETTINGS))


def safe(found: list[Finding]) -> Iterator[Finding]:
    """The findings with a safe fix of a value; no policy removes an entry."""
    return (
        finding
        for finding in found
        if finding.rule in FIXED and finding.fix and finding.fix.safe and finding.fix.title != "Remove it."
    )


def with_logger(**logger: Any) -> dict[str, Any]:
    predictor = {"model": {"modelFormat": {"name": "sklearn"}}, "logger": {"url": "http://sink", **logger}}
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "iris", "annotations": {"team": "a"}},
        "spec": {"predictor": predictor},
    }


def test_what_is_fixed() -> None:
    service = with_logger(
        mode="All",
        url=" http://sink ",
        metadataHeaders=["x-request-id", "X-Tenant", "x-tenant", "authorization", "x-api-key", "a b"],
        metadataAnnotations=[" team ", "team", " unknown"],
    )
    assert mutated(service)["spec"]["predictor"]["logger"] == {
        "mode": "all",
        "url": "http://sink",
        "metadataHeaders": ["X-Request-Id", "X-Tenant", "authorization", "x-api-key", "a b"],
        "metadataAnnotations": ["team", "team", " unknown"],
    }
    assert mutated(with_logger())["spec"]["predictor"]["logger"]["mode"] == "all"


@pytest.mark.parametrize("seed", range(0, 100, 10))
def test_a_fixed_service_has_no_other_safe_fix_and_no_new_finding(seed: int) -> None:
    for service in map(random_service, range(seed, seed + 10)):
        service = without_nulls(service)
        before, fixed = findings(service), mutated(service)
        after = findings(fixed)
        assert not list(safe(after))
        assert mutated(fixed) == fixed
        if not list(safe(before)) and all(finding.rule != "missing-mode" for finding in before):
            assert fixed == service


@pytest.mark.parametrize("phrase", sorted({*SECRET, *PERSONAL}))
def test_headers_that_may_be_sensitive_are_left_alone(phrase: str) -> None:
    for name in (phrase.replace(" ", "-"), f"x-{phrase.replace(' ', '-')}", f"x-{phrase.replace(' ', '')}-2"):
        service = with_logger(mode="all", metadataHeaders=[name])
        if mutated(service) != service:
            assert not is_sensitive_header(name)
