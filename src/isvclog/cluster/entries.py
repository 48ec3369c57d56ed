"""Checks of the selected cluster and user of a kubeconfig: kubectl refuses the same before it sends or runs anything.

No message quotes a value, because any value may be a secret that was put into the wrong field.
https://github.com/kubernetes/client-go/blob/v0.34.0/tools/clientcmd/validation.go
"""

import binascii
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

from isvclog.cluster.errors import BadKubeconfig
from isvclog.cluster.quoting import quote_name

Entry = dict[str, Any]

_CLUSTER_TEXTS = (
    "server",
    "tls-server-name",
    "certificate-authority",
    "certificate-authority-data",
    "proxy-url",
)
_CLUSTER_FLAGS = ("insecure-skip-tls-verify", "disable-compression")
_USER_TEXTS = (
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
    "username",
    "password",
    "as",
    "as-uid",
)
_PLUGIN_TEXTS = ("apiVersion", "command", "installHint", "interactiveMode")
_PLUGIN_VERSIONS = ("client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1")
_PEM = ("-----BEGIN", "LS0tLS1CRUdJTi")
"""The first characters of certificates and keys, as PEM and in base64."""
_MODES = ("Never", "IfAvailable", "Always")


def check_cluster(cluster: Entry) -> None:
    """Raise BadKubeconfig if kubectl would not use this cluster."""
    _check_types("cluster", cluster, _CLUSTER_TEXTS, _is_text, "a string")
    _check_types("cluster", cluster, _CLUSTER_FLAGS, lambda value: isinstance(value, bool), "true or false")
    _check_types("cluster", cluster, ("extensions",), lambda value: isinstance(value, list), "a list")
    read_data(cluster, "cluster", "certificate-authority")


def check_user(user: Entry) -> None:
    """Raise BadKubeconfig if kubectl would not use this user."""
    _check_types("user", user, _USER_TEXTS, _is_text, "a string")
    _check_types("user", user, ("as-groups",), _are_texts, "a list of strings")
    _check_types("user", user, ("as-user-extra",), _are_lists, "a mapping to lists of strings")
    _check_types("user", user, ("exec", "auth-provider"), lambda value: isinstance(value, dict), "a mapping")
    if user.get("token") and (user.get("username") or user.get("password")):
        raise _bad("the user has both `token` and `username` or `password`. Remove one of them.")
    certificate, key = (read_data(user, "user", name) for name in ("client-certificate", "client-key"))
    if certificate and not key:
        raise _bad("the user has a `client-certificate` without a `client-key`. Add the key.")
    if user.get("exec"):
        _check_plugin(user["exec"])
        if user.get("auth-provider"):
            raise _bad("the user has both `exec` and `auth-provider`. Remove one of them.")
    _check_provider(user.get("auth-provider") or {})


def _check_plugin(plugin: Entry) -> None:
    _check_types("exec plugin", plugin, _PLUGIN_TEXTS, _is_text, "a string")
    _check_types("exec plugin", plugin, ("args",), _are_texts, "a list of strings")
    _check_types("exec plugin", plugin, ("env",), _are_variables, "a list of `name` and `value`")
    _check_types("exec plugin", plugin, ("provideClusterInfo",), lambda value: isinstance(value, bool), "true or false")
    if not plugin.get("command"):
        raise _bad("the exec plugin has no command. Add it.")
    version, mode = plugin.get("apiVersion"), plugin.get("interactiveMode")
    if version not in _PLUGIN_VERSIONS:
        raise _bad(f"the `apiVersion` of the exec plugin is not one of {', '.join(_PLUGIN_VERSIONS)}. Correct it.")
    if mode not in _MODES and (mode or version == _PLUGIN_VERSIONS[0]):
        raise _bad(f"the `interactiveMode` of the exec plugin is not one of {', '.join(_MODES)}. Add or correct it.")


def _check_provider(provider: Entry) -> None:
    _check_types("auth provider", provider, ("name",), _is_text, "a string")
    _check_types("auth provider", provider, ("config",), _is_mapping_of_texts, "a mapping to strings")


def read_data(entry: Entry, what: str, key: str) -> bytes:
    """Return the certificate or key of an entry, whether inline or in a file; empty if there is none.

    `key` is the name of the field with a file. Raises BadKubeconfig if both are given, for data that are not base64 or
    in the field of the file, and for a file that cannot be read.
    """
    data, file = entry.get(f"{key}-data"), entry.get(key)
    if file and any(beginning in file for beginning in _PEM):
        raise _bad(f"`{key}` of the {what} is not the name of a file. Write data as `{key}-data`, in base64.")
    if data and file:
        raise _bad(f"the {what} has both `{key}` and `{key}-data`. Remove one of them.")
    if not data:
        return read_named_file(file) if file else b""
    try:
        return b64decode(data.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        raise _bad(f"the `{key}-data` is not base64. Correct it.") from None


def read_named_file(file: str) -> bytes:
    """Read a file that the kubeconfig names. Raises BadKubeconfig."""
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file"
        message = f"the kubeconfig names the file {quote_name(file)}, which cannot be read: {reason}."
        raise BadKubeconfig(f"{message} Correct its name.") from None


def _check_types(what: str, entry: Entry, keys: tuple[str, ...], is_right: Callable[[Any], bool], kind: str) -> None:
    for key in keys:
        if entry.get(key) is not None and not is_right(entry[key]):
            raise _bad(f"`{key}` of the {what} is not {kind}. Correct it.")


def _bad(message: str) -> BadKubeconfig:
    return BadKubeconfig(f"in the kubeconfig, {message}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _are_lists(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_text(key) and _are_texts(each) for key, each in value.items())


def _is_mapping_of_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(_is_text(key) and _is_text(each) for key, each in value.items())


def _are_variables(value: Any) -> bool:
    return isinstance(value, list) and all(
        _is_mapping_of_texts(each) and each.get("name") and "value" in each for each in value
    )
