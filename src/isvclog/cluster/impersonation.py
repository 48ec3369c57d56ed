"""Impersonation of another user: `--as` and `--as-group`, or the same fields of the kubeconfig.

https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
"""

from typing import Any
from urllib.parse import quote

from isvclog.cluster.access import Access
from isvclog.cluster.errors import BadKubeconfig, InvalidName
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.selection import Selection

Headers = tuple[tuple[str, str], ...]


def impersonation(access: Access, selection: Selection) -> Headers:
    """Build the impersonation headers; none if nobody is impersonated. Raises InvalidName and BadKubeconfig."""
    user = selection.user or {}
    if access.user or access.groups:
        if not access.user:
            raise InvalidName("a group can be impersonated only together with a user. Add `--as`.")
        return _headers(access.user, access.groups)
    name, groups = user.get("as"), user.get("as-groups") or []
    if not name:
        return ()
    if not isinstance(name, str) or not isinstance(groups, list):
        raise BadKubeconfig("`as` or `as-groups` in the kubeconfig is not a text or a list of texts. Correct it.")
    uid = user.get("as-uid")
    return _headers(name, tuple(map(str, groups))) + ((("Impersonate-Uid", str(uid)),) if uid else ()) + _extra(user)


def _headers(user: str, groups: tuple[str, ...]) -> Headers:
    for text in (user, *groups):
        if not text.isprintable() or not text.isascii():
            raise InvalidName(
                f"{quote_name(text)} cannot be sent as the name of a user or group. Use plain characters."
            )
    return (("Impersonate-User", user), *(("Impersonate-Group", group) for group in groups))


def _extra(user: dict[str, Any]) -> Headers:
    extra = user.get("as-user-extra")
    pairs = extra.items() if isinstance(extra, dict) else ()
    return tuple(
        (f"Impersonate-Extra-{quote(key.lower(), safe='')}", str(value))
        for key, values in pairs
        for value in (values if isinstance(values, list) else [values])
    )
