"""Exec plugins: programs that a kubeconfig names and that print a token, a client certificate, or both.

Nothing else that a kubeconfig names is ever run.
https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from typing import Any

from isvclog.cluster.errors import BadKubeconfig
from isvclog.cluster.kubeconfig import read_yaml
from isvclog.cluster.quoting import quote_name
from isvclog.records import NamedTuple

_KIND = "ExecCredential"
_EXTENSION = "client.authentication.k8s.io/exec"
_TOLD = (
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
)


class PluginCredentials(NamedTuple):
    """The credentials that a plugin printed.

    `certificate` and `key` are PEM; `expiry` is in seconds since the epoch, or None.
    """

    token: str
    certificate: bytes
    key: bytes
    expiry: float | None


def run_plugin(user: str, plugin: dict[str, Any], cluster: dict[str, Any]) -> PluginCredentials:
    """Run the exec plugin of a user, and return its credentials.

    `plugin` is the `exec` field of the user, validated before. A plugin that asks for it gets `cluster`, with the
    certificate authority inline. Raises BadKubeconfig; its message contains nothing that the plugin printed.
    """
    what = f"the exec plugin {quote_name(plugin['command'])} of user {quote_name(user)}"
    is_interactive = _is_interactive(what, plugin)
    output = _run(what, plugin, json.dumps(_exec_info(plugin, cluster, is_interactive)), is_interactive)
    try:
        return _parse(output, plugin["apiVersion"])
    except _Unusable as problem:
        remedy = "Run it, or any `kubectl` command, to see why."
        raise BadKubeconfig(f"{what} {problem}. {remedy}") from None


class _Unusable(Exception):
    pass


def _is_interactive(what: str, plugin: dict[str, Any]) -> bool:
    terminal = sys.stdin is not None and sys.stdin.isatty()
    if plugin.get("interactiveMode") == "Always" and not terminal:
        raise BadKubeconfig(f"{what} needs a terminal, and there is none. Log in on a terminal first.")
    return terminal and plugin.get("interactiveMode") != "Never"


def _exec_info(plugin: dict[str, Any], cluster: dict[str, Any], is_interactive: bool) -> dict[str, Any]:
    """Build the object that the plugin gets in its environment."""
    spec: dict[str, Any] = {"interactive": is_interactive}
    if plugin.get("provideClusterInfo"):
        spec["cluster"] = {key: cluster[key] for key in _TOLD if cluster.get(key)}
        for extension in cluster.get("extensions") or ():
            if isinstance(extension, dict) and extension.get("name") == _EXTENSION:
                spec["cluster"]["config"] = extension.get("extension")
    return {"kind": _KIND, "apiVersion": plugin["apiVersion"], "spec": spec}


def _run(what: str, plugin: dict[str, Any], told: str, is_interactive: bool) -> bytes:
    command = shutil.which(plugin["command"])
    if not command or not os.path.isabs(command):  # Go, too, runs nothing from the working directory
        hint = plugin.get("installHint")
        remedy = f" Its hint: {quote_name(' '.join(hint.split()))}" if hint else ""
        raise BadKubeconfig(f"{what} is not installed. Install it, or correct the kubeconfig.{remedy}")
    variables = {variable["name"]: variable["value"] for variable in plugin.get("env") or ()}
    try:
        ended = subprocess.run(
            [command, *(plugin.get("args") or ())],
            env=os.environ | variables | {"KUBERNETES_EXEC_INFO": told},
            stdin=None if is_interactive else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            # It may say there where to log in.
            stderr=None if is_interactive else subprocess.DEVNULL,
            check=False,
        )
    except (OSError, ValueError) as error:
        reason = f"cannot be run ({type(error).__name__})"
        raise BadKubeconfig(f"{what} {reason}. Check its command, arguments and variables.") from None
    if ended.returncode:
        reason = f"failed with exit code {ended.returncode}"
        raise BadKubeconfig(f"{what} {reason}. Run it, or any `kubectl` command, to see why.")
    return ended.stdout


def _parse(output: bytes, version: str) -> PluginCredentials:
    """Read what the plugin printed, as JSON or YAML. Raises _Unusable."""
    document = _read(output)
    if not isinstance(document, dict) or document.get("kind") != _KIND or document.get("apiVersion") != version:
        raise _Unusable(f"did not print what its `apiVersion` requires, an {_KIND} of {version}")
    status = document.get("status")
    if not isinstance(status, dict):
        raise _Unusable("printed no `status`")
    texts = [status.get(key) or "" for key in ("token", "clientCertificateData", "clientKeyData")]
    if not all(isinstance(text, str) for text in texts):
        raise _Unusable("printed a `status` with a field that is not a string")
    token, certificate, key = texts
    if bool(certificate) != bool(key):
        raise _Unusable("printed a certificate without its key, or a key alone")
    if not token and not certificate:
        raise _Unusable("printed neither a token nor a certificate")
    return PluginCredentials(token, certificate.encode(), key.encode(), _expiry(status.get("expirationTimestamp")))


def _read(output: bytes) -> Any:
    """Read JSON or YAML; None if it is neither."""
    from isvclog.manifest.syntax.parse_error import ParseError

    try:
        text = output.decode()
        return json.loads(text) if text.lstrip().startswith("{") else read_yaml(text)
    except (ValueError, RecursionError, ParseError):
        return None


def _expiry(moment: Any) -> float | None:
    if moment is None:
        return None
    try:
        parsed = datetime.fromisoformat(moment)
    except (TypeError, ValueError):
        parsed = None
    if parsed is None or parsed.tzinfo is None:
        raise _Unusable("printed an `expirationTimestamp` that is not a time with a time zone, as in RFC 3339")
    return parsed.timestamp()
