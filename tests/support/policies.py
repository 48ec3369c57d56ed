"""Exported admission policies, evaluated by Google's own implementation of CEL as the API server evaluates them."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import pytest

from isvclog.kserve.apis.installation import Installation
from isvclog.kserve.apis.releases import NEWEST, Release
from isvclog.lint.engine import lint_object, select_rules
from isvclog.manifest import Object
from isvclog.policy.checks import exported
from isvclog.policy.documents import PolicyDocument
from isvclog.policy.export import export_policies
from isvclog.policy.model import PolicyTarget
from isvclog.rules.registry import all_rules
from oracles.admission.services import LISTS, stored_service

# There are wheels for Linux only, on which `make test` installs it.
cel = pytest.importorskip("cel_expr_python.cel")
ext_strings = pytest.importorskip("cel_expr_python.ext.ext_strings")


class Failed(Exception):
    """An expression could not be evaluated."""


@cache
def environment() -> Any:
    """The variables and the extension that Kubernetes, Kyverno and Gatekeeper declare alike."""
    names = ("object", "oldObject", "params", "variables")
    return cel.NewEnv(variables=dict.fromkeys(names, cel.Type.DYN), extensions=[ext_strings.ExtStrings()])


@cache
def compiled(expression: str) -> Any:
    return environment().compile(expression)


def evaluate(expression: str, **data: Any) -> Any:
    """The value of an expression. Raises Failed."""
    value = compiled(expression).eval(data=data)
    if value.type() == cel.Type.ERROR:
        raise Failed(f"{value.value()} in {expression}")
    return value.plain_value()


class Evaluated:
    """The policies of an export that check, with their parameters."""

    def __init__(self, documents: Iterable[PolicyDocument]) -> None:
        found: dict[str, list[Any]] = {}
        for document in documents:
            found.setdefault(document.data["kind"], []).append(document.data)
        self.params = next(iter(found.get("ConfigMap", ())), None)
        self.policies = [
            policy["spec"]
            for kind in ("ValidatingAdmissionPolicy", "ValidatingPolicy")
            for policy in found.get(kind, ())
        ]
        self.policies += [
            self._from_template(template, *found[template["spec"]["crd"]["spec"]["names"]["kind"]])
            for template in found.get("ConstraintTemplate", ())
        ]

    @staticmethod
    def _from_template(template: Any, constraint: Any) -> Any:
        """A template of Gatekeeper as a policy of Kubernetes; it has two more variables."""
        ((code,),) = (target["code"] for target in template["spec"]["targets"])
        source = code["source"]
        given = {"anyObject": "object", "params": json.dumps(constraint["spec"].get("parameters", {}))}
        variables = [{"name": name, "expression": expression} for name, expression in given.items()]
        return {
            "matchConditions": source["matchCondition"],
            "variables": [*variables, *source["variables"]],
            "validations": source["validations"],
        }

    def violations(self, service: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> list[str]:
        """The messages of the validations that fail."""
        known: dict[str, Any] = {}
        return [message for policy in self.policies for message in self._violations(policy, service, old, known)]

    def _violations(self, policy: Mapping[str, Any], service: Any, old: Any, known: dict[str, Any]) -> Sequence[str]:
        """`known` has the values of expressions of other policies, which have the same variables."""
        variables: dict[str, Any] = {}
        data = {"object": service, "oldObject": old, "params": self.params, "variables": variables}

        def value(expression: str) -> Any:
            if expression not in known:
                known[expression] = evaluate(expression, **data)
            return known[expression]

        if not all(value(condition["expression"]) for condition in policy["matchConditions"]):
            return []
        for variable in policy["variables"]:
            variables[variable["name"]] = value(variable["expression"])
        return [
            value(validation["messageExpression"])
            for validation in policy["validations"]
            if not value(validation["expression"])
        ]


def rules_of(messages: Iterable[str]) -> set[str]:
    """The rules that the messages name at their ends."""
    return {message.rpartition("[")[2].removesuffix("]") for message in messages}


class Agreement:
    """Comparisons of the policies for Kubernetes with lint, for one release of KServe."""

    def __init__(self, release: Release = NEWEST) -> None:
        target = PolicyTarget(release, LISTS)
        names = frozenset(all_rules())
        self._policies = Evaluated(export_policies("vap", target, "deny", names))
        self.rules = frozenset(rule.rule for rules in exported(target).values() for rule in rules)
        self._settings = select_rules(Installation(release), LISTS, self.rules)
        self._release = release
        self.agreed: Counter[str] = Counter()
        self.services = 0

    def compare(self, obj: Object) -> dict[str, str]:
        """The rules about a service on which lint and the policies differ, with the one that reports each.

        It is empty for a service that the API server does not accept.
        """
        stored = stored_service(obj, self._release)
        if stored is None:
            return {}
        self.services += 1
        expected = {finding.rule for finding in lint_object(obj, self._settings)} & self.rules
        found = rules_of(self._policies.violations(stored))
        self.agreed.update(expected & found)
        return {**dict.fromkeys(expected - found, "lint"), **dict.fromkeys(found - expected, "policy")}
