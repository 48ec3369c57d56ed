"""What can go wrong with a cluster. Messages hold no token, certificate or annotation value, and can be shown."""

from isvclog.errors import IsvclogError, UsageError


class ClusterError(IsvclogError):
    """One sentence or two that end with the remedy; `status` is the HTTP status of the answer, 0 if there was none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class InvalidName(ClusterError, UsageError):
    """A name that no object can have: the command line is wrong, and nothing was asked of the cluster."""


class BadKubeconfig(ClusterError):
    """The kubeconfig cannot be read, or does not say how to reach and enter the cluster."""


class Unauthorized(ClusterError):
    """401: the server does not know who is asking."""


class Forbidden(ClusterError):
    """403: the user may not do this, or a webhook denied it."""


class NotFound(ClusterError):
    """404: there is no such object."""


class MissingKind(NotFound):
    """404: the server knows no such resource, as when the CRD is not installed."""


class Conflict(ClusterError):
    """The object changed in between: 409, or the `test` of a JSON patch failed."""


class Gone(ClusterError):
    """410: what a watch or a list wanted to go on from is no longer kept; list again.

    `fresh` is the token with which a list can go on all the same, with objects as they are now; empty if there is none.
    """

    def __init__(self, message: str, status: int = 0, fresh: str = "") -> None:
        super().__init__(message, status)
        self.fresh = fresh


class Unreachable(ClusterError):
    """No answer: refused, unknown host, too slow, cut off, or a certificate that is not trusted."""
