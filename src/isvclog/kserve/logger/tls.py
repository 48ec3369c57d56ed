"""The agent's verification of the sink's certificate. Source: pkg/logger/worker.go:95-116, measured."""

from enum import Enum

from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.apis.releases import Release
from isvclog.kserve.golang.errors import GoError
from isvclog.kserve.golang.httpclient import client_error
from isvclog.kserve.golang.netip import AddressError, ip_version
from isvclog.kserve.golang.url import URL
from isvclog.kserve.logger.messages import unsent

CA_DIR = "/etc/tls/logger"
"""The folder of the CA file in a pod (pkg/constants, LoggerCaCertMountPath)."""


class TrustMode(Enum):
    """One way to verify the certificate of an https sink; the value describes it to a person."""

    BUNDLE = "verified against the CA bundle only"
    NO_VERIFICATION = "not verified at all"
    SYSTEM_ROOTS = "verified against public authorities"
    DROPPED = "every event is dropped: the CA file contains no certificate"


def trust_mode(settings: AgentSettings, *, ca_found: bool, ca_valid: bool = True) -> TrustMode:
    """Predict how the agent verifies the certificate of an https sink. It reads the CA file again for every event.

    `ca_found` is True if the CA file exists, `ca_valid` if it contains a certificate. The webhook passes
    `--logger-tls-skip-verify false` as two arguments, which the flag parser reads as true: with a CA file nothing is
    verified. Without one the flag has no effect.
    """
    if not ca_found:
        return TrustMode.SYSTEM_ROOTS
    if not ca_valid:
        return TrustMode.DROPPED
    return TrustMode.NO_VERIFICATION if settings.tls_skip_verify else TrustMode.BUNDLE


def is_private_host(host: str, namespace: str = "") -> bool:
    """Check whether no public authority can sign a certificate for a host, seen from a pod of the namespace.

    That is a private address, a name of the cluster (`sink`, `sink.research`, `sink.research.svc.cluster.local`) or
    another one below `local`. Of two labels, the second is a namespace if it is that of the pod, or cannot be a
    top-level domain because of a digit or a hyphen.
    """
    if _is_address(host):
        from ipaddress import ip_address  # few sinks are addresses

        return not ip_address(host.partition("%")[0]).is_global
    labels = host.lower().rstrip(".").split(".")
    if len(labels) == 2:
        is_domain = labels[1].isalpha() or labels[1].startswith("xn--")
        return labels[1] in ("svc", "local", namespace) or not is_domain
    return len(labels) == 1 or labels[-1] in ("svc", "local", "localhost")


def distrust(url: URL, namespace: str, ca_bundle: str, release: Release) -> str:
    """Return the agent's log message about each event to a sink whose certificate it cannot trust; empty otherwise.

    `ca_bundle` is the ConfigMap that is mounted for the agent, if any. With one, no certificate is verified.
    """
    if url.scheme != "https" or ca_bundle or not is_private_host(url.hostname(), namespace):
        return ""
    unknown = GoError("tls: failed to verify certificate: x509: certificate signed by unknown authority")
    return unsent(client_error("POST", url, unknown), release)


def _is_address(host: str) -> bool:
    try:
        return bool(ip_version(host))
    except AddressError:
        return False
