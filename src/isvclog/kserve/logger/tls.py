"""The agent's verification of the sink's certificate. Source: pkg/logger/worker.go:95-116, measured."""

from enum import Enum

from isvclog.kserve.agent.settings import AgentSettings

CA_DIR = "/etc/tls/logger"
"""The folder of the CA file in a pod (pkg/constants, LoggerCaCertMountPath)."""


class TrustMode(Enum):
    """One way to verify the certificate of an https sink; the value describes it to a person."""

    BUNDLE = "verified against the CA bundle only"
    NO_VERIFICATION = "not verified at all"
    SYSTEM_ROOTS = "verified against the system's roots"
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
