"""Connection failures as sentences. Of an exception, only OpenSSL's message about a certificate is quoted."""

import ssl
from typing import Any

from isvclog.cluster.errors import Unreachable
from isvclog.cluster.naming import shorten_name


def is_reset(error: BaseException) -> bool:
    """Check whether an established connection was cut, so that another attempt may succeed."""
    from urllib3.exceptions import IncompleteRead, ProtocolError, ProxyError

    return isinstance(error, (ProtocolError, IncompleteRead, ConnectionError)) and not isinstance(error, ProxyError)


def unreachable(error: BaseException, context: str, server: str) -> Unreachable:
    """Convert an exception of urllib3 or of the socket to an Unreachable error."""
    reason, remedy = _reason(error)
    return Unreachable(f"{shorten_name(server)}, the server of context {shorten_name(context)}, {reason}. {remedy}")


def _reason(error: BaseException) -> tuple[str, str]:
    from urllib3 import exceptions

    if certificate := _find(error, ssl.SSLCertVerificationError):
        return _certificate(certificate)
    if isinstance(error, exceptions.ProxyError):
        return "cannot be reached by way of the proxy", "Check `proxy-url` and HTTPS_PROXY."
    if _find(error, ssl.SSLError) or isinstance(error, exceptions.SSLError):
        return "does not speak TLS as we do", "Check the scheme and the port of `server` in the kubeconfig."
    if isinstance(
        error, (exceptions.ConnectTimeoutError, exceptions.ReadTimeoutError, TimeoutError)
    ) and not isinstance(error, exceptions.NewConnectionError):
        return "did not answer in time", "Check the network and VPN, or raise `--request-timeout`."
    if isinstance(error, getattr(exceptions, "NameResolutionError", ())):
        return "has a name that cannot be resolved", "Check the network and VPN, and `server` in the kubeconfig."
    if isinstance(error, exceptions.NewConnectionError) and "refused" in str(error):
        return "refuses the connection", "Check that the cluster runs, and `server` in the kubeconfig."
    if isinstance(error, exceptions.NewConnectionError):
        return "cannot be reached", "Check the network and VPN, and `server` in the kubeconfig."
    if is_reset(error):
        return "cut the connection", "Try again, and check proxies in between."
    return f"could not be asked ({type(error).__name__})", "Check the server and the credentials in the kubeconfig."


def _certificate(error: Any) -> tuple[str, str]:
    said = shorten_name(str(getattr(error, "verify_message", "")))
    if "expired" in said:
        return f"has a certificate that is no longer valid ({said})", "Have it renewed, and check the clock here."
    remedy = "Check `certificate-authority-data` and `server` in the kubeconfig."
    return f"has a certificate that is not trusted ({said})", remedy


def _find(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """Find the first exception of a kind among the causes; None if there is none.

    urllib3 also passes causes as arguments of an exception.
    """
    seen: list[BaseException] = []
    queue: list[Any] = [error]
    while queue and len(seen) < 20:
        here = queue.pop(0)
        if isinstance(here, kind):
            return here
        if isinstance(here, BaseException) and here not in seen:
            seen.append(here)
            queue += [here.__cause__, here.__context__, getattr(here, "reason", None), *here.args]
    return None
