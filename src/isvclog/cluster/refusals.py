"""Answers with an HTTP error status, as sentences.

A `Status` object is never quoted as it is, because its message may contain what was sent, such as the value of an
annotation. Only these parts are shown: the reason (one word), the fields of its causes, the user of an RBAC denial, and
the name of a webhook or policy.
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

import re
from typing import Any

from isvclog.cluster.errors import ClusterError, Conflict, Forbidden, Gone, MissingKind, NotFound, Unauthorized
from isvclog.cluster.naming import shorten_name
from isvclog.cluster.resources import RequestTarget
from isvclog.findings import enumerated
from isvclog.keypath import list_at, string_at, value_at

_USER = re.compile(r'\bUser "([^"]*)" cannot (\w+)')
_ADMISSION = (
    (re.compile(r'admission webhook "([^"]*)" denied'), "the admission webhook {} refused to {}"),
    (re.compile(r"ValidatingAdmissionPolicy '([^']*)'"), "the ValidatingAdmissionPolicy {} refused to {}"),
    (re.compile(r'failed calling webhook "([^"]*)"'), "the admission webhook {} cannot be called, so nobody may {}"),
)
_MOST_FIELDS = 5
_CAUSES = ("details", "causes")


def api_error(
    http_status: int, status: dict[str, Any], target: RequestTarget, context: str, *, tests: bool = False
) -> ClusterError:
    """Convert an answer with an HTTP error status to a ClusterError.

    `status` is the Status object of the answer's body, or empty if the body is not one. `tests` is True if the request
    was a JSON patch with a `test` operation. When such a test fails, kube-apiserver answers 422 without any cause
    (apiserver/pkg/endpoints/handlers/patch.go), unlike for an invalid object; that is a Conflict, too.
    """
    message = str(status.get("message") or "")
    if http_status == 401:
        return Unauthorized(
            f"the server does not accept the credentials of context {shorten_name(context)}. Log in again.", 401
        )
    for pattern, sentence in _ADMISSION:
        if found := pattern.search(message):
            what = sentence.format(shorten_name(found[1]), _what(target))
            return Forbidden(f"{what}. Ask who runs it, or see what it says to `kubectl`.", http_status)
    if http_status == 403 and (known := _USER.search(message)):
        return _forbidden(known[1], known[2], target)
    if http_status == 404:
        return _missing(status, target, context)
    fields = _fields(status)
    if http_status == 409 or (http_status == 422 and tests and not fields and not list_at(status, _CAUSES)):
        return Conflict(f"{_object(target)} was changed in between. Try again.", http_status)
    if http_status == 410:
        message = f"what was known of `{target.resource.name}` is too old to go on from. List them again."
        return Gone(message, 410, string_at(status, ("metadata", "continue")))
    if http_status == 422:
        where = f" at {enumerated(fields)}" if fields else ""
        return ClusterError(f"the server finds {_object(target)} invalid{where}. Correct it.", 422)
    return _other(http_status, status, target, context)


def _other(http_status: int, status: dict[str, Any], target: RequestTarget, context: str) -> ClusterError:
    reason = str(status.get("reason") or "")
    why = f"{http_status} {reason}" if re.fullmatch("[A-Za-z]{1,60}", reason) else f"{http_status}"
    what = f"the server of context {shorten_name(context)} refused to {_what(target)} ({why})"
    if 300 <= http_status < 400:
        remedy = "It redirects, which no API server does: check `server` in the kubeconfig."
    elif http_status == 429:
        remedy = "It is busy: try again later."
    elif http_status >= 500:
        remedy = "It is in trouble, or something before it is: try again later."
    elif http_status == 400:
        remedy = "Check the selector, if one was given, and that the server is an API server."
    else:
        remedy = "See whether `kubectl` is allowed the same."
    return (Forbidden if http_status == 403 else ClusterError)(f"{what}. {remedy}", http_status)


def _forbidden(user: str, verb: str, target: RequestTarget) -> ClusterError:
    """Build the error for an RBAC denial.

    A user who may not impersonate gets Unauthorized, because then every request would fail.
    """
    if verb == "impersonate":
        remedy = "Leave out `--as` and `--as-group`, or ask for a role that allows `impersonate`"
        return Unauthorized(f"user {shorten_name(user)} may not act as somebody else. {remedy}.", 403)
    role = f"Ask for a role that allows `{target.verb}` on `{target.resource.name}`"
    return Forbidden(f"user {shorten_name(user)} may not {_what(target)}. {role}.", 403)


def _missing(status: dict[str, Any], target: RequestTarget, context: str) -> NotFound:
    """Build the error for a missing object or resource; the details of `status` name only a missing object."""
    if target.name and value_at(status, ("details", "name")):
        listing = f"`kubectl get {target.resource.name}`"
        return NotFound(
            f"there is no {_object(target)} in context {shorten_name(context)}. {listing} lists what there is.", 404
        )
    resource = target.resource
    what = f"the server of context {shorten_name(context)} knows no `{resource.name}` of version {resource.version}"
    remedy = "Install KServe there" if "kserve" in resource.group else "Check `server` in the kubeconfig"
    return MissingKind(f"{what}. {remedy}, or choose another `--context`.", 404)


def _what(target: RequestTarget) -> str:
    """Describe the request: `list pods in namespace x`, `get InferenceService a/b`."""
    if target.name:
        return f"{target.verb} {_object(target)}"
    where = f"namespace {shorten_name(target.namespace)}" if target.namespace else "all namespaces"
    return f"{target.verb} `{target.resource.name}`" + (f" in {where}" if target.resource.namespaced else "")


def _object(target: RequestTarget) -> str:
    name = f"{target.namespace}/{target.name}" if target.resource.namespaced and target.namespace else target.name
    return f"{target.resource.kind} {shorten_name(name)}"


def _fields(status: dict[str, Any]) -> list[str]:
    """Collect the fields that are named as causes, each once and at most five: keys and indexes, no values."""
    fields = [string_at(cause, ("field",)) for cause in list_at(status, _CAUSES)]
    return [shorten_name(field) for field in dict.fromkeys(filter(None, fields))][:_MOST_FIELDS]
