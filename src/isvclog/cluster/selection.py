"""The selected cluster and identity: the context of the kubeconfig, or the service account of a pod, and impersonation.

https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from isvclog.cluster.entries import check_cluster, check_user
from isvclog.cluster.errors import BadKubeconfig, InvalidName
from isvclog.cluster.kubeconfig import Kubeconfig, read_kubeconfig
from isvclog.cluster.memory import Memory
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.resources import checked_namespace
from isvclog.records import NamedTuple

Headers = tuple[tuple[str, str], ...]

IN_CLUSTER = "in-cluster"
"""The name that is shown instead of a context when the service account of the pod is used."""

SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
"""The folder in which Kubernetes mounts the token, the certificate authority and the namespace of a pod."""


class Access(NamedTuple):
    """The cluster to reach and the user to act as; None or empty means kubectl's default.

    `kubeconfig`, `context` and `namespace` are `--kubeconfig`, `--context` and `-n`; `user` and `groups` are `--as` and
    `--as-group`. `timeout` is `--request-timeout`: the seconds that one request may take. With None or 0, only
    connecting has a limit. `memory` is shared with other connections, so that answers have to be small.
    """

    kubeconfig: str | None = None
    context: str | None = None
    namespace: str | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    timeout: float | None = None
    memory: Memory | None = None


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
    if not (access.kubeconfig or access.context or kubeconfig.current) and is_in_pod():
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
    server = _server(name, cluster)
    check_cluster(cluster)
    check_user(user)
    return Selection(name, namespace, cluster | {"server": server}, user, str(context.get("user") or ""))


def is_in_pod() -> bool:
    """Check whether this runs in a pod that has the token of a service account."""
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
    """Validate the URL of the server, and return it without a query. Raises BadKubeconfig.

    Without a scheme, it is plain HTTP as for kubectl, whatever the other fields are.
    """
    server = cluster.get("server")
    if isinstance(server, str):
        url = server if "://" in server else f"http://{server}"
        if _is_server(url):
            return urlsplit(url)._replace(query="", fragment="").geturl().rstrip("/")
    remedy = "Correct its `server`, such as `https://example.com:6443`."
    raise BadKubeconfig(f"the cluster of the context {quote_name(name)} has no valid server. {remedy}")


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
    """Build the impersonation headers; none if nobody is impersonated.

    `--as` and `--as-group` each replace one field of the kubeconfig, and its others are sent as well, as by kubectl.
    Raises InvalidName and BadKubeconfig.
    """
    user = selection.user or {}
    fields: dict[str, Any] = {key: user.get(key) for key in ("as", "as-groups", "as-uid", "as-user-extra")}
    if access.user:
        fields["as"] = access.user
    if access.groups:
        fields["as-groups"] = access.groups
    if fields["as"]:
        return tuple((name, _header(value)) for name, value in _pairs(fields))
    if access.groups:
        raise InvalidName("--as-group needs --as: a group is impersonated together with a user. Add `--as`.")
    if any(fields.values()):
        what = "the user has `as-groups`, `as-uid` or `as-user-extra` without `as`. Add it."
        raise BadKubeconfig(f"in the kubeconfig, {what}")
    return ()


def describe_login(selection: Selection) -> str:
    """Name the kind of the credentials that are used, and nothing of their content."""
    if selection.cluster is None or selection.user is None:
        return "the service account of this pod"
    user, server = selection.user, urlsplit(selection.cluster["server"])
    if server.username is not None:
        return "the user and the password in the URL of the server"
    if server.scheme != "https":
        return "no credentials, because the server speaks plain HTTP"
    return next((text for key, text in _LOGINS.items() if user.get(key)), "no credentials")


_LOGINS = {
    "tokenFile": "a token in a file",
    "token": "a token",
    "username": "a user name and a password",
    "auth-provider": "an auth provider",
    "client-certificate": "a client certificate",
    "client-certificate-data": "a client certificate",
    "exec": "an exec plugin",
}
"""The kind of credentials by the field of the user that has them; the first one that is given is used."""


def _pairs(fields: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Impersonate-User", fields["as"]
    for group in fields["as-groups"] or ():
        yield "Impersonate-Group", group
    if fields["as-uid"]:
        yield "Impersonate-Uid", fields["as-uid"]
    for key, values in (fields["as-user-extra"] or {}).items():
        for value in values:
            yield f"Impersonate-Extra-{quote(key.lower(), safe='')}", value


def _header(text: str) -> str:
    """Encode a value of a header as UTF-8, as Go does. Raises InvalidName for control characters."""
    if not text.isprintable():
        raise InvalidName(f"{quote_name(text)} cannot be sent as the name of a user or group. Use plain characters.")
    return text.encode("utf-8", "replace").decode("latin-1")
