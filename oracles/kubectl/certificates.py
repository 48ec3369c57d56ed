"""Write the certificates of the recording server again: tests/cluster/credentials/tls.

    python -m oracles.kubectl.certificates

Needs openssl. `ca.crt` signs the servers and the clients alice and bob, `other.crt` signs the server `impostor`. All are
valid for a hundred years. The keys protect nothing.
"""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

TLS = Path(__file__).parents[2] / "tests" / "cluster" / "credentials" / "tls"
DAYS = "36500"
SERVER = "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:api.example.test,DNS:inner.example.test"
CERTIFICATES = {
    "server": ("ca", f"{SERVER}\nextendedKeyUsage=serverAuth"),
    "impostor": ("other", f"{SERVER}\nextendedKeyUsage=serverAuth"),
    "alice": ("ca", "extendedKeyUsage=clientAuth"),
    "bob": ("ca", "extendedKeyUsage=clientAuth"),
}
"""The authority and the extensions of each certificate."""


def main() -> None:
    TLS.mkdir(parents=True, exist_ok=True)
    for authority in ("ca", "other"):
        _key(authority)
        subject = f"/CN=test-{authority}"
        files = ("-key", f"{authority}.key", "-out", f"{authority}.crt")
        usage = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")
        _openssl("req", "-x509", "-new", "-days", DAYS, "-subj", subject, *usage, *files)
    for name, (authority, extensions) in CERTIFICATES.items():
        _key(name)
        with TemporaryDirectory() as folder:
            request, extra = Path(folder, "request"), Path(folder, "extensions")
            extra.write_text(extensions)
            _openssl("req", "-new", "-subj", f"/O=testers/CN={name}", "-key", f"{name}.key", "-out", str(request))
            signer = ("-CA", f"{authority}.crt", "-CAkey", f"{authority}.key", "-extfile", str(extra))
            _openssl("x509", "-req", "-days", DAYS, "-in", str(request), *signer, "-out", f"{name}.crt")
    for unneeded in (TLS / "ca.key", TLS / "other.key", *TLS.glob("*.srl")):
        unneeded.unlink()


def _key(name: str) -> None:
    _openssl("ecparam", "-genkey", "-name", "prime256v1", "-noout", "-out", f"{name}.key")


def _openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=TLS, check=True, capture_output=True)


if __name__ == "__main__":
    main()
