"""The way to the model: requests go by the protocol of their client, as Knative's NewAutoTransport sends them."""

from typing import TYPE_CHECKING

from isvclog.httpserver import Address
from isvclog.kserve.agent.proxy import model_request
from isvclog.sidecar.model import Answering, ModelPool

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
        incoming = exchange.incoming
        received, pool = incoming.received, self._pool
        if received.http2:
            self._http2_pool().send(exchange, client, pool.name)
        else:
            request = model_request(received, incoming.target, incoming.host, client, incoming.trailers, pool.name)
            pool.send(exchange, request)

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
