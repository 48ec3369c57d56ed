"""Roles of Kubernetes, and what they allow."""

from collections.abc import Iterable
from typing import Any

from apiserver import Request


def is_allowed(request: Request, roles: Iterable[dict[str, Any]]) -> bool:
    """Check whether one of the roles allows a request that reads, by the rules of RBAC."""
    parts = request.path.strip("/").split("/")
    group, rest = ("", parts[2:]) if parts[0] == "api" else (parts[1], parts[3:])
    namespace, rest = (rest[1], rest[2:]) if rest[0] == "namespaces" and len(rest) > 2 else ("", rest)
    plural, name = rest[0], rest[1] if len(rest) > 1 else ""
    verb = "get" if name else "watch" if "watch" in request.query else "list"
    # A list or watch of a single object is allowed by its name.
    name = name or request.query.get("fieldSelector", "").removeprefix("metadata.name=")
    for role in roles:
        if role["kind"] == "Role" and role["metadata"]["namespace"] != namespace:
            continue
        for rule in role.get("rules", ()) if request.method == "GET" else ():
            about = group in rule["apiGroups"] and plural in rule["resources"] and verb in rule["verbs"]
            if about and name in rule.get("resourceNames", [name]):
                return True
    return False
