"""A kube-apiserver with its etcd on this machine, without controllers and nodes: enough for admission policies."""

import json
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

PORT, ETCD = 26443, 23790
TOKEN = "token-of-this-run"


class Answer(NamedTuple):
    """The status of a response, its body, and its warnings."""

    status: int
    body: Any
    warnings: list[str]


def request(method: str, path: str, body: Any = None) -> Answer:
    """Send one request to the API server."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    sent = urllib.request.Request(f"https://127.0.0.1:{PORT}{path}", data, headers, method=method)
    context = ssl._create_unverified_context()  # the certificate is made for this run
    try:
        with urllib.request.urlopen(sent, context=context, timeout=60) as response:
            return Answer(response.status, json.load(response), response.headers.get_all("Warning") or [])
    except urllib.error.HTTPError as error:
        text = error.read().decode()
        body = json.loads(text) if text.startswith("{") else text
        return Answer(error.code, body, error.headers.get_all("Warning") or [])


@contextmanager
def running(apiserver: str) -> Iterator[None]:
    """Run the API server until the block ends."""
    with TemporaryDirectory() as folder:
        key, tokens = Path(folder, "key.pem"), Path(folder, "tokens.csv")
        subprocess.run(["openssl", "genrsa", "-out", str(key), "2048"], check=True, capture_output=True)
        tokens.write_text(f"{TOKEN},admin,admin,system:masters\n")
        etcd = _start(
            folder,
            "etcd",
            f"--data-dir={folder}/etcd",
            f"--listen-client-urls=http://127.0.0.1:{ETCD}",
            f"--advertise-client-urls=http://127.0.0.1:{ETCD}",
            f"--listen-peer-urls=http://127.0.0.1:{ETCD + 10}",
        )
        server = _start(
            folder,
            apiserver,
            f"--etcd-servers=http://127.0.0.1:{ETCD}",
            f"--cert-dir={folder}/certificates",
            f"--secure-port={PORT}",
            "--bind-address=127.0.0.1",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={key}",
            f"--service-account-signing-key-file={key}",
            f"--token-auth-file={tokens}",
            "--authorization-mode=AlwaysAllow",
            "--disable-admission-plugins=ServiceAccount",
            "--service-cluster-ip-range=10.0.0.0/24",
        )
        try:
            _wait(server, folder)
            yield
        finally:
            for process in (server, etcd):
                process.terminate()
                process.wait()


def _start(folder: str, program: str, *args: str) -> subprocess.Popen[bytes]:
    with Path(folder, f"{Path(program).name}.log").open("wb") as log:
        return subprocess.Popen([program, *args], stdout=log, stderr=log)


def _wait(server: subprocess.Popen[bytes], folder: str) -> None:
    """Wait until the server is ready; raise RuntimeError with the end of its log if it does not become so."""
    end = time.monotonic() + 180
    while time.monotonic() < end and server.poll() is None:
        try:
            if request("GET", "/apis/apiextensions.k8s.io/v1").status == 200:
                return
        except OSError:
            time.sleep(1)
    raise RuntimeError(Path(folder, "kube-apiserver.log").read_text()[-2000:])
