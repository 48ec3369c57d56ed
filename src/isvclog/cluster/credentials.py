"""Credentials and connections of a selected cluster: TLS, proxy and authentication, loaded by the kubernetes library.

The library would write data such as client keys to temporary files that outlive the process (`os._exit` runs no exit
handlers). Here they are written to a folder that is removed as soon as it has been read.
"""

import binascii
import os
import ssl
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from isvclog.cluster.errors import BadKubeconfig
from isvclog.cluster.execplugin import run_plugin
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.selection import Selection

_DATA = ("certificate-authority", "client-certificate", "client-key")
_CONNECTIONS = 32
"""The maximum number of idle connections. urllib3 logs a warning if more threads than that use the pool."""


class Login(NamedTuple):
    """Loaded credentials, and the connections that use them.

    `pool` is a urllib3.PoolManager, and `configuration` has the token. `expiry` is the time when the credentials expire
    (seconds since the epoch), or None. `renewable` is True if another login may return other credentials.
    """

    pool: Any
    configuration: Any
    expiry: float | None
    renewable: bool


def log_in(selection: Selection) -> Login:
    """Load the credentials, and run the exec plugin if there is one. Sends no request. Raises BadKubeconfig."""
    from kubernetes.client import Configuration

    configuration = Configuration()
    if selection.cluster is None or selection.user is None:
        return _service_account(configuration)
    user, expiry = dict(selection.user), None
    renewable = bool(user.get("tokenFile") or user.get("exec"))
    if user.get("tokenFile"):
        user["token"] = read_text(user.pop("tokenFile"))
    if user.get("exec") and not user.get("token"):
        status, expiry = run_plugin(selection.user_name, user.pop("exec"), selection.cluster)
        user |= status
    with TemporaryDirectory(prefix="isvclog-") as folder:
        cluster, user = (as_files(entry, folder) for entry in (selection.cluster, user))
        _load(configuration, cluster, user, selection)
        return Login(_pool(configuration), configuration, expiry, renewable)


def _service_account(configuration: Any) -> Login:
    from kubernetes.config import ConfigException, load_incluster_config

    try:
        # Reads the token again every minute, as it is replaced.
        load_incluster_config(client_configuration=configuration)
    except (ConfigException, OSError, ValueError):
        message = "the service account of this pod has no usable token or certificate authority."
        raise BadKubeconfig(f"{message} Mount it, or name a kubeconfig with `--kubeconfig`.") from None
    return Login(_pool(configuration), configuration, None, False)


def as_files(entry: dict[str, Any], folder: str) -> dict[str, Any]:
    """Write inline certificates and keys of an entry to files in `folder`, and return the entry with the file names.

    Inline data win over a file name, as in kubectl. Raises BadKubeconfig for data that are not base64, and for a file
    that cannot be read.
    """
    entry = dict(entry)
    for key in _DATA:
        data = entry.pop(f"{key}-data", None)
        if data:
            entry[key] = os.path.join(folder, key)
            try:
                Path(entry[key]).write_bytes(b64decode(data, validate=False))
            except (binascii.Error, TypeError, ValueError):
                raise BadKubeconfig(f"the `{key}-data` in the kubeconfig is not base64. Correct it.") from None
        elif entry.get(key):
            read_text(entry[key])
        else:
            entry.pop(key, None)
    return entry


def read_text(file: Any) -> str:
    """Read a file that the kubeconfig names, without the white space around its text. Raises BadKubeconfig."""
    try:
        return Path(file).read_text(encoding="utf-8", errors="replace").strip()
    except (OSError, TypeError) as error:
        reason = getattr(error, "strerror", None) or "no file"
        message = f"the kubeconfig names the file {quote_name(str(file))}, which cannot be read: {reason}."
        raise BadKubeconfig(f"{message} Correct its name.") from None


def _load(configuration: Any, cluster: dict[str, Any], user: dict[str, Any], selection: Selection) -> None:
    from kubernetes.config import load_kube_config_from_dict

    names = {"cluster": "it", "user": "it"}
    document = {
        "current-context": "it",
        "contexts": [{"name": "it", "context": names}],
        "clusters": [{"name": "it", "cluster": cluster}],
        "users": [{"name": "it", "user": user}],
    }
    try:
        load_kube_config_from_dict(document, client_configuration=configuration, persist_config=False)
    except Exception as error:  # of many kinds, among them those of an OIDC provider
        name = quote_name(selection.context)
        message = f"the kubeconfig entries of context {name} cannot be used ({type(error).__name__})."
        # The message of the library is not shown, because it may quote the entries.
        raise BadKubeconfig(f"{message} Check its cluster and user, or log in again.") from None
    if cluster.get("proxy-url"):
        configuration.no_proxy = None  # NO_PROXY applies to proxies of the environment only
    elif _is_loopback(configuration.host):
        configuration.proxy = None  # as in Go, whatever HTTPS_PROXY says


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")


def _pool(configuration: Any) -> Any:
    """Build the library's connection pool with a TLS context that is loaded now and needs no files later."""
    from kubernetes.client.rest import RESTClientObject

    configuration.connection_pool_maxsize = _CONNECTIONS
    pool = RESTClientObject(configuration).pool_manager
    if configuration.host.startswith("https"):
        given = {key: pool.connection_pool_kw.pop(key, None) for key in ("ca_certs", "cert_file", "key_file")}
        pool.connection_pool_kw["ssl_context"] = tls_context(configuration.verify_ssl, **given)
    return pool


def tls_context(verify: bool, ca_certs: str | None, cert_file: str | None, key_file: str | None) -> ssl.SSLContext:
    """Build a TLS context that trusts what Go would trust, with the certificates of these files.

    With `verify` False, the certificate of the server is not checked. Raises BadKubeconfig.
    """
    from urllib3.util.ssl_ import create_urllib3_context

    context: ssl.SSLContext = create_urllib3_context()
    # Since 3.13, Python requires extensions that Go does not, and that some clusters' authorities lack.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not verify:
        from urllib3 import disable_warnings
        from urllib3.exceptions import InsecureRequestWarning

        disable_warnings(InsecureRequestWarning)  # the kubeconfig asks for no check
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    what = "certificate authority"
    try:
        if ca_certs and verify:
            context.load_verify_locations(ca_certs)
        elif verify:
            context.load_default_certs()
        what = "client certificate and key"
        if cert_file:
            context.load_cert_chain(cert_file, key_file)
    except (ssl.SSLError, OSError):
        raise BadKubeconfig(
            f"the {what} of the kubeconfig cannot be loaded. Check that they are PEM and match."
        ) from None
    return context
