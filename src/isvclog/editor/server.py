"""The server on standard input and output: it takes what the client says, and lets an `EditorSession` answer."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException, JsonRpcInternalError
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from isvclog import __version__
from isvclog.editor.documents import OpenDocument
from isvclog.editor.protocol import EditorProtocol
from isvclog.editor.session import EditorSession
from isvclog.editor.settings import read_settings
from isvclog.redact.gate import redaction_for

_Answer = TypeVar("_Answer")


class EditorServer(LanguageServer):
    """A language server for one client. `exit_code` is that of the protocol, once the client has sent `exit`."""

    protocol: EditorProtocol

    def __init__(self) -> None:
        # A client sends whole texts: pygls splits lines at more characters than the protocol, so its copy of a text
        # that has one of them would differ after a change to a part.
        kind = types.TextDocumentSyncKind.Full
        # One thread reads; of several, each would read the next line in turn.
        super().__init__("isvclog", __version__, kind, protocol_cls=EditorProtocol, max_workers=1)
        self.session = EditorSession()
        self.exit_code = 0
        self._worker = ThreadPoolExecutor(1, "isvclog")
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._running: set[str] = set()
        self._repeated: set[str] = set()
        self._published: set[str] = set()
        self._tasks: set[asyncio.Future[Any]] = set()

    def close(self) -> None:
        """Stop what is running, and remove the files of the session."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        self.session.pages.close()

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Tell the client the kind of a mistake of ours; its text may quote a document.

        Mistakes of the client are answered, and messages that are none are left out.
        """
        is_answered = isinstance(error, JsonRpcException) and not isinstance(error, JsonRpcInternalError)
        if is_answered or source is JsonRpcException:
            return
        text = f"isvclog: an internal error ({type(error).__name__}); please report it with the document."
        self.window_show_message(types.ShowMessageParams(types.MessageType.Error, text))

    async def work(self, function: Callable[..., _Answer], *arguments: Any) -> _Answer:
        """Run a function of the session in its thread."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, function, *arguments)

    async def answer(self, uri: str, function: Callable[..., _Answer], *arguments: Any) -> _Answer | None:
        """Answer a request about an open document; None if it is not open, or the answer takes too long.

        The state counts that the document has when its turn comes: a client that types on has no use for older answers.
        """

        def answer_now() -> _Answer | None:
            document = self.session.documents.get(uri)
            return None if document is None else self.session.answer(document, function, *arguments)

        return await self.work(answer_now)

    async def diagnostics(self, document: OpenDocument) -> list[types.Diagnostic]:
        """Find the diagnostics of a document, or say that this takes too long."""
        found = await self.work(self.session.answer, document, self.session.diagnostics)
        # The second time, the document is left out.
        return found if found is not None else await self.work(self.session.diagnostics, document)

    def open(self, item: types.TextDocumentItem) -> None:
        """Take a document, and check it at once."""
        encoding = types.PositionEncodingKind(self.workspace.position_encoding or "utf-16").value
        path = to_fs_path(item.uri)
        if path is not None and "\0" in path:  # no file has such a name
            path = None
        self.session.documents[item.uri] = OpenDocument(item.uri, path, item.text, item.version, encoding)
        self._check_later(item.uri, 0)

    def change(self, uri: str, text: str, version: int | None) -> None:
        """Take the text of a document after a change, and check it after a pause."""
        if document := self.session.documents.get(uri):
            self.session.documents[uri] = document.changed(text, version)
            self._check_later(uri, self.session.settings.delay)

    def forget(self, uri: str) -> None:
        """Forget a document that is closed, and what was reported about it."""
        self.session.close(uri)
        self._repeated.discard(uri)
        if timer := self._timers.pop(uri, None):
            timer.cancel()
        if uri in self._published:
            self._publish(uri, [], None)

    def check_again(self) -> None:
        """Check all documents again, because what counts for them has changed."""
        for uri in self.session.documents:
            self._check_later(uri, 0)
        if get_capability(self.client_capabilities, "workspace.diagnostics.refresh_support"):
            self.start(self.workspace_diagnostic_refresh_async(None))
        if get_capability(self.client_capabilities, "workspace.code_lens.refresh_support"):
            self.start(self.workspace_code_lens_refresh_async(None))

    async def take_settings(self, given: Any) -> None:
        """Take the settings of the editor, and ask for them if the client has not sent any."""
        if not given and get_capability(self.client_capabilities, "workspace.configuration"):
            items = [types.ConfigurationItem(section="isvclog")]
            try:
                given = next(iter(await self.workspace_configuration_async(types.ConfigurationParams(items))), None)
            except (JsonRpcException, TypeError):  # a client that says it has settings, and has none
                given = None
        settings, problems = read_settings(given)
        for problem in problems:
            text = f"isvclog: {redaction_for(False).sentence(problem)}"
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))
        await self.work(self.session.use, settings)

    def start(self, coroutine: Any) -> None:
        """Run a coroutine in the background; a client that refuses what it asks for is no error."""
        task = asyncio.ensure_future(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Future[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    @property
    def _pulls(self) -> bool:
        """True if the client asks for diagnostics: what is published as well would be shown twice."""
        return get_capability(self.client_capabilities, "text_document.diagnostic") is not None

    def _check_later(self, uri: str, delay: float) -> None:
        if self._pulls:
            return
        if timer := self._timers.pop(uri, None):
            timer.cancel()
        self._timers[uri] = asyncio.get_running_loop().call_later(delay, self._check_now, uri)

    def _check_now(self, uri: str) -> None:
        self._timers.pop(uri, None)
        if uri in self._running:
            self._repeated.add(uri)
            return
        self._running.add(uri)
        self.start(self._check(uri))

    async def _check(self, uri: str) -> None:
        try:
            document = self.session.documents.get(uri)
            if document is None:
                return
            found = await self.diagnostics(document)
            is_current = self.session.documents.get(uri) is document
            if is_current and (found or uri in self._published or document.concerns_us):
                self._publish(uri, found, document.version)
        except Exception as error:
            self.report_server_error(error, type(error))
        finally:
            self._running.discard(uri)
            if uri in self._repeated:
                self._repeated.discard(uri)
                self._check_now(uri)

    def _publish(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        (self._published.add if found else self._published.discard)(uri)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))
