"""TLS contexts that trust what Go would trust."""

import ssl
from pathlib import Path
from tempfile import TemporaryDirectory

from isvclog.cluster.errors import BadKubeconfig


def tls_context(
    *, verify: bool = True, authority: bytes = b"", certificate: bytes = b"", key: bytes = b""
) -> ssl.SSLContext:
    """Build a TLS context from PEM data; without an `authority`, those of the system are trusted.

    With `verify` False, the certificate of the server is not checked. Raises BadKubeconfig.
    """
    from urllib3.util.ssl_ import create_urllib3_context

    context: ssl.SSLContext = create_urllib3_context()
    # Since 3.13, Python requires extensions that Go does not, and that some clusters' authorities lack.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if not verify:
        _disable_checks(context)
    what = "certificate authority"
    try:
        if verify and authority:
            context.load_verify_locations(cadata=authority.decode("ascii", "ignore"))
        elif verify:
            context.load_default_certs()
        what = "client certificate and key"
        if certificate:
            _load_pair(context, certificate, key)
    except (ssl.SSLError, OSError, ValueError):
        raise BadKubeconfig(
            f"the {what} of the kubeconfig cannot be loaded. Check that they are PEM and match."
        ) from None
    return context


def _disable_checks(context: ssl.SSLContext) -> None:
    from urllib3 import disable_warnings
    from urllib3.exceptions import InsecureRequestWarning

    disable_warnings(InsecureRequestWarning)  # the kubeconfig asks for no check
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE


def _load_pair(context: ssl.SSLContext, certificate: bytes, key: bytes) -> None:
    """Load a client certificate, which Python reads from files only; the folder is removed at once."""
    with TemporaryDirectory(prefix="isvclog-") as folder:
        certificate_file, key_file = Path(folder, "certificate"), Path(folder, "key")
        certificate_file.write_bytes(certificate)
        key_file.write_bytes(key)
        # OpenSSL would ask for the password of an encrypted key. Go cannot read one at all.
        context.load_cert_chain(certificate_file, key_file, password="")
