"""The messages between client and server: what a client may send when, and answers to what cannot be understood.

pygls answers no request whose parameters are wrong, and none after `shutdown`; a client would wait for ever. It keeps a
second copy of each open document, and a future of each notification that it has handled.
"""

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.protocol import LanguageServerProtocol

_OWN = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
"""The notifications that pygls does not handle: this server keeps the documents itself, and ignores notebooks."""
_FEWEST_FUTURES = 64


class EditorProtocol(LanguageServerProtocol):
    """The protocol of the server, which answers each request."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._most_futures = _FEWEST_FUTURES
        for method in _OWN:
            self.fm.builtin_features.pop(method, None)

    @property
    def is_shut_down(self) -> bool:
        """True if the client has announced the end."""
        return self._shutdown

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Convert a message; answer a request whose parameters are wrong, and leave out a notification."""
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "id" in data and "method" not in data:  # an answer: what waits for it goes on
                error = types.ResponseError(types.ErrorCodes.ParseError, "the answer is not one of the protocol")
                return types.ResponseErrorMessage(id=data["id"], error=error)
            if "id" in data:
                self._refuse(data["id"], types.ErrorCodes.InvalidParams, "the parameters are not those of the method")
            return types.SetTraceNotification(types.SetTraceParams(self.trace))  # does nothing

    def handle_message(self, message: Any) -> None:
        """Handle a message, if this is the time for it."""
        self._forget_finished()
        method, message_id = getattr(message, "method", None), getattr(message, "id", None)
        problem = self._untimely(method)
        if problem is None:
            super().handle_message(message)
        elif message_id is not None:
            self._refuse(message_id, *problem)

    def _untimely(self, method: str | None) -> tuple[types.ErrorCodes, str] | None:
        """Return what is wrong about a request or a notification at this time, or None."""
        if method is None or method == types.EXIT:
            return None
        if self._shutdown:
            return types.ErrorCodes.InvalidRequest, "the server is shutting down"
        if (self._workspace is None) != (method == types.INITIALIZE):
            if method == types.INITIALIZE:
                return types.ErrorCodes.InvalidRequest, "the server is initialized already"
            return types.ErrorCodes.ServerNotInitialized, "the server is not initialized"
        return None

    def _refuse(self, message_id: Any, code: types.ErrorCodes, text: str) -> None:
        self._send_response(message_id, error=types.ResponseError(code.value, text))

    def _send_response(
        self, msg_id: str | int, result: Any | None = None, error: types.ResponseError | None = None
    ) -> None:
        """Send a response; an error of ours has only its kind, because its text may quote a document."""
        if error is not None and error.code == JsonRpcInternalError.CODE:
            kind = error.message.partition(":")[0]
            error = types.ResponseError(error.code, f"an internal error ({kind})")
        super()._send_response(msg_id, result, error)

    def _forget_finished(self) -> None:
        """Drop futures that pygls remembers although they are done."""
        waiting: dict[Any, Any] = self._request_futures
        if len(waiting) > self._most_futures:
            for key in [key for key, future in waiting.items() if future.done()]:
                del waiting[key]
            self._most_futures = max(_FEWEST_FUTURES, 2 * len(waiting))
