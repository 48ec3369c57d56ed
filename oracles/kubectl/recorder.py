"""Servers on loopback that record what a client of Kubernetes sends: API servers, proxies and an identity provider.

    with Recorder() as recorder:
        ...  # let a client reach recorder.places["TLS"]
    recorder.requests

Every API server answers as one without objects. Every proxy connects to a server of the recorder and to nothing else,
whatever host the client asks for.
"""

import base64
import http.client
import json
import select
import socket
import ssl
import threading
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Record = dict[str, Any]

SECONDS = 20
"""After so long without a byte, a connection is closed."""
RECORDED_HEADERS = ("authorization", "proxy-authorization")
VALID = 4733510400
"""The year 2120, in seconds since the epoch."""


def id_token(subject: str, expiry: int) -> str:
    """Make a token as identity providers do, with a signature that nobody checks."""
    parts = ({"alg": "RS256"}, {"iss": "https://provider.example.test", "sub": subject, "exp": expiry})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJl"])


RENEWED = {
    "id_token": id_token("renewed", VALID),
    "refresh_token": "renewed-refresh-token",
    "access_token": "access-token",
}
"""What the identity provider answers to a refresh token."""
CONFIG_MAPS = {"name": "configmaps", "namespaced": True, "kind": "ConfigMap", "verbs": ["get", "list"]}
DISCOVERY: dict[str, Record] = {
    "/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.0"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [CONFIG_MAPS]},
}
"""What an API server answers to a path that ends like this. Apart from that, lists are empty and no object exists."""


