"""The way to the model: requests go by the protocol of their client, as Knative's NewAutoTransport sends them."""

from typing import TYPE_CHECKING

from isvclog.httpserver import Address
from isvclog.kserve.agent.proxy import chunked_body, model_head
from isvclog.sidecar.model import Answering, Message, ModelPool
from isvclog.sidecar.requests import Incoming

if TYPE_CHECKING:
    from isvclog.sidecar.http2.model import Http2Pool


class ModelForwarding:
    """Passes requests on to the model."""

    def __init__(self, model: Address) -> None:
        self._model = model
        self._pool = ModelPool(*model)
        self._http2: Http2Pool | None = None

    def send(self, exchange: Answering, client: str) -> None:
        """Send the request of an exchange."""
        if exchange.incoming.received.http2:
            self._http2_pool().send(exchange, client, self._pool.name)
        else:
            self._pool.send(exchange, self._request(exchange.incoming, client))

    def _request(self, incoming: Incoming, client: str) -> Message:
        """Encode the head and the body of a request."""
        received, target, host, trailers = incoming[:4]
        known = incoming.known
        if known is not None and known.model_head is not None:
            return known.model_head, received.body
        head = model_head(received, target, host, client, trailers, self._pool.name)
        if known is not None:
            known.model_head = head
        return head, received.body if trailers is None else chunked_body(received.body, trailers)

    def _http2_pool(self) -> "Http2Pool":
        if self._http2 is None:
            from isvclog.sidecar.http2.model import Http2Pool

            self._http2 = Http2Pool(*self._model)
        return self._http2

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
        if self._http2 is not None:
            self._http2.close()
