"""Connection failures as sentences. Of an exception, only OpenSSL's message about a certificate is quoted."""

import ssl
from typing import Any

from isvclog.cluster.errors import Unreachable
from isvclog.cluster.quoting import quote_name


def is_reset(error: BaseException) -> bool:
    """Check whether an established connection was cut, so that another attempt may succeed."""
    from urllib3.exceptions import IncompleteRead, ProtocolError, ProxyError

    return isinstance(error, (ProtocolError, IncompleteRead, ConnectionError)) and not isinstance(error, ProxyError)


def unreachable(error: BaseException, context: str, server: str) -> Unreachable:
    """Convert an exception of urllib3 or of the socket to an Unreachable error."""
    reason, remedy = _reason(error)
    return Unreachable(f"{quote_name(server)}, the server of context {quote_name(context)}, {reason}. {remedy}")


def _reason(error: BaseException) -> tuple[str, str]:
    from urllib3 import exceptions

    if certificate := _find(error, ssl.SSLCertVerificationError):
        return _certificate(certificate)
    if isinstance(error, exceptions.ProxyError):
        return "cannot be reached through the proxy", "Check `proxy-url` and HTTPS_PROXY."
    if _find(error, ssl.SSLError) or isinstance(error, exceptions.SSLError):
        return "does not accept a TLS connection", "Check the scheme and the port of `server` in the kubeconfig."
    if isinstance(error, exceptions.NewConnectionError):  # urllib3 derives it from ConnectTimeoutError
        return _no_connection(error)
    if isinstance(error, (exceptions.ConnectTimeoutError, exceptions.ReadTimeoutError, TimeoutError)):
        return "did not answer in time", "Check the network and VPN, or raise `--request-timeout`."
    if is_reset(error):
        return "cut the connection", "Try again, and check the proxies between here and the server."
    return f"cannot be reached ({type(error).__name__})", "Check the server and the credentials in the kubeconfig."


def _no_connection(error: BaseException) -> tuple[str, str]:
    from urllib3.exceptions import NameResolutionError

    if isinstance(error, NameResolutionError):
        return "has a name that cannot be resolved", "Check the network and VPN, and `server` in the kubeconfig."
    if "refused" in str(error):
        return "refuses the connection", "Check that the cluster runs, and `server` in the kubeconfig."
    return "cannot be reached", "Check the network and VPN, and `server` in the kubeconfig."


def _certificate(error: Any) -> tuple[str, str]:
    reason = quote_name(str(getattr(error, "verify_message", "")))
    if "expired" in reason:
        return f"has an expired certificate ({reason})", "Renew it, or correct the clock of this machine."
    remedy = "Check `certificate-authority-data` and `server` in the kubeconfig."
    return f"has a certificate that is not trusted ({reason})", remedy


def _find(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """Find the first exception of a kind among the causes; None if there is none.

    urllib3 also passes causes as arguments of an exception.
    """
    seen: list[BaseException] = []
    queue: list[Any] = [error]
    while queue and len(seen) < 20:
        cause = queue.pop(0)
        if isinstance(cause, kind):
            return cause
        if isinstance(cause, BaseException) and cause not in seen:
            seen.append(cause)
            queue += [
                cause.__cause__,
                None if cause.__suppress_context__ else cause.__context__,
                getattr(cause, "reason", None),
                *cause.args,
            ]
    return None
