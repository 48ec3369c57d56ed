"""Names for shell completion, read with one request, with the credentials and limits of all requests.

No plugin is run, and the service account of a pod is not used, because either takes too long. A mistake here has a
small effect: a name is not offered.
"""

from isvclog.cluster.answers import parsed
from isvclog.cluster.credentials import log_in
from isvclog.cluster.resources import RequestTarget, Resource
from isvclog.cluster.selection import Access, impersonation, select_context
from isvclog.cluster.wire import ApiRequest, open_answer, read_body

_LIMIT = 500
_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json"


def complete_names(access: Access, resource: Resource, seconds: float) -> list[str]:
    """Read the names of the first objects of a resource in the selected namespace, within `seconds`.

    The list is empty if the server answers with an error. Raises ClusterError, or an exception of urllib3 or of the
    socket, when the request cannot be sent or fails.
    """
    selection = select_context(access)
    if selection.user is None:
        return []
    headers = impersonation(access, selection)
    login = log_in(selection, may_run=False)
    target = RequestTarget("list", resource, selection.namespace if resource.namespaced else "")
    request = ApiRequest(target, (("limit", str(_LIMIT)),), accept=_METADATA)
    answer = open_answer(login, request, (*login.authorize(), *headers), seconds)
    body = read_body(answer)
    login.pool.close()
    return [item["metadata"]["name"] for item in (parsed(body) or {})["items"]] if answer.status == 200 else []
