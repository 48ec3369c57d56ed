"""Verification of an https sink's certificate: with the agent's CA file, or with the roots of the system.

The agent reads its CA file for every event and makes a new connection with it. Here connections are kept, so that a
change of the file counts from the next event on, and a new certificate of the sink after a minute.
"""

import os
import re
import ssl
import stat
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache

from isvclog.kserve.agent.settings import AgentSettings
from isvclog.kserve.golang.paths import join
from isvclog.kserve.logger.sender import Undeliverable
from isvclog.kserve.logger.tls import TrustMode, trust_mode
from isvclog.records import NamedTuple

REVERIFY_SECONDS = 60
"""The time in seconds for which a connection that was verified with a CA file is kept."""
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----")

Signature = tuple[int, int, int, int]


class Verification(NamedTuple):
    """One way to verify. `kept_seconds` is how long a connection is kept with it; None for ever."""

    context: ssl.SSLContext
    kept_seconds: float | None


class Trust:
    """Verifies the sink of one agent. `report` gets the agent's warning when its CA file is missing."""

    def __init__(self, settings: AgentSettings, ca_dir: str, report: Callable[[str], None]) -> None:
        self._settings = settings
        self._path = join(ca_dir, settings.cert_file)
        self._report = report
        self._signature: Signature | None = None
        self._current: Verification | None = None

    def verification(self) -> Verification:
        """Return how to verify now: the same object as before while the CA file is unchanged.

        Raises Undeliverable if the agent drops the event, since the file has no certificate.
        """
        signature = _signature(self._path)
        if self._current is None or signature != self._signature:
            self._current = self._load(signature is not None)
            self._signature = signature
        return self._current

    def _load(self, found: bool) -> Verification:
        certificates: list[bytes] = []
        if found:
            try:
                with open(self._path, "rb") as file:
                    certificates = read_certificates(file.read())
            except OSError:
                found = False
        mode = trust_mode(self._settings, ca_found=found, ca_valid=bool(certificates))
        if mode is TrustMode.DROPPED:
            raise Undeliverable("while parsing CA certificate")
        if mode is TrustMode.SYSTEM_ROOTS:
            self._report(f"using https endpoint but could not find CA cert file {self._path}")
            return system_roots()
        return Verification(_context(mode, certificates), REVERIFY_SECONDS)


@lru_cache(maxsize=1)
def system_roots() -> Verification:
    """Verify with the roots of the system, as Go's default transport does."""
    context = _context(TrustMode.SYSTEM_ROOTS, ())
    context.load_default_certs()
    return Verification(context, None)


def _context(mode: TrustMode, certificates: "list[bytes] | tuple[()]") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if mode is TrustMode.NO_VERIFICATION:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    # Go trusts each certificate of a pool, also one that is not self-signed, and never reads a common name.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.hostname_checks_common_name = False
    for certificate in certificates:
        context.load_verify_locations(cadata=certificate)
    return context


def read_certificates(data: bytes) -> list[bytes]:
    """Return the certificates in PEM data as DER; what cannot be parsed is skipped, as `AppendCertsFromPEM` does."""
    found: list[bytes] = []
    for match in _CERTIFICATE.finditer(data):
        with suppress(Base64Error, ssl.SSLError, ValueError):
            der = b64decode(match[1], validate=False)
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=der)
            found.append(der)
    return found


def _signature(path: str) -> Signature | None:
    """Return what changes with the content of a file; None if there is no such file that can be read at once."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
