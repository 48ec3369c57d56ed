"""An editor for tests: pygls' own client, which talks to `isvclog server` in a process of its own.

`settings` are what the client answers when it is asked, by section.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

TIMEOUT = 30
"""Seconds to wait for an answer on a machine that is busy."""
PUSHED = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        publish_diagnostics=types.PublishDiagnosticsClientCapabilities(related_information=True)
    )
)
PULLED = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(diagnostic=types.DiagnosticClientCapabilities())
)


class Editor:
    """A client with open documents. `published` has what the server published, in order."""

    def __init__(self) -> None:
        self.client = LanguageClient("test", "1")
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.messages: list[str] = []
        self.shown: list[str] = []
        self.refreshed: asyncio.Queue[str] = asyncio.Queue()
        self.settings: dict[str, Any] = {}
        self._versions: dict[str, int] = {}

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def publish(params: types.PublishDiagnosticsParams) -> None:
            self.published.put_nowait(params)

        @self.client.feature(types.WINDOW_SHOW_MESSAGE)
        def show(params: types.ShowMessageParams) -> None:
            self.messages.append(params.message)

        @self.client.feature(types.WINDOW_SHOW_DOCUMENT)
        def show_document(params: types.ShowDocumentParams) -> types.ShowDocumentResult:
            self.shown.append(params.uri)
            return types.ShowDocumentResult(True)

        @self.client.feature(types.WORKSPACE_DIAGNOSTIC_REFRESH)
        def refresh(params: Any) -> None:
            self.refreshed.put_nowait("diagnostics")

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def register(params: types.RegistrationParams) -> None:
            self.messages.extend(f"registers {each.method}" for each in params.registrations)

        @self.client.feature(types.WORKSPACE_CONFIGURATION)
        def configuration(params: types.ConfigurationParams) -> list[Any]:
            return [self.settings.get(each.section or "") for each in params.items]

    @property
    def pid(self) -> int:
        """The process of the server."""
        assert self.client._server is not None
        return self.client._server.pid

    async def start(
        self,
        folder: Path,
        capabilities: types.ClientCapabilities = PUSHED,
        settings: Any = None,
        command: str = "from isvclog.cli.main import run; run()",
    ) -> types.InitializeResult:
        """Start the server in a folder, and greet it."""
        environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
        (folder / "tmp").mkdir(exist_ok=True)
        await self.client.start_io(sys.executable, "-c", command, "server", cwd=folder, env=environment)
        roots = [types.WorkspaceFolder(folder.as_uri(), "root")]
        params = types.InitializeParams(
            capabilities, process_id=os.getpid(), workspace_folders=roots, initialization_options=settings
        )
        result = await self.wait(self.client.initialize_async(params))
        self.client.initialized(types.InitializedParams())
        return result

    async def stop(self) -> None:
        """Say goodbye, and wait for the end of the server."""
        await self.wait(self.client.shutdown_async(None))
        self.client.exit(None)
        assert self.client._server is not None
        await self.wait(self.client._server.wait())
        await self.client.stop()

    async def wait(self, answer: Any) -> Any:
        """Wait for an answer, but not for ever."""
        return await asyncio.wait_for(answer, TIMEOUT)

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file, or a text under its name; return its address."""
        uri = path.as_uri()
        self._versions[uri] = 1
        content = path.read_text(encoding="utf-8") if text is None else text
        item = types.TextDocumentItem(uri, "yaml", 1, content)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, text: str) -> int:
        """Replace the text of a document; return its new version."""
        self._versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
        return self._versions[uri]

    def close(self, uri: str) -> None:
        """Close a document."""
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    async def diagnostics(self, uri: str, version: int | None = None) -> list[types.Diagnostic]:
        """Wait for what is published about a document, in a version if one is given."""
        while True:
            found: types.PublishDiagnosticsParams = await self.wait(self.published.get())
            if found.uri == uri and version in (None, found.version):
                return list(found.diagnostics)


def edit(folder: Path, steps: Callable[[Editor], Coroutine[Any, Any, None]], *arguments: Any, **options: Any) -> Editor:
    """Start a server, take the steps in an editor, and stop it. The server must end by itself."""

    async def run() -> Editor:
        editor = Editor()
        await editor.start(folder, *arguments, **options)
        await steps(editor)
        await editor.stop()
        return editor

    return asyncio.run(run())


def shown(diagnostics: list[types.Diagnostic]) -> list[str]:
    """Write diagnostics as lines: range, severity, rule, message, and related places."""
    lines = []
    for each in diagnostics:
        severity = types.DiagnosticSeverity(each.severity or 1).name.lower()
        lines.append(f"{place(each.range)} {severity} [{each.code}] {each.message}")
        for related in each.related_information or ():
            lines.append(f"  {place(related.location.range)} {related.message}")
    return lines


def place(found: types.Range) -> str:
    """Write a range as the protocol counts it."""
    return f"{found.start.line}:{found.start.character}-{found.end.line}:{found.end.character}"


def applied(text: str, edits: list[types.TextEdit]) -> str:
    """Apply edits to a text as an editor does, in units of UTF-16."""
    encoded = text.encode("utf-16-le")
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-16-le")))

    def offset(position: types.Position) -> int:
        return starts[min(position.line, len(lines))] + 2 * position.character

    for each in sorted(edits, key=lambda edit: offset(edit.range.start), reverse=True):
        start, end = offset(each.range.start), offset(each.range.end)
        encoded = encoded[:start] + each.new_text.encode("utf-16-le") + encoded[end:]
    return encoded.decode("utf-16-le")
