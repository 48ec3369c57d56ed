"""Answers with an HTTP error status, as sentences.

A `Status` object is never quoted as it is, because its message may contain what was sent, such as the value of an
annotation. Only these parts are shown: the reason (one word), the fields of its causes, the user of an RBAC denial, and
the name of a webhook or policy. What such a webhook or policy says is in `Forbidden.words`, for callers that mask it.
https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
"""

import re
from collections.abc import Callable
from typing import Any

from isvclog.cluster.errors import ClusterError, Conflict, Forbidden, Gone, MissingKind, NotFound, Unauthorized
from isvclog.cluster.quoting import quote_name
from isvclog.cluster.resources import RequestTarget
from isvclog.findings import enumerated
from isvclog.keypath import list_at, string_at, value_at
from isvclog.records import NamedTuple

_USER = re.compile(r'\bUser "([^"]*)" cannot (\w+)')
_ASK = "Ask its owner what is allowed."
_ADMISSION = (
    (
        re.compile(r'admission webhook "([^"]*)" denied(?: the request: (.*))?', re.DOTALL),
        "the admission webhook {} refused to {}",
        _ASK,
    ),
    (
        re.compile(r"ValidatingAdmissionPolicy '([^']*)'(?:.*?denied request: (.*))?", re.DOTALL),
        "the ValidatingAdmissionPolicy {} refused to {}",
        _ASK,
    ),
    (
        re.compile(r'failed calling webhook "([^"]*)"(?:: (.*))?', re.DOTALL),
        "the server cannot call the admission webhook {}, and refused to {}",
        "Ask its owner why it does not answer.",
    ),
    (
        re.compile(r'admission webhook "([^"]*)" does not support dry run()'),
        "the admission webhook {} supports no dry run, and the server refused to {}",
        "Use `--dry-run=client`.",
    ),
)
"""The message of a denial, with the name of who denies it and the reason; a sentence about it, and what to do."""
_MOST_FIELDS = 5
_CAUSES = ("details", "causes")


class _Answer(NamedTuple):
    """An answer with an HTTP error status. `status` is the Status object of its body, or empty; `tests` as below."""

    code: int
    status: dict[str, Any]
    target: RequestTarget
    context: str
    tests: bool

    @property
    def message(self) -> str:
        """The message of the Status object, which must not be shown."""
        return str(self.status.get("message") or "")


def api_error(
    http_status: int, status: dict[str, Any], target: RequestTarget, context: str, *, tests: bool = False
) -> ClusterError:
    """Convert an answer with an HTTP error status to a ClusterError.

    `status` is the Status object of the answer's body, or empty if the body is not one. `tests` is True if the request
    was a JSON patch with a `test` operation.
    """
    answer = _Answer(http_status, status, target, context, tests)
    if http_status != 401 and (denied := _denied(answer)):
        return denied
    return _ERRORS.get(http_status, _other)(answer)


def _denied(answer: _Answer) -> Forbidden | None:
    """Build the error for a request that a webhook or policy denied, or return None."""
    for pattern, sentence, remedy in _ADMISSION:
        if found := pattern.search(answer.message):
            what = sentence.format(quote_name(found[1]), _what(answer.target))
            return Forbidden(f"{what}. {remedy}", answer.code, found[2] or "")
    return None


def _unauthorized(answer: _Answer) -> ClusterError:
    context = quote_name(answer.context)
    return Unauthorized(f"the server does not accept the credentials of context {context}. Log in again.", 401)


def _forbidden(answer: _Answer) -> ClusterError:
    """Build the error for an RBAC denial.

    A user who may not impersonate gets Unauthorized, because then every request would fail.
    """
    denial = _USER.search(answer.message)
    if denial is None:
        return _other(answer)
    user, verb = denial.groups()
    if verb == "impersonate":
        remedy = "Leave out `--as` and `--as-group`, or ask for a role that allows `impersonate`"
        return Unauthorized(f"user {quote_name(user)} may not impersonate other users. {remedy}.", 403)
    role = f"Ask for a role that allows `{answer.target.verb}` on `{answer.target.resource.name}`"
    return Forbidden(f"user {quote_name(user)} may not {_what(answer.target)}. {role}.", 403)