class Recorder:
    """The servers, by name, and what they received since `clear`.

    `places` are URLs: `TLS` asks for a client certificate, `NOCERT` does not, `HTTP` has no TLS; `PROVIDER` is the
    identity provider, and `IMPOSTOR` says the same with a certificate of another authority. `PROXY`, `TLSPROXY` and `SOCKS` are host and port of proxies. A client that sends the proxies'
    names for hosts (`https://api.example.test:PORT`) reaches the server with that port.
    """

    def __init__(self, certificates: Path) -> None:
        self.places: dict[str, str] = {}
        self.requests: list[Record] = []
        self._certificates = certificates
        self._stack = ExitStack()
        self._lock = threading.Lock()
        self._ports: set[int] = set()

    def __enter__(self) -> "Recorder":
        for name, kind, tls, asks in (
            ("TLS", _Api, True, True),
            ("NOCERT", _Api, True, False),
            ("HTTP", _Api, False, False),
            ("PROVIDER", _Provider, True, False),
            ("IMPOSTOR", _Provider, True, False),
            ("PROXY", _Proxy, False, False),
            ("TLSPROXY", _Proxy, True, True),
        ):
            server: ThreadingHTTPServer = _Server(("127.0.0.1", 0), kind)
            if tls:
                server.socket = self._context(name, asks).wrap_socket(
                    server.socket, server_side=True, do_handshake_on_connect=False
                )
            self._start(name, server, scheme="" if kind is _Proxy else "https://" if tls else "http://")
        self._start("SOCKS", _SocksServer(("127.0.0.1", 0), _Socks), scheme="")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def clear(self) -> None:
        """Forget what was received."""
        with self._lock:
            self.requests = []

    def record(self, entry: Record) -> None:
        """Keep an entry, without the values that are empty."""
        with self._lock:
            self.requests.append({key: value for key, value in entry.items() if value})

    def target(self, port: int | None) -> socket.socket:
        """Connect to the server of the recorder with this port. Raises OSError if there is none."""
        if port not in self._ports:
            raise ConnectionRefusedError(port)
        return socket.create_connection(("127.0.0.1", port), SECONDS)

    def _start(self, name: str, server: Any, scheme: str) -> None:
        server.recorder = self
        server.name = name
        port = server.server_address[1]
        self._ports.add(port)
        self.places[name] = f"{scheme}127.0.0.1:{port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        self._stack.callback(thread.join)
        self._stack.callback(server.server_close)
        self._stack.callback(server.shutdown)

    def _context(self, name: str, asks: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate = "impostor" if name == "IMPOSTOR" else "server"
        context.load_cert_chain(self._certificates / f"{certificate}.crt", self._certificates / f"{certificate}.key")
        context.sni_callback = _keep_server_name
        if asks:
            context.verify_mode = ssl.CERT_OPTIONAL
            context.load_verify_locations(self._certificates / "ca.crt")
        return context


def _keep_server_name(connection: Any, name: str | None, _: object) -> None:
    connection.asked_name = name


def tls_facts(connection: Any) -> Record:
    """Return the name that a client asked for with SNI, and the common name of its certificate."""
    if not isinstance(connection, ssl.SSLSocket):
        return {}
    certificate: Any = connection.getpeercert() or {}
    subject = dict(pair for names in certificate.get("subject", ()) for pair in names)
    return {"sni": getattr(connection, "asked_name", None), "certificate": subject.get("commonName")}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing about clients that end the connection."""


class _SocksServer(ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing about clients that end the connection."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SECONDS
    disable_nagle_algorithm = True  # an answer is two writes, and the second one would wait

    @property
    def recorder(self) -> Recorder:
        recorder: Recorder = self.server.recorder  # type: ignore[attr-defined]
        return recorder

    def facts(self) -> Record:
        """Describe the request: where it came in, and everything that identifies who sent it."""
        headers = {name: self.headers.get(name) for name in RECORDED_HEADERS}
        return {
            "to": self.server.name,  # type: ignore[attr-defined]
            "method": self.command,
            "path": self.path,
            **{name: value and decoded(value) for name, value in headers.items()},
            "impersonation": impersonation(self.headers.items()),
            **tls_facts(self.connection),
        }

    def answer(self, document: Record, status: int = 200) -> None:
        """Send a JSON document."""
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *_: Any) -> None:
        """Print nothing."""


class _Api(_Handler):
    def do_GET(self) -> None:
        self.recorder.record(self.facts())
        path = urlsplit(self.path).path.rstrip("/")
        ends = [document for end, document in DISCOVERY.items() if path.endswith(end)]
        if ends:
            self.answer(ends[0])
        elif path.endswith("s"):
            self.answer({"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": []})
        else:
            status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
            self.answer(status, 404)


class _Provider(_Handler):
    def do_GET(self) -> None:
        self.recorder.record(self.facts())
        place = self.recorder.places["PROVIDER"]
        self.answer({"issuer": place, "token_endpoint": f"{place}/token"})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {key: values[0] for key, values in sorted(parse_qs(body).items())}
        self.recorder.record(self.facts() | {"form": form})
        self.answer({**RENEWED, "token_type": "Bearer", "expires_in": 3600})


class _Proxy(_Handler):
    def do_CONNECT(self) -> None:
        self.recorder.record(self.facts())
        self.close_connection = True
        try:
            target = self.recorder.target(urlsplit(f"//{self.path}").port)
        except OSError:
            self.send_error(502)
            return
        self.send_response(200)
        self.end_headers()
        with target:
            relay(self.connection, target)

    def do_GET(self) -> None:
        self.recorder.record(self.facts())
        parts = urlsplit(self.path)
        try:
            self.recorder.target(parts.port).close()
        except OSError:
            self.send_error(502)
            return
        forwarded = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=SECONDS)
        rest = parts._replace(scheme="", netloc="").geturl()
        headers = {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")}
        forwarded.request("GET", rest, headers=headers | {"Connection": "close"})
        answer = forwarded.getresponse()
        data = answer.read()
        forwarded.close()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Socks(StreamRequestHandler):
    """One connection to a SOCKS5 proxy, with or without a user and a password (RFC 1928 and RFC 1929)."""

    timeout = SECONDS

    def handle(self) -> None:
        recorder: Recorder = self.server.recorder  # type: ignore[attr-defined]
        methods = self.rfile.read(self.rfile.read(2)[1])
        credentials = ""
        if 2 in methods:
            self.wfile.write(b"\5\2")
            self.rfile.read(1)
            user, password = (self.rfile.read(self.rfile.read(1)[0]).decode() for _ in range(2))
            credentials = f"{user}:{password}"
            self.wfile.write(b"\1\0")
        else:
            self.wfile.write(b"\5\0")
        kind = self.rfile.read(4)[3]
        host = self.rfile.read(self.rfile.read(1)[0]).decode() if kind == 3 else socket.inet_ntoa(self.rfile.read(4))
        port = int.from_bytes(self.rfile.read(2))
        path = f"{host}:{port}"
        recorder.record({"to": "SOCKS", "method": "CONNECT", "path": path, "proxy-authorization": credentials})
        with recorder.target(port) as target:
            self.wfile.write(b"\5\0\0\1\0\0\0\0\0\0")
            relay(self.connection, target)


def relay(one: socket.socket, other: socket.socket) -> None:
    """Copy what each of two connections sends to the other one, until one of them ends.

    One thread does both, because two threads must not use one TLS connection at the same time.
    """
    others = {one: other, other: one}
    with suppress(OSError):
        while ready := select.select([one, other], [], [], SECONDS)[0]:
            for source in ready:
                data = source.recv(1 << 16)
                while isinstance(source, ssl.SSLSocket) and source.pending():
                    data += source.recv(source.pending())
                if not data:
                    return
                others[source].sendall(data)


def decoded(authorization: str) -> str:
    """Make basic credentials readable: `Basic user:password`."""
    scheme, _, value = authorization.partition(" ")
    if scheme != "Basic":
        return authorization
    return f"Basic {base64.b64decode(value).decode(errors='backslashreplace')}"


def impersonation(headers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Collect the impersonation headers, with lower-case names and sorted values."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        if name.lower().startswith("impersonate-"):
            # Python reads headers as Latin-1.
            text = value.encode("latin-1").decode(errors="backslashreplace")
            found.setdefault(name.lower(), []).append(text)
    return {name: sorted(values) for name, values in sorted(found.items())}
