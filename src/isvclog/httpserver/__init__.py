"""A small HTTP/1.1 server on `asyncio.Protocol` and httptools, for programs that answer on loopback.

A handler is a plain function: a request whose answer is known at once costs neither a task nor a future. Header bytes
and their order are kept, because how a client writes them is what users of the local sink want to see.
"""

from isvclog.httpserver.address import Address, ServerOrigin, parse_address, parse_origin, parse_server
from isvclog.httpserver.limits import HttpLimits
from isvclog.httpserver.messages import Handler, HttpRequest, HttpResponse, HttpStream
from isvclog.httpserver.server import HttpServer, explain_listen_error
from isvclog.httpserver.stopping import stop_event

__all__ = [
    "Address",
    "Handler",
    "HttpLimits",
    "HttpRequest",
    "HttpResponse",
    "HttpServer",
    "HttpStream",
    "ServerOrigin",
    "explain_listen_error",
    "parse_address",
    "parse_origin",
    "parse_server",
    "stop_event",
]
