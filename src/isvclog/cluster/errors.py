"""The errors of clusters. Their messages contain no token, certificate or annotation value, so they can be shown."""

from isvclog.errors import IsvclogError, UsageError


class ClusterError(IsvclogError):
    """A failure of a cluster: one or two sentences that end with the remedy.

    `status` is the HTTP status of the answer, or 0 if there was no answer.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class InvalidName(ClusterError, UsageError):
    """A name that no object can have: the command line is wrong, and no request was sent to the cluster."""


class BadKubeconfig(ClusterError):
    """The kubeconfig cannot be read, or does not say how to reach the cluster and how to log in."""


class Unauthorized(ClusterError):
    """HTTP 401: the server does not accept the credentials. Also a 403 for a user who may not impersonate."""


class Forbidden(ClusterError):
    """HTTP 403: the user may not do this, or a webhook or policy denied it.

    `words` is what the webhook or policy gives as its reason. It may repeat what was sent, so it must be masked before
    it is shown.
    """

    def __init__(self, message: str, status: int = 0, words: str = "") -> None:
        super().__init__(message, status)
        self.words = words


class NotFound(ClusterError):
    """HTTP 404: there is no such object."""


class MissingKind(NotFound):
    """HTTP 404: the server does not know the resource, for example because the CRD is not installed."""


class Conflict(ClusterError):
    """The object was changed in the meantime (HTTP 409), or a `test` operation of a JSON patch failed."""


class Gone(ClusterError):
    """HTTP 410: the resource version or continue token expired; list again.

    `fresh` is a token with which the list can continue anyway, with objects in their present state; empty if there is
    none.
    """

    def __init__(self, message: str, status: int = 0, fresh: str = "") -> None:
        super().__init__(message, status)
        self.fresh = fresh


class Unreachable(ClusterError):
    """No answer: connection refused, unknown host, timeout, broken connection, or a certificate that is not trusted."""


class AnswerTooLarge(ClusterError):
    """An answer has more bytes or more values than isvclog reads."""


class TooManyObjects(ClusterError):
    """The objects of a cluster take more memory than isvclog uses for what it keeps of them."""
