"""Exec plugins: programs that a kubeconfig names and that print a token or a client certificate.

The kubernetes library runs them. When one fails, the library would only log its output and continue without
credentials, so failures are checked here.
https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import re
from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from isvclog.cluster.errors import BadKubeconfig
from isvclog.cluster.quoting import quote_name


def run_plugin(user: str, plugin: Any, cluster: dict[str, Any]) -> tuple[dict[str, Any], float | None]:
    """Run the exec plugin, and return its credentials and their expiry time.

    The credentials are fields of a kubeconfig user. The expiry time is in seconds since the epoch, or None. `plugin` is
    the `exec` field of the user. Raises BadKubeconfig; its message contains nothing that the plugin printed.
    """
    command = str(plugin.get("command") or "") if isinstance(plugin, dict) else ""
    if not command:
        raise BadKubeconfig(f"the exec plugin of user {quote_name(user)} has no command. Correct the kubeconfig.")
    what = f"the exec plugin {quote_name(command)} of user {quote_name(user)}"
    status = _run(what, plugin, cluster)
    if isinstance(token := status.get("token"), str) and token:
        return {"token": token}, _expiry(status)
    certificate, key = status.get("clientCertificateData"), status.get("clientKeyData")
    if isinstance(certificate, str) and isinstance(key, str):
        pair = {"client-certificate-data": certificate, "client-key-data": key}
        return {name: b64encode(text.encode()).decode() for name, text in pair.items()}, _expiry(status)
    raise BadKubeconfig(f"{what} printed neither a token nor a certificate. Log in again, or correct its arguments.")


def _run(what: str, plugin: dict[str, Any], cluster: dict[str, Any]) -> dict[str, Any]:
    from kubernetes.config import ConfigException
    from kubernetes.config.exec_provider import ExecProvider
    from kubernetes.config.kube_config import ConfigNode

    try:
        status = ExecProvider(ConfigNode("exec", plugin), None, ConfigNode("cluster", cluster)).run()
    except FileNotFoundError:
        hint = plugin.get("installHint")
        remedy = f" Its hint: {quote_name(' '.join(hint.split()))}" if isinstance(hint, str) else ""
        raise BadKubeconfig(f"{what} is not installed. Install it, or correct the kubeconfig.{remedy}") from None
    except ConfigException as error:
        # The rest of the message is not shown, because it quotes what the plugin printed.
        exit_code = re.match(r"exec: process returned (-?\d+)", str(error))
        reason = (
            f"failed with exit code {exit_code[1]}" if exit_code else "did not print what its `apiVersion` requires"
        )
        raise BadKubeconfig(f"{what} {reason}. Run it, or any `kubectl` command, to see why.") from None
    except Exception as error:  # a plugin may print anything
        reason = f"cannot be used ({type(error).__name__})"
        raise BadKubeconfig(f"{what} {reason}. Run it, or any `kubectl` command, to see why.") from None
    return status if isinstance(status, dict) else {}


def _expiry(status: dict[str, Any]) -> float | None:
    try:
        moment = datetime.fromisoformat(status["expirationTimestamp"])
    except (KeyError, TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
