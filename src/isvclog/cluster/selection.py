"""The selected cluster and identity: the context of the kubeconfig, or the service account of a pod, and impersonation.

https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
"""

import os
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from isvclog.cluster.errors import BadKubeconfig, InvalidName
from isvclog.cluster.kubeconfig import Kubeconfig, read_kubeconfig
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.resources import checked_namespace

Headers = tuple[tuple[str, str], ...]

IN_CLUSTER = "in-cluster"
"""The name that is shown instead of a context when the service account of the pod is used."""

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
"""The folder in which Kubernetes mounts the token, the certificate authority and the namespace of a pod."""


class Access(NamedTuple):
    """The cluster to reach and the user to act as; None or empty means kubectl's default.

    `kubeconfig`, `context` and `namespace` are `--kubeconfig`, `--context` and `-n`; `user` and `groups` are `--as` and
    `--as-group`. `timeout` is `--request-timeout`: the seconds that one request may take. With None or 0, only
    connecting has a limit.
    """

    kubeconfig: str | None = None
    context: str | None = None
    namespace: str | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    timeout: float | None = None


class Selection(NamedTuple):
    """One cluster and one user: entries of the kubeconfig, both None for the service account of the pod."""

    context: str
    namespace: str
    cluster: dict[str, Any] | None
    user: dict[str, Any] | None
    user_name: str = ""


def select_context(access: Access) -> Selection:
    """Choose what kubectl would choose. Raises BadKubeconfig, and InvalidName for an impossible namespace."""
    kubeconfig = read_kubeconfig(access.kubeconfig)
    if not (access.kubeconfig or access.context or kubeconfig.current) and _in_pod():
        return Selection(IN_CLUSTER, checked_namespace(access.namespace or _pod_namespace()), None, None)
    name = access.context or kubeconfig.current
    if name not in kubeconfig.contexts:
        raise _no_context(name, kubeconfig, requested=bool(access.context))
    return _select(name, kubeconfig, access.namespace)


def _select(name: str, kubeconfig: Kubeconfig, namespace: str | None) -> Selection:
    """Look up the cluster, user and default namespace of a context. Raises BadKubeconfig and InvalidName."""
    context = kubeconfig.contexts[name]
    namespace = checked_namespace(namespace or str(context.get("namespace") or "default"))
    cluster = _entry(name, context, "cluster", kubeconfig.clusters)
    if not context.get("cluster"):
        raise BadKubeconfig(
            f"the context {quote_name(name)} has no cluster. Add one with `kubectl config set-context --cluster`."
        )
    user = _entry(name, context, "user", kubeconfig.users)
    return Selection(
        name, namespace, cluster | {"server": _server(name, cluster)}, user, str(context.get("user") or "")
    )


def _in_pod() -> bool:
    variables = ("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT")
    return all(os.environ.get(name) for name in variables) and os.path.isfile(f"{SERVICE_ACCOUNT}/token")


def _pod_namespace() -> str:
    if namespace := os.environ.get("POD_NAMESPACE"):
        return namespace
    try:
        return Path(SERVICE_ACCOUNT, "namespace").read_text(encoding="utf-8").strip() or "default"
    except (OSError, UnicodeDecodeError):
        return "default"


def _no_context(name: str, kubeconfig: Kubeconfig, *, requested: bool) -> BadKubeconfig:
    if not kubeconfig.files:
        return BadKubeconfig("no cluster is configured. Name a kubeconfig with `--kubeconfig` or in `KUBECONFIG`.")
    if not name:
        remedy = "Choose one with `--context` or `kubectl config use-context`."
        return BadKubeconfig(f"the kubeconfig has no current context. {remedy}")
    which = "context" if requested else "current context"
    return BadKubeconfig(f"there is no {which} {quote_name(name)}. `kubectl config get-contexts` lists the contexts.")


def _entry(name: str, context: dict[str, Any], key: str, entries: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Look up the cluster or user that a context names; empty if it names none. Raises BadKubeconfig."""
    wanted = context.get(key)
    if wanted in (None, ""):
        return {}
    if not isinstance(wanted, str) or wanted not in entries:
        remedy = f"Add it to the kubeconfig, or correct the context with `kubectl config set-context --{key}`."
        problem = f"the context {quote_name(name)} names the {key} {quote_name(str(wanted))}, which does not exist."
        raise BadKubeconfig(f"{problem} {remedy}")
    return entries[wanted]


def _server(name: str, cluster: dict[str, Any]) -> str:
    """Validate the URL of the server; add the scheme as kubectl does if there is none. Raises BadKubeconfig."""
    server = cluster.get("server")
    if isinstance(server, str):
        url = server if "://" in server else f"{_default_scheme(cluster)}://{server}"
        if _is_server(url):
            return url.rstrip("/")
    remedy = "Correct its `server`, such as `https://example.com:6443`."
    raise BadKubeconfig(f"the cluster of the context {quote_name(name)} has no valid server. {remedy}")


def _default_scheme(cluster: dict[str, Any]) -> str:
    tls = ("certificate-authority", "certificate-authority-data", "insecure-skip-tls-verify")
    return "https" if any(cluster.get(key) for key in tls) else "http"


def _is_server(url: str) -> bool:
    if not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError if it is not a port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


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
