"""The documents of an export: objects of Kubernetes with comments, and what they share."""

from collections.abc import Mapping, Sequence
from typing import Any

from isvclog.kserve.apis.constants import API_GROUPS, API_VERSION, COMPONENTS, LOGGER
from isvclog.kserve.apis.kinds import SERVICE
from isvclog.policy.cel import string_list, text
from isvclog.records import NamedTuple

MANAGED_BY = "isvclog"
_PREFIX = "isvclog-logger-"

Action = str
"""One of `warn`, `audit` and `deny`."""
ACTIONS: Mapping[Action, str] = {"warn": "Warn", "audit": "Audit", "deny": "Deny"}


class PolicyDocument(NamedTuple):
    """One object of an export. `comment` are lines about it."""

    data: Mapping[str, Any]
    comment: Sequence[str] = ()


def metadata(name: str) -> dict[str, Any]:
    """Build the metadata of an object."""
    return {"name": policy_name(name), "labels": {"app.kubernetes.io/managed-by": MANAGED_BY}}


def policy_name(name: str) -> str:
    """Return the name of an object, which is a DNS label."""
    return f"{_PREFIX}{name}"


def named_expressions(variables: Mapping[str, str]) -> list[dict[str, str]]:
    """Build the list of variables of a policy."""
    return [{"name": name, "expression": expression} for name, expression in variables.items()]


def failure_policy(action: Action) -> str:
    """Return what happens if an expression fails: while a policy only warns, nothing."""
    return "Fail" if action == "deny" else "Ignore"


def match_constraints() -> dict[str, Any]:
    """Build the requests that a policy is for."""
    rule = {
        "apiGroups": [API_GROUPS[0]],
        "apiVersions": [API_VERSION.partition("/")[2]],
        "operations": ["CREATE", "UPDATE"],
        "resources": [f"{SERVICE.lower()}s"],
    }
    return {"resourceRules": [rule]}


def match_conditions(root: str = "object", old: str = "oldObject") -> list[dict[str, str]]:
    """Build the conditions: the service has a logger, and the request changes what a policy looks at.

    So an old service can be deleted, and KServe can write its status and finalizers, whatever its logger is like. Where
    there is no old service, Kyverno 1.19 has an empty object, and Kubernetes and Gatekeeper have null.
    """
    logger, names = text(LOGGER), string_list(COMPONENTS)
    asks = f"has({{0}}.metadata.annotations) && {logger} in {{0}}.metadata.annotations".format(root)
    annotations = "(has({0}.metadata.annotations) ? dyn({0}.metadata.annotations) : dyn({{}}))"
    return [
        {"name": "not-being-deleted", "expression": f"!has({root}.metadata.deletionTimestamp)"},
        {
            "name": "has-logger",
            "expression": f"({asks}) || {names}.exists(c, c in dyn({root}.spec) && (has(dyn({root}.spec)[c].logger) || "
            f"(has(dyn({root}.spec)[c].annotations) && {logger} in dyn({root}.spec)[c].annotations)))",
        },
        {
            "name": "changes-what-is-checked",
            "expression": f"{old} == null || !has({old}.spec) || dyn({root}.spec) != dyn({old}.spec) || "
            f"{annotations.format(root)} != {annotations.format(old)}",
        },
    ]