def _missing(answer: _Answer) -> ClusterError:
    """Build the error for a missing object or resource; the details of the Status name only a missing object."""
    target, resource, context = answer.target, answer.target.resource, quote_name(answer.context)
    if target.name and value_at(answer.status, ("details", "name")):
        listing = f"`kubectl get {resource.name}`"
        return NotFound(f"there is no {_object(target)} in context {context}. {listing} lists those that exist.", 404)
    what = f"the server of context {context} has no `{resource.name}` of version {resource.version}"
    remedy = "Install KServe there" if "kserve" in resource.group else "Check `server` in the kubeconfig"
    return MissingKind(f"{what}. {remedy}, or choose another `--context`.", 404)


def _conflict(answer: _Answer) -> ClusterError:
    return Conflict(f"{_object(answer.target)} was changed in the meantime. Try again.", answer.code)


def _gone(answer: _Answer) -> ClusterError:
    message = f"the list or watch of `{answer.target.resource.name}` cannot go on from an expired version. Try again."
    return Gone(message, 410, string_at(answer.status, ("metadata", "continue")))


def _invalid(answer: _Answer) -> ClusterError:
    """Build the error for an invalid object, or a Conflict for a failed `test` operation of a JSON patch.

    For such a test, kube-apiserver answers without any cause (apiserver/pkg/endpoints/handlers/patch.go).
    """
    if answer.tests and not list_at(answer.status, _CAUSES):
        return _conflict(answer)
    fields = _fields(answer.status)
    where = f" at {enumerated(fields)}" if fields else ""
    return ClusterError(f"the server finds {_object(answer.target)} invalid{where}. Correct it.", 422)


def _other(answer: _Answer) -> ClusterError:
    code, reason = answer.code, str(answer.status.get("reason") or "")
    why = f"{code} {reason}" if re.fullmatch("[A-Za-z]{1,60}", reason) else f"{code}"
    what = f"the server of context {quote_name(answer.context)} refused to {_what(answer.target)} ({why})"
    return (Forbidden if code == 403 else ClusterError)(f"{what}. {_remedy(code)}", code)


def _remedy(code: int) -> str:
    if 300 <= code < 400:
        return "It redirects, which no API server does: check `server` in the kubeconfig."
    if code == 429:
        return "It is busy: try again later."
    if code >= 500:
        return "It has failed, or a proxy in front of it has: try again later."
    if code == 400:
        return "Check the selector, if one was given, and that the server is an API server."
    return "Check whether `kubectl` may do the same."


_ERRORS: dict[int, Callable[[_Answer], ClusterError]] = {
    401: _unauthorized,
    403: _forbidden,
    404: _missing,
    409: _conflict,
    410: _gone,
    422: _invalid,
}


def _what(target: RequestTarget) -> str:
    """Describe the request: `list pods in namespace x`, `get InferenceService a/b`."""
    if target.name:
        return f"{target.verb} {_object(target)}"
    where = f"namespace {quote_name(target.namespace)}" if target.namespace else "all namespaces"
    return f"{target.verb} `{target.resource.name}`" + (f" in {where}" if target.resource.namespaced else "")


def _object(target: RequestTarget) -> str:
    name = f"{target.namespace}/{target.name}" if target.resource.namespaced and target.namespace else target.name
    return f"{target.resource.kind} {quote_name(name)}"


def _fields(status: dict[str, Any]) -> list[str]:
    """Collect the fields that are named as causes, each once and at most five: keys and indexes, no values."""
    fields = [string_at(cause, ("field",)) for cause in list_at(status, _CAUSES)]
    return [quote_name(field) for field in dict.fromkeys(filter(None, fields))][:_MOST_FIELDS]
