"""Errors of connections in the words of Go, which the agent logs."""

import os
import re
import socket
import ssl

_CALL = re.compile(r"\[Errno (\d+)\] [^(]*\('([^']*)', (\d+)")
_UNKNOWN_AUTHORITY = {2, 18, 19, 20, 21}
_EXPIRED, _NOT_YET_VALID = 10, 9
_OTHER_NAME, _OTHER_ADDRESS = 62, 64
_ALERT = re.compile(r"(?:SSLV3|TLSV1|TLSV13)_ALERT_(.+)")
_NO_TLS = {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"}
_REFUSED_VERSION = {"UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW"}


def connect_error(error: Exception, address: str, host: str) -> str:
    """Describe why no connection to an address (`host:port`) was made; `host` is the name in its certificate."""
    if isinstance(error, ssl.SSLError):
        return tls_error(error, host)
    if isinstance(error, TimeoutError) and not error.errno:
        return f"dial tcp {address}: i/o timeout"
    if isinstance(error, socket.gaierror):
        names = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
        reason = "no such host" if error.errno in names else (error.strerror or "server misbehaving")
        return f"dial tcp: lookup {address.rpartition(':')[0].strip('[]')}: {reason}"
    if isinstance(error, OSError):
        return _dial_error(error, address)
    return str(error)


def _dial_error(error: OSError, address: str) -> str:
    number = error.errno
    if call := _CALL.search(str(error)):  # of several addresses, Go names the first
        number = int(call[1])
        address = f"[{call[2]}]:{call[3]}" if ":" in call[2] else f"{call[2]}:{call[3]}"
    if not number:  # the connection ends in the handshake of TLS
        return "EOF"
    return f"dial tcp {address}: connect: {os.strerror(number).lower()}"


def tls_error(error: ssl.SSLError, host: str) -> str:
    """Describe why TLS failed with a host."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"tls: failed to verify certificate: x509: {_certificate_error(error, host)}"
    reason = error.reason or ""
    if reason in _NO_TLS:
        return "tls: first record does not look like a TLS handshake"
    if reason in _REFUSED_VERSION:
        return "tls: server selected unsupported protocol version"
    if alert := _ALERT.fullmatch(reason):
        words = alert[1].lower().replace("_", " ")
        return f"remote error: tls: {words.replace('protocol version', 'protocol version not supported')}"
    return f"tls: {reason.lower().replace('_', ' ') or error}"


def _certificate_error(error: ssl.SSLCertVerificationError, host: str) -> str:
    code = error.verify_code
    if code in _UNKNOWN_AUTHORITY:
        return "certificate signed by unknown authority"
    if code in (_EXPIRED, _NOT_YET_VALID):
        return f"certificate has expired or is not yet valid: {error.verify_message}"
    if code in (_OTHER_NAME, _OTHER_ADDRESS):
        return f"certificate is not valid for {host}"
    return error.verify_message


def read_error(error: Exception | None, host: str) -> str:
    """Describe how a connection ended before the answer; without an error, the other side closed it."""
    if error is None:
        return "EOF"
    if isinstance(error, ssl.SSLError):
        return tls_error(error, host)
    if isinstance(error, OSError) and error.errno:
        return f"read tcp: {os.strerror(error.errno).lower()}"
    return str(error) or "EOF"
