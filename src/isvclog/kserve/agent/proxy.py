"""Requests to the model and answers to the client, as the agent's reverse proxy passes them on.

Source: net/http/httputil.ReverseProxy (Go 1.25) with a Director, behind Knative's handlers (cmd/agent/main.go).
"""

from collections.abc import Mapping

from isvclog.kserve.agent.http_exchange import asks_for_gzip
from isvclog.kserve.golang.http import canonical_header
from isvclog.kserve.golang.httpserver import ServerRequest, has_token
from isvclog.kserve.golang.strings import to_bytes
from isvclog.kserve.golang.textproto import Header, trim

HOP_BY_HOP = frozenset(
    (
        "Connection",
        "Proxy-Connection",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Te",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    )
)
_WRITTEN_FIRST = frozenset(("User-Agent", "Content-Length"))


def model_request(received: ServerRequest, target: str, host: str, client: str) -> bytes:
    """Encode the HTTP/1.1 request that the model gets.

    The values of its header have no white space around them, as Go's server reads them. `target` is the target as the
    client sent it, `host` the client's Host header, `client` its IP address. A body gets a length, chunked or not,
    since the logger has read it to its end.
    """
    header: Mapping[str, list[str]] = received.header
    if not HOP_BY_HOP.isdisjoint(header):
        header = _end_to_end(header)
    lines = [f"{received.method} {_origin_form(target)} HTTP/1.1\r\nHost: {host}\r\n"]
    if agent := received.get("User-Agent"):
        lines.append(f"User-Agent: {agent}\r\n")
    if received.body or "Content-Length" in header or received.method in ("POST", "PUT", "PATCH"):
        lines.append(f"Content-Length: {len(received.body)}\r\n")
    for name in sorted(header):
        if name not in _WRITTEN_FIRST and name != "X-Forwarded-For":
            lines += [f"{name}: {value}\r\n" for value in header[name]]
    hops = ", ".join([*header.get("X-Forwarded-For", ()), client])
    lines.append(f"X-Forwarded-For: {hops}\r\n")
    if asks_for_gzip(received):
        lines.append("Accept-Encoding: gzip\r\n")
    lines.append("\r\n")
    return to_bytes("".join(lines)) + received.body


def _origin_form(target: str) -> str:
    """Cut the scheme and host of an absolute target."""
    if target.startswith("/") or target == "*":
        return target
    return "/" + target.partition("://")[2].partition("/")[2]


def _end_to_end(header: Mapping[str, list[str]]) -> Header:
    """Drop the headers of the connection, but for an upgrade and `Te: trailers`."""
    connection = header.get("Connection", ())
    listed = {canonical_header(trim(name)) for value in connection for name in value.split(",")}
    kept = {name: values for name, values in header.items() if name not in HOP_BY_HOP and name not in listed}
    if has_token(header.get("Te", ()), "trailers"):
        kept["Te"] = ["trailers"]
    if has_token(connection, "Upgrade"):
        kept["Connection"] = ["Upgrade"]
        kept["Upgrade"] = list(header.get("Upgrade", ()))
    return kept
