"""Names for shell completion, read with one request.

The kubernetes library is not used here, because importing it takes longer than the request. Only credentials that the
kubeconfig contains as a token or a certificate are supported. If a program would have to be run, or a provider asked,
there are no names. A mistake here has a small effect: a name is not offered.
"""

import json
from tempfile import TemporaryDirectory
from typing import Any

from isvclog.cluster.credentials import as_files, read_text, tls_context
from isvclog.cluster.resources import RequestTarget, Resource
from isvclog.cluster.selection import Access, impersonation, select_context

_LIMIT = 500
_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json"
_UNSUPPORTED = ("exec", "auth-provider", "username")


def complete_names(access: Access, resource: Resource, seconds: float) -> list[str]:
    """Read the names of the first objects of a resource in the selected namespace, within `seconds`.

    The list is empty if the credentials are not supported or the server answers with an error. Raises ClusterError, or
    an exception of urllib3 or of the socket, when the request fails.
    """
    import urllib3

    selection = select_context(access)
    cluster, user = selection.cluster, selection.user
    special = user is None or any(user.get(key) for key in _UNSUPPORTED)
    if cluster is None or user is None or special or cluster.get("proxy-url"):
        return []
    headers = urllib3.HTTPHeaderDict({"Accept": _METADATA})
    for name, value in impersonation(access, selection):
        headers.add(name, value)
    if token := user.get("token") or (user.get("tokenFile") and read_text(user["tokenFile"])):
        headers["Authorization"] = f"Bearer {token}"
    target = RequestTarget("list", resource, selection.namespace if resource.namespaced else "")
    with TemporaryDirectory(prefix="isvclog-") as folder:
        settings = _settings(cluster, user, folder)
    with urllib3.PoolManager(**settings) as pool:
        answer = pool.request(
            "GET",
            f"{cluster['server']}{target.path}?limit={_LIMIT}",
            headers=headers,
            timeout=seconds,
            retries=False,
            redirect=False,
        )
    return [item["metadata"]["name"] for item in json.loads(answer.data)["items"]] if answer.status == 200 else []


def _settings(cluster: dict[str, Any], user: dict[str, Any], folder: str) -> dict[str, Any]:
    """Load the TLS settings of the pool from files in `folder`, which is removed afterwards."""
    if not cluster["server"].startswith("https"):
        return {}
    cluster, user = (as_files(entry, folder) for entry in (cluster, user))
    context = tls_context(
        not cluster.get("insecure-skip-tls-verify"),
        cluster.get("certificate-authority"),
        user.get("client-certificate"),
        user.get("client-key"),
    )
    server_name = cluster.get("tls-server-name")
    return {"ssl_context": context} | ({"server_hostname": server_name} if server_name else {})
