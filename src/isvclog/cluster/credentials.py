"""Credentials and connections of a selected cluster: authentication, TLS and the proxy, as kubectl has them.

Over plain HTTP, nothing that identifies the user is sent, and no plugin is run; only a user and a password in the URL
of the server itself are sent. The service account of a pod is read by the kubernetes library, which reads its token
again when that is replaced.
"""

import ssl
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from isvclog.cluster.entries import read_data
from isvclog.cluster.errors import BadKubeconfig
from isvclog.cluster.execplugin import run_plugin
from isvclog.cluster.oidc import valid_token
from isvclog.cluster.proxies import basic, choose_proxy
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.selection import Headers, Selection
from isvclog.cluster.tls import tls_context
from isvclog.records import NamedTuple


class Login(NamedTuple):
    """Loaded credentials, and the connections that use them.

    `pool` is a connection pool of urllib3, and `prefix` is what all paths begin with. `server` is a URL without
    secrets. `authorize` returns the headers that identify the user. `expiry` is the time when the credentials expire
    (seconds since the epoch), or None. `renewable` is True if another login may return other credentials.
    """

    pool: Any
    prefix: str
    server: str
    authorize: Callable[[], Headers]
    expiry: float | None = None
    renewable: bool = False


class _Identity(NamedTuple):
    """The credentials of a user: a value of the header Authorization, and a client certificate with its key (PEM)."""

    authorization: str = ""
    certificate: bytes = b""
    key: bytes = b""
    expiry: float | None = None
    renewable: bool = False


def log_in(selection: Selection, *, may_run: bool = True) -> Login:
    """Load the credentials, and run the exec plugin if there is one. Sends no request.

    Without `may_run`, a plugin is not run. Raises BadKubeconfig.
    """
    if selection.cluster is None or selection.user is None:
        return _service_account()
    server = selection.cluster["server"]
    parts = urlsplit(server)
    identity = _identify(selection, may_run) if parts.scheme == "https" else _Identity()
    authorization = identity.authorization
    if parts.username is not None:  # Go prefers it to the user of the kubeconfig
        authorization = basic(unquote(parts.username), unquote(parts.password or ""))
    headers = (("Authorization", authorization),) if authorization else ()
    pool, prefix = _open(server, selection.cluster, lambda: _context(selection.cluster or {}, identity))
    return Login(pool, prefix, _shown(server), lambda: headers, identity.expiry, identity.renewable)


def _open(server: str, cluster: dict[str, Any], context: Callable[[], ssl.SSLContext]) -> tuple[Any, str]:
    """Build the pool; `context` is called for a server with TLS. For a mere proxy with TLS, the system's is used."""
    from isvclog.cluster.connections import open_pool

    proxy = choose_proxy(server, cluster.get("proxy-url") or "")
    if server.startswith("https:"):
        return open_pool(server, proxy, context(), cluster.get("tls-server-name"))
    return open_pool(server, proxy, tls_context() if proxy and proxy.scheme == "https" else None, None)


def _context(cluster: dict[str, Any], identity: _Identity) -> ssl.SSLContext:
    authority = read_data(cluster, "cluster", "certificate-authority")
    insecure = bool(cluster.get("insecure-skip-tls-verify"))
    if insecure and authority:
        what = "the cluster has both `insecure-skip-tls-verify` and a certificate authority. Remove one of them."
        raise BadKubeconfig(f"in the kubeconfig, {what}")
    return tls_context(verify=not insecure, authority=authority, certificate=identity.certificate, key=identity.key)


def _identify(selection: Selection, may_run: bool) -> _Identity:
    """Load the credentials of the user. A plugin is run only if the kubeconfig itself has none, as by kubectl."""
    user = selection.user or {}
    certificate, key = (read_data(user, "user", name) for name in ("client-certificate", "client-key"))
    identity = _Identity(_static(user), certificate, key if certificate else b"", None, bool(user.get("tokenFile")))
    provider, plugin = user.get("auth-provider"), user.get("exec")
    if provider and not (identity.authorization and provider.get("name") == "oidc"):
        text, expiry = valid_token(selection.user_name, provider)
        return identity._replace(authorization=_bearer(text), expiry=expiry)
    if identity.authorization or certificate:
        return identity
    if not plugin:
        what = f"the user of the context {quote_name(selection.context)} has no credentials"
        raise BadKubeconfig(f"{what}. Log in, or choose another user with `kubectl config set-context --user`.")
    if not may_run:
        raise BadKubeconfig("an exec plugin must not be run here. Log in first.")
    return _plugged(selection, plugin)


def _plugged(selection: Selection, plugin: dict[str, Any]) -> _Identity:
    cluster = dict(selection.cluster or {})
    if authority := read_data(cluster, "cluster", "certificate-authority"):
        cluster["certificate-authority-data"] = b64encode(authority).decode()
    token, certificate, key, expiry = run_plugin(selection.user_name, plugin, cluster)
    return _Identity(_bearer(token) if token else "", certificate, key, expiry, True)


def _static(user: dict[str, Any]) -> str:
    """Return the value of Authorization for the token or password of the kubeconfig; empty if it has none."""
    token = _token(user)
    name = user.get("username")
    if name and token:
        raise BadKubeconfig("in the kubeconfig, the user has both a token and a `username`. Remove one of them.")
    if name:
        return basic(name, user.get("password") or "")
    return _bearer(token) if token else ""


def _token(user: dict[str, Any]) -> str:
    """Return the token of `tokenFile`, else `token`, which also replaces a file that is empty or cannot be read."""
    token: str = user.get("token") or ""
    file = user.get("tokenFile")
    if not file:
        return token
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").strip() or token
    except (OSError, ValueError) as error:
        if token:
            return token
        reason = getattr(error, "strerror", None) or "no file"
        message = f"the kubeconfig names the file {quote_name(file)}, which cannot be read: {reason}."
        raise BadKubeconfig(f"{message} Correct its name.") from None


def _bearer(token: str) -> str:
    if not token.isprintable():
        raise BadKubeconfig("the token has a line end or another control character. Log in again, or correct it.")
    return f"Bearer {token.encode('utf-8', 'replace').decode('latin-1')}"


def _service_account() -> Login:
    from kubernetes.client import Configuration
    from kubernetes.config import ConfigException, load_incluster_config

    configuration: Any = Configuration()
    try:
        load_incluster_config(client_configuration=configuration)
        authority = Path(configuration.ssl_ca_cert).read_bytes()
    except (ConfigException, OSError, ValueError):
        message = "the service account of this pod has no usable token or certificate authority."
        raise BadKubeconfig(f"{message} Mount it, or name a kubeconfig with `--kubeconfig`.") from None

    def authorize() -> Headers:
        # The library reads the token again when a minute is over.
        return tuple((each["key"], each["value"]) for each in configuration.auth_settings().values())

    pool, prefix = _open(configuration.host, {}, lambda: tls_context(authority=authority))
    return Login(pool, prefix, configuration.host, authorize)


def _shown(server: str) -> str:
    """Remove the user and the password that a URL may contain."""
    parts = urlsplit(server)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
